// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct FloodViewTests {
    /// A13: 500 alarms in 60 s.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func flood_isFifteenLines_withEmergenciesOnTopAndNothingLost(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let zones = [1, 3, 20][Int(seed % 3)]
        var wall = LiveWall(book: makeBook(zones: zones, cells: 25), version: 1)
        let urgentPercent = [1, 10, 100][dice.below(3)]
        let causes = AlarmCause.allCases.filter { $0 != .press }
        for number in 0..<500 {
            let terminal = TerminalID.named("cell-\((1 + dice.below(zones)) * 1_000 + 1 + dice.below(25))")
            let alarmClass: AlarmClass =
                dice.chance(urgentPercent)
                ? dice.pick([.emergency, .officerDuress]) : dice.pick([.cellCall, .trouble])
            let cause = alarmClass == .trouble ? dice.pick(causes) : .press
            _ = wall.alarm(
                makeAlarm(UInt64(number), alarmClass, at: terminal, cause: cause), ageMs: 0,
                isHistory: false, now: at(number * 120))
        }
        let flood = wall.flood(now: at(60_000))
        #expect(flood.lines.count <= Limits.floodLinesMaxCount)
        #expect(flood.lines.reduce(0) { $0 + $1.count } == 500)
        #expect(flood.isFlood && flood.rate10min == 500)
        let order = ["officerDuress", "emergency", "cellCall", "trouble"]
        let classes = flood.lines.compactMap { order.firstIndex(of: $0.alarmClass) }
        #expect(classes == classes.sorted(), "higher classes first")
        #expect(flood.lines.allSatisfy { $0.alarms.count == min($0.count, Limits.floodNamedCount) })
        let open = wall.view(now: at(60_000)).alarms
        for alarmClass in order {
            let counted = flood.lines.filter { $0.alarmClass == alarmClass }.reduce(0) { $0 + $1.count }
            #expect(counted == open.count { $0.alarmClass == alarmClass })
        }
    }

    private func flood(_ alarms: [DatedAlarm], shelved: AlarmClass? = nil) -> FloodView {
        FloodView(
            alarms.map {
                FloodAlarm(
                    record: $0.record, raisedAtMs: $0.raisedAtMs, ageMs: Int(beginMs - $0.raisedAtMs),
                    zone: makeBook(zones: 20).zone($0.record.point.terminal),
                    shelvedUntilMs: $0.record.alarmClass == shelved ? 9 : nil)
            }, rate: FloodRate(), book: makeBook(zones: 20))
    }

    @Test func emergencies_standAlone_whileThereIsRoom() {
        let calls = (100..<160).map { makeAlarm($0, .cellCall) }
        let few = flood(calls + (1...14).map { makeAlarm($0) })
        #expect(few.lines.map(\.count) == Array(repeating: 1, count: 14) + [60])
        #expect(few.lines[0].en == "Emergency: 室 cell-1001" && few.lines[14].zh == "报告呼叫：ward-1 ×60")
        #expect(few.lines[14].key == "cellCall/press/ward-1")
        let many = flood(calls + (1...15).map { makeAlarm($0) })
        #expect(many.lines.map(\.key) == ["emergency/press/ward-1", "cellCall/press/ward-1"])
        #expect(many.lines[0].count == 15)
    }

    @Test func emergencies_areGroupedByClass_whenEvenTheirZonesAreTooMany() {
        let alarms = (1...20).map { makeAlarm(UInt64($0), at: .named("cell-\($0 * 1_000 + 1)")) }
        let lines = flood(alarms).lines
        #expect(lines.map(\.count) == [20] && lines[0].alarmClass == "emergency")
    }

    @Test func shelved_standsLast_onALineOfItsOwn() {
        let lines = flood([makeAlarm(1, .cellCall), makeAlarm(2, .trouble)], shelved: .cellCall).lines
        #expect(lines.map(\.alarmClass) == ["trouble", "cellCall"])
        #expect(lines.map(\.shelvedUntil) == [nil, 9])
    }

    @Test func line_namesTheOldestFirst_andItsTime() {
        let lines = flood([
            makeAlarm(1, .cellCall), makeAlarm(2, .cellCall, raisedAtMs: beginMs - 5_000),
        ]).lines
        #expect(lines.map(\.oldestAt) == [beginMs - 5_000])
        #expect(lines[0].alarms.map(\.last) == ["2", "1"])
    }
}
