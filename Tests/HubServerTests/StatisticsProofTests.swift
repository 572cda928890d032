// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Facility
import Foundation
import NIOHTTP1
import Sync
import TestBoard
import Testing

@testable import HubServer

/// 1,000 alarms of a seed, through the hub's real port and intake: the API's and the CSV's figures are
/// those of a plain recount.
struct StatisticsProofTests {
    /// 2026-11-01 00:00 in China.
    private static let beginMs: Int64 = 1_793_462_400_000
    private static let monthMs = 30 * 86_400_000

    private struct Told {
        let event: (EventID, Int64)
        let alarmClass: AlarmClass
        let attendedMs: UInt32?
        let isSpeech: Bool
        let isFolded: Bool
    }

    private static func draw(_ dice: inout SeededGenerator, _ id: EventID) -> (AlarmRecord, Told) {
        let alarmClass = dice.pick([
            AlarmClass.emergency, .emergency, .cellCall, .cellCall, .cellCall, .officerDuress, .trouble,
        ])
        let raisedMs = beginMs + Int64(dice.below(monthMs))
        var record = AlarmRecord(
            id: id, point: AlarmPoint(terminal: id.terminal, name: name("button")), alarmClass: alarmClass,
            cause: alarmClass == .trouble ? .wireCut : .press,
            raised: Moment(uptime: .ms(1), wallMs: raisedMs, uncertaintyMs: 5))
        let isSpeech = alarmClass == .cellCall && dice.chance(20)
        let isFolded = !isSpeech && dice.chance(3)
        var attendedMs: UInt32?
        if alarmClass != .trouble, !isSpeech, !isFolded, dice.chance(95) {
            // Some exactly at the bound, some a millisecond beyond it.
            let at = dice.pick([300_000, 300_001, dice.below(290_000) + 1, dice.below(600_000) + 1])
            attendedMs = UInt32(at)
            record.attended = makeDeed(at, officer: name("P1042"))
        }
        if attendedMs != nil || isSpeech || isFolded {
            let ground: Deed.Ground = isSpeech ? .speech : isFolded ? .folded : .officer
            record.cleared = makeDeed(700_000, officer: name("P1042"), ground: ground)
        }
        record.revision = 2
        let told = Told(
            event: (id, raisedMs), alarmClass: alarmClass, attendedMs: attendedMs, isSpeech: isSpeech,
            isFolded: isFolded)
        return (record, told)
    }

    @Test func figures_areThoseOfARecount_overAThousandAlarms() async throws {
        try await TestHub.run { hub in
            try await hub.account("lead", .supervisor)
            let (browser, first, second) = (
                try TestBrowser(hub), try TestTerminal(hub, "cell-101"), try TestTerminal(hub, "cell-201")
            )
            _ = try await browser.signIn("lead")
            var dice = SeededGenerator(seed: 20_261_122)
            var all: [Told] = []
            for cell in [first, second] {
                for batch in 0..<5 {
                    var events: [SyncEvent] = []
                    for number in 1...100 {
                        let id = makeID(UInt64(batch * 100 + number), terminal: cell.id)
                        let (record, told) = Self.draw(&dice, id)
                        all.append(told)
                        events.append(cell.next(record, .raised))
                    }
                    let answer = try await cell.send(events)
                    #expect(answer.status == 200, "\(answer.body)")
                }
            }
            #expect(all.count == 1_000)
            try await Self.compare(Recount(all.filter { !$0.isFolded }), hub, browser)
            for client in [first, second] { try await client.close() }
            try await browser.close()
        }
    }

    /// By hand: sort, count, divide.
    private struct Recount {
        let (alarms, attended, speech): (Int, Int, Int)
        let (p50, p95): (Int, Int)
        /// Ten-thousandths, rounded down.
        let share: Int

        init(_ told: [Told]) {
            let calls = told.filter { $0.alarmClass != .trouble }
            let times = calls.compactMap(\.attendedMs).map { Int($0) }.sorted()
            alarms = calls.count
            attended = times.count
            speech = calls.filter(\.isSpeech).count
            p50 = times[Int((Double(times.count) * 0.50).rounded(.up)) - 1]
            p95 = times[Int((Double(times.count) * 0.95).rounded(.up)) - 1]
            var within = 0
            for time in times where time <= 300_000 { within += 1 }
            share = within * 10_000 / (alarms - speech)
        }
    }

    private static func compare(_ recount: Recount, _ hub: TestHub, _ browser: TestBrowser) async throws {
        let answer = try await browser.ask(.GET, "/api/statistics?month=2026-11")
        #expect(answer["alarms"] == .int(Int64(recount.alarms)))
        #expect(answer["attended"] == .int(Int64(recount.attended)))
        #expect(answer["settledBySpeech"] == .int(Int64(recount.speech)))
        #expect(answer["p50Ms"] == .int(Int64(recount.p50)))
        #expect(answer["p95Ms"] == .int(Int64(recount.p95)))
        #expect(answer["within300s"] == .number(Double(recount.share) / 10_000))

        let file = try await browser.ask(.GET, "/api/statistics.csv?month=2026-11").body
        let last = file.components(separatedBy: "\r\n").last { !$0.isEmpty }
        let digits = String(recount.share)
        let share = "0." + String(repeating: "0", count: 4 - digits.count) + digits
        #expect(
            last
                == "2026-11,\(recount.alarms),\(recount.attended),\(recount.speech),\(recount.p50),"
                + "\(recount.p95),\(share)")
        let list = try await browser.ask(.GET, "/api/alarms.csv?from=\(beginMs)").body
        #expect(list.components(separatedBy: "\r\n").count == 1 + 1_000 + 1)
        print("statistics: \(recount.alarms) calls, p50 \(recount.p50), p95 \(recount.p95), \(share)")

        // What the page is fed in Tests/ConsolePages/test_figures.py is what this hub said.
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ConsolePages/figures.json")
        if ProcessInfo.processInfo.environment["WATCHPOST_WRITE_FIGURES"] != nil {
            try (answer.body + "\n").write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == answer.body + "\n")
    }
}
