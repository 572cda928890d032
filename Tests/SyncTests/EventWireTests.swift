// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import TestBoard
import Testing

@testable import Sync

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

/// A batch goes to the wire and comes back the same; anything else is refused with its place.
struct EventWireTests {
    private func refusal(_ text: String) -> SyncRefusal? {
        do throws(SyncRefusal) {
            _ = try EventWire.decode(Array(text.utf8))
            return nil
        } catch { return error }
    }

    private func sample(_ change: (String) -> String = { $0 }) -> String {
        change(String(decoding: EventWire.encode(makeEntries(1).map { makeEvent($0) }), as: UTF8.self))
    }

    @Test func batch_comesBack_whateverItHolds() throws {
        var dice = Chance(seed: 3)
        for _ in 0..<200 {
            let events = makeEntries(dice.below(8), using: &dice).map {
                makeEvent($0, boot: dice.chance(80) ? .one : nil)
            }
            let body = EventWire.encode(events)
            let batch = try EventWire.decode(body)
            #expect(batch.events == events)
            #expect(batch.terminal == (events.isEmpty ? nil : .bench))
            #expect(EventWire.encode(batch.events) == body)
        }
    }

    @Test func event_looksLikeThePage_whenEncoded() {
        let text = sample()
        #expect(
            text.hasPrefix(#"[{"specversion":"1.0","id":"cell-101/alarm/1","source":"/terminals/cell-101","#))
        #expect(text.contains(#""type":"watchpost.alarm.1","time":"2026-11-22T07:09:53.123Z""#))
        #expect(text.contains(#""wprun":"0000000000000007","wprunsequence":"1","wpuptime":"1000000000""#))
        #expect(text.contains(#""wpwall":"1795331393123","wpuncertainty":"12","wpboot":"0000"#))
        #expect(text.contains(#""wpstanding":true,"wpsubject":"YQ==","wpprevious":""#))
        #expect(text.hasSuffix(#""datacontenttype":"application/octet-stream","data_base64":"AQID"}]"#))
    }

    @Test func page_isTrue_whereItShowsABatch() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Sync/SYNC.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: "    [{\"specversion\""))
        let end = try #require(text.range(of: "}]", range: start.lowerBound..<text.endIndex))
        let example = String(text[start.lowerBound..<end.upperBound])
        #expect(try EventWire.decode(Array(example.utf8)).events == makeEntries(1).map { makeEvent($0) })
        for attribute in EventWire.Attribute.allCases { #expect(text.contains("`\(attribute.name)`")) }
        for reason in SyncObjection.Reason.allCases where reason != .unknown {
            #expect(text.contains("| `\(reason)` |"))
        }
    }

    @Test func time_isAbsent_whenTheClockIsUnknown() throws {
        let at = Moment(uptime: .zero, wallMs: 5, uncertaintyMs: Limits.wallUnknownMs)
        let event = makeEvent(makeEntries(1, at: at)[0])
        let text = String(decoding: EventWire.encode([event]), as: UTF8.self)
        #expect(!text.contains("\"time\"") && !text.contains("wpuncertainty"))
        #expect(try EventWire.decode(Array(text.utf8)).events == [event])
    }

    @Test func order_andSpace_andUnknown_areFree() throws {
        let text = sample {
            $0.replacing(
                #"{"specversion":"1.0","#, with: "{ \"foo\" : [1, {\"A b\\u00e9\\n\" : -0.5e+7}] ,\n"
            )
            .replacing("}]", with: ",\t\"specversion\" : \"1.0\" } ] \r\n")
            .replacing("/terminals/cell-101", with: #"\/terminals\/cell\u002d101"#)
        }
        #expect(try EventWire.decode(Array(text.utf8)).events == makeEntries(1).map { makeEvent($0) })
    }

    @Test(
        arguments: [
            ("", .ended), ("[", .ended), ("{}", .unexpected), ("[]]", .trailing), ("[{}]", .missing),
            ("[[", .unexpected), ("[null]", .unexpected), ("[{\"a\":1,}]", .unexpected),
            (#"[{"a":[[[1]]]}]"#, .tooDeep), (#"[{"a":"\ud800"}]"#, .badText),
            (#"[{"a":"\udc00\ud800"}]"#, .badText),
            (#"[{"a":"\ud800\u0041"}]"#, .badText), (#"[{"a":"\x"}]"#, .badText),
            ("[{\"a\":\"\n\"}]", .badText),
            (#"[{"a":01}]"#, .unexpected), (#"[{"a":+1}]"#, .badNumber), (#"[{"a":1.}]"#, .badNumber),
            (#"[{"a":nul}]"#, .unexpected), (#"[{"\u0069d":"1"}]"#, .badName), (#"[{"A":1}]"#, .badName),
            (#"[{"id":"1","id":"1"}]"#, .doubled), (#"[{"id":1}]"#, .unexpected),
            (#"[{"specversion":"1.1"}]"#, .badValue), (#"[{"wpstanding":"true"}]"#, .unexpected),
        ] as [(String, SyncRefusal.Reason)])
    func text_isRefused_whenItIsNoBatch(text: String, reason: SyncRefusal.Reason) {
        #expect(refusal(text)?.reason == reason, "\(String(describing: refusal(text)))")
    }

    @Test(arguments: [
        (#""wpsequence":"1""#, #""wpsequence":"01""#), (#""wpsequence":"1""#, #""wpsequence":"0""#),
        (#""wpsequence":"1""#, #""wpsequence":"1099511627776""#),
        (#""wpsequence":"1""#, #""wpsequence":"2""#),
        (#""wpsequence":"1""#, #""wpsequence":"18446744073709551616""#),
        (#""wpsequence":"1""#, #""wpsequence":1"#),
        ("AQID", "AQI"), ("AQID", "AQ=D"), ("AQID", "AQJ="), ("AQID", "A==="), ("AQID", "===="),
        ("AQID", "AQ-_"),
        ("cell-101/alarm/1", "cell-101/alarm1/"), ("cell-101/alarm/1", "cell-102/alarm/1"),
        ("/terminals/cell-101", "/terminals/"), ("/terminals/cell-101", "/terminals/cell 101"),
        ("watchpost.alarm.1", "watchpost.alarms.1"), ("watchpost.alarm.1", "watchpost.alarm.65536"),
        ("watchpost.alarm.1", "watchpost.call.1"), ("53.123Z", "54.123Z"),
        (#""wpuncertainty":"12""#, #""a":1"#),
        (#""wpuncertainty":"12""#, #""wpuncertainty":"4294967295""#), ("\"YQ==\"", "\"\""),
        (#""wprun":"0000000000000007""#, #""wprun":"000000000000000A""#),
        (#""wprun":"0000000000000007""#, #""wprun":"7""#), ("octet-stream", "json"),
    ])
    func event_isRefused_whenAValueIsWrong(good: String, bad: String) {
        let text = sample()
        #expect(text.contains(good))
        #expect(refusal(text.replacing(good, with: bad)) != nil)
    }

    @Test func bodies_areRefused_whenTheyAreTooMuch() {
        #expect(refusal(String(repeating: " ", count: Limits.syncBodyMaxBytes + 1))?.isTooLarge == true)
        let names = (0...Limits.syncNamesMaxCount).map { "\"a\($0)\":0" }.joined(separator: ",")
        #expect(refusal("[{\(names)}]")?.reason == .tooManyNames)
        #expect(refusal(String(repeating: "[", count: 1_000_000))?.reason == .unexpected)
        #expect(refusal("[{\"a\":" + String(repeating: "[", count: 1_000_000))?.reason == .tooDeep)
    }

    @Test func batch_isRefused_whenItIsOfTwoTerminals() {
        let two =
            makeEntries(1).map { makeEvent($0) } + makeEntries(1, terminal: .other).map { makeEvent($0) }
        #expect(refusal(String(decoding: EventWire.encode(two), as: UTF8.self))?.reason == .otherTerminal)
    }

    /// Every byte may be wrong, missing or double: a refusal or events, never a trap.
    @Test func decoder_neverTraps_whenBytesAreMutated() {
        var dice = Chance(seed: 11)
        let body = EventWire.encode(makeEntries(2).map { makeEvent($0) })
        var accepted = 0
        for _ in 0..<(isLong ? 100_000 : 5_000) {
            var bytes = body
            for _ in 0...dice.below(3) { bytes.mutate(using: &dice) }
            do throws(SyncRefusal) {
                let batch = try EventWire.decode(bytes)
                accepted += 1
                let again = EventWire.encode(batch.events)
                #expect((try? EventWire.decode(again)) == batch)
            } catch { #expect(error.offset >= 0 && error.offset <= bytes.count) }
        }
        #expect(accepted > 0, "some mutations only touch a payload")
    }
}
