// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestBoard
import Testing

@testable import Sync

struct JSONReaderTests {
    private func text(_ json: String) -> String? {
        var reader = JSONReader(Array(json.utf8))
        return (try? reader.text()).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func text_isUnescaped_whateverStandsInIt() {
        #expect(
            text(#""plain and quite a bit longer than one word""#)
                == "plain and quite a bit longer than one word")
        #expect(text(#""\"\\\/\b\f\n\r\t\u0041\u00E9\ud83d\ude00é😀""#) == "\"\\/\u{8}\u{c}\n\r\tAé😀é😀")
        #expect(text("\"\"") == "")
    }

    /// The quick way over eight characters at once ends at each character that means something, wherever.
    @Test func text_ends_whereverTheMarkStands() {
        for length in 0..<40 {
            let plain = String(repeating: "x", count: length)
            #expect(text("\"\(plain)\"tail of the whole body") == plain)
            #expect(text("\"\(plain)\\n\"") == plain + "\n")
            #expect(text("\"\(plain)é\"") == plain + "é")
            #expect(text("\"\(plain)\u{1f}xxxxxxxxxxxx\"") == nil)
            #expect(text("\"\(plain)") == nil)
        }
    }

    @Test func text_isRefused_whenItIsNoUTF8() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0x80]] {
            var reader = JSONReader([0x22] + bytes + [0x22])
            #expect(throws: SyncRefusal.self) { try reader.text() }
        }
    }

    /// What it passes over is JSON to a library too, and the other way about.
    @Test func value_isPassedOver_whenALibraryReadsItToo() {
        let pieces = [
            "1", "-0.5e+3", "01", "1.", ".5", "-", "true", "nul", "\"a\"", "\"\\u12\"", "[", "]", "{", "}",
            ",", ":", " ",
        ]
        var dice = Chance(seed: 12)
        for _ in 0..<4_000 {
            let json = (0...dice.below(5)).map { _ in dice.pick(pieces) }.joined()
            var reader = JSONReader(Array(json.utf8))
            let isRead: Bool
            do throws(SyncRefusal) {
                try reader.skipValue()
                try reader.end()
                isRead = true
            } catch {
                if error.reason == .tooDeep { continue }
                isRead = false
            }
            let known = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
            #expect(isRead == (known != nil), "\(json)")
        }
    }
}
