// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct EquipmentCertificateTests {
    let period = beginMs..<beginMs + 1_000_000

    private func row(
        outages: [(Int64, Int64?)] = [], troubles: [DatedAlarm] = [], tests: [Int64] = [],
        nowMs: Int64 = .max
    ) throws -> EquipmentCertificate.Row {
        let certificate = EquipmentCertificate(
            period: period,
            outages: outages.map {
                EquipmentCertificate.Outage(
                    terminal: cell1, fromMs: beginMs + $0.0, toMs: $0.1.map { beginMs + $0 })
            }, troubles: troubles,
            tests: tests.map { EquipmentCertificate.ButtonTest(terminal: cell1, atMs: beginMs + $0) },
            nowMs: nowMs, book: makeBook())
        #expect(certificate.terminals.count == 4)
        return try #require(certificate.terminals.first { $0.terminal == cell1.text })
    }

    @Test func terminal_isAvailable_whenNothingWasWrong() throws {
        let well = try row()
        #expect(well.availability == 1 && well.outages == 0 && well.faults.isEmpty)
        #expect(well.lastButtonTestAt == nil)
    }

    @Test func outages_countWithinThePeriod_andOverlapsOnce() throws {
        let ill = try row(outages: [(-500_000, 100_000), (50_000, 150_000), (900_000, nil)])
        #expect(ill.outages == 2 && ill.outageMs == 250_000 && ill.longestOutageMs == 150_000)
        #expect(ill.availability == 0.75)
    }

    @Test func troubleOfTheAlarmPath_makesUnavailable_othersDoNot() throws {
        let cut = makeAlarm(1, .trouble, cause: .wireCut, raisedAtMs: beginMs + 100_000) {
            $0.cleared = makeDeed(100_000, ground: .automatic)
        }
        let tamper = makeAlarm(2, .trouble, cause: .tamper, raisedAtMs: beginMs + 500_000)
        let crash = makeAlarm(3, .trouble, cause: .crashLoop, raisedAtMs: beginMs + 500_000)
        let ill = try row(outages: [(150_000, 250_000)], troubles: [cut, tamper, crash])
        #expect(ill.unavailableMs == 150_000 && ill.availability == 0.85 && ill.outageMs == 100_000)
        #expect(ill.faults.map(\.cause) == ["wireCut", "tamper", "crashLoop"])
        #expect(ill.faults.map(\.ms) == [100_000, 500_000, 0] && ill.faults.map(\.count) == [1, 1, 1])
    }

    @Test func runningPeriod_countsUntilNow_andNoFurther() throws {
        let ill = try row(outages: [(400_000, nil)], nowMs: beginMs + 500_000)
        #expect(ill.outageMs == 100_000 && ill.availability == 0.8)
        #expect(try row(nowMs: beginMs - 1).availability == nil)
    }

    @Test func availability_isNotOne_whenAMillisecondIsMissing() throws {
        #expect(try row(outages: [(0, 1)]).availability == 0.9999)
    }

    @Test func buttonTests_countInThePeriod_andTheLastIsNamed() throws {
        let tested = try row(tests: [-1, 5, 99, 1_000_000])
        #expect(tested.buttonTests == 2 && tested.lastButtonTestAt == beginMs + 99)
    }

    /// Against a count of every single millisecond.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func unavailability_equalsACount_ofEveryMoment(
        seed: UInt64
    ) throws {
        var dice = SeededGenerator(seed: seed)
        var down = [Bool](repeating: false, count: 1_000_000)
        var outages: [(Int64, Int64?)] = []
        for _ in 0..<30 {
            let from = dice.below(1_100_000) - 50_000
            let to = from + dice.below(40_000)
            outages.append((Int64(from), Int64(to)))
            for ms in max(0, from)..<max(0, min(to, 1_000_000), from) where ms < 1_000_000 { down[ms] = true }
        }
        let missing = down.count { $0 }
        let ill = try row(outages: outages)
        #expect(ill.outageMs == Int64(missing))
        #expect(ill.availability == Double((1_000_000 - missing) / 100) / 10_000)
    }

    @Test func table_hasALine_perTerminal() throws {
        let certificate = EquipmentCertificate(
            period: period, outages: [], troubles: [], tests: [], nowMs: .max, book: makeBook())
        let lines = certificate.csv(time: .china).split(separator: "\r\n")
        #expect(lines.count == 5)
        #expect(lines.last == "cell-1003,室 cell-1003,ward-1,1.0000,0,0,0,0,,0,")
    }
}
