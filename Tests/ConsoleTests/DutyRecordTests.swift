// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct DutyRecordTests {
    let span = beginMs - 86_400_000..<beginMs + 7 * 86_400_000

    private func record(_ alarms: [DatedAlarm], only: OfficerID? = nil) -> DutyRecord {
        DutyRecord(of: alarms, span: span, only: only, time: .china, book: makeBook())
    }

    /// Raised at 23:59:50; acknowledged on the day, attended on the next.
    private func acrossMidnight(_ sequence: UInt64) -> DatedAlarm {
        makeAlarm(sequence, raisedAtMs: beginMs + 16 * 3_600_000 - 10_000) {
            $0.acknowledged = makeDeed(9_999, officer: .named("P1042"))
            $0.attended = makeDeed(10_000, officer: .named("P2"), ground: .declared)
            $0.cleared = makeDeed(90_000, officer: .named("P2"))
        }
    }

    @Test func deeds_countOnTheirOwnDay_underTheirOwnOfficer() {
        let duty = record([acrossMidnight(1)])
        #expect(duty.officers.map(\.officer) == ["P1042", "P2"])
        #expect(duty.officers[0].days.map(\.day) == ["2026-11-22"])
        #expect(duty.officers[1].days.map(\.day) == ["2026-11-23"])
        let second = duty.officers[1].month
        #expect((second.acknowledged, second.attended, second.cleared) == (0, 1, 1))
        #expect(second.medianAttendMs == 10_000 && second.medianAcknowledgeMs == nil)
        #expect(
            duty.csv.split(separator: "\r\n").dropFirst() == [
                "P1042,王,2026-11-22,1,0,0,9999,", "P1042,王,合计 total,1,0,0,9999,",
                "P2,李,2026-11-23,0,1,1,,10000", "P2,李,合计 total,0,1,1,,10000",
            ])
    }

    @Test func keysAndTroublesAndTests_countForNobody() {
        let key = makeAlarm(1) { $0.acknowledged = makeDeed(5, ground: .line) }
        let trouble = makeAlarm(2, .trouble) { $0.acknowledged = makeDeed(5, officer: .named("P2")) }
        var test = makeAlarm(3) { $0.acknowledged = makeDeed(5, officer: .named("P2")) }
        test.isTest = true
        #expect(record([key, trouble, test]).officers.isEmpty)
    }

    @Test func deedsOutsideTheSpan_countNot_thoughRaisedInIt() {
        let late = makeAlarm(1, raisedAtMs: span.upperBound - 1) {
            $0.acknowledged = makeDeed(1, officer: .named("P2"))
        }
        #expect(record([late]).officers.isEmpty)
    }

    @Test func figures_equalARecount_forAThousandAlarms() throws {
        var dice = SeededGenerator(seed: 11)
        var expected: [String: [Int]] = [:]
        var alarms: [DatedAlarm] = []
        for number in 0..<1_000 {
            let officer = dice.pick(["P1", "P2", "P3"])
            let (day, afterMs) = (dice.below(5), dice.below(200_000))
            expected["\(officer) \(22 + day)", default: []].append(afterMs)
            // Early enough in its day that the deed is on it, too.
            let raisedAt = beginMs + Int64(day) * 86_400_000 + Int64(dice.below(3_600_000))
            alarms.append(
                makeAlarm(UInt64(number), raisedAtMs: raisedAt) {
                    $0.attended = makeDeed(afterMs, officer: .named(officer))
                })
        }
        let duty = record(alarms)
        var seen = 0
        for officer in duty.officers {
            for day in officer.days {
                let times = try #require(expected["\(officer.officer) \(day.day.suffix(2))"]).sorted()
                #expect(day.attended == times.count && day.medianAttendMs == times[(times.count - 1) / 2])
                seen += times.count
            }
            #expect(officer.month.attended == officer.days.reduce(0) { $0 + $1.attended })
        }
        #expect(seen == 1_000)
        #expect(record(alarms, only: .named("P3")).officers.map(\.officer) == ["P3"])
    }
}
