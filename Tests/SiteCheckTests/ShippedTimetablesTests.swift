// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Paging
import SiteCheck
import Testing

/// The timetables of `board-configs`, each followed through a year with its leap day.
struct ShippedTimetablesTests {
    static let names = ["detention-house", "lockup", "rehabilitation", "county-jail"]

    private func plan(_ name: String) throws -> TimetablePlan {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let checked = checkTimetable(
            path: root.appendingPathComponent("board-configs/timetable-\(name).yaml").path)
        #expect(checked.findings.isEmpty, "\(checked.findings.rendered([.english]))")
        return try #require(checked.value)
    }

    @Test(arguments: names)
    func year_soundsExactlyAsPreviewed_inEachShippedTimetable(name: String) throws {
        let plan = try plan(name)
        let zone = try #require(ZoneID("ward-1"))
        let first = try #require(CivilDay(2028, 1, 1))
        let preview = TimetablePreview(plan, zone: zone).lines(first, days: 366).compactMap { line in
            if case .unit(_, let unit) = line { unit } else { Occurrence?.none }
        }
        var wallMs = (first.localStart - Int64(plan.offsets.offset(at: first.localStart)) - 60) * 1_000
        let end = wallMs + 366 * 86_400_000
        var uptime = Uptime(nanoseconds: 1_000_000_000)
        var machine = TimetableMachine(Timetable(plan), zone: zone)
        var played: [Occurrence] = []
        var left: [OccurrenceID] = []
        var ended = 0
        while wallMs < end {
            let now = Moment(uptime: uptime, wallMs: wallMs, uncertaintyMs: 10)
            for effect in machine.tick(now) {
                switch effect {
                case .play(let unit, let offset): if offset == 0 { played.append(unit) }
                case .record(let id, .skipped(.timeChange)): left.append(id)
                case .record(_, .played): ended += 1
                case .record(let id, .cut), .record(let id, .skipped): Issue.record("\(id): \(effect)")
                case .record, .stop, .clockKnown: break
                case .skippedSpan: Issue.record("\(effect)")
                }
            }
            let rest = max(1, machine.restMs(now))
            wallMs += Int64(rest)
            uptime = uptime.advanced(ms: rest)
        }
        let planned = preview.filter { $0.start * 1_000 < end }
        #expect(played == planned.filter { !$0.isLeftOut } && left == planned.filter(\.isLeftOut).map(\.id))
        #expect(ended >= played.count - 1 && planned.count > 366 * 12)
        #expect(planned.contains { $0.id.day.description == "2028-02-29" })
    }

    @Test(arguments: names)
    func plan_comesBack_throughBytesAndYAML(name: String) throws {
        let plan = try plan(name)
        #expect(try PlanBytes.decode(PlanBytes.encode(plan), at: name) == plan)
        #expect(checkTimetable(TimetableText.yaml(plan), file: "again.yaml").value == plan)
    }

    @Test(arguments: names)
    func calendar_saysTheSameDays_whenReadAgain(name: String) throws {
        let plan = try plan(name)
        let start = try #require(CivilDay(2026, 11, 22))
        let read = CalendarImport.read(CalendarExport.text(plan, from: start), file: "x.ics")
        let again = try #require(read.value, "\(read.findings.rendered([.english]))")
        let zone = try #require(ZoneID("medical"))
        let (from, to) = (start.localStart + 86_400, start.localStart + 366 * 86_400)
        #expect(
            Timetable(again).occurrences(zone, from: from, to: to)
                == Timetable(plan).occurrences(zone, from: from, to: to))
    }
}
