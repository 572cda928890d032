// SPDX-License-Identifier: Apache-2.0
import Facility
package import Paging

/// A timetable as the YAML that people write; read again it is the same. Pure.
package enum TimetableText {
    package static func yaml(_ plan: TimetablePlan) -> String {
        var lines = [
            "timetable: " + quoted(plan.name), "time-zone: " + plan.offsets.name,
        ]
        if let from = plan.from { lines.append("from: \(from)") }
        if let until = plan.until { lines.append("until: \(until)") }
        let own = plan.dayTypes.filter { DayTypes.titles[$0.key] != $0.value }.sorted { $0.key < $1.key }
        if !own.isEmpty { lines.append("day-types:") }
        for (id, title) in own { lines.append("  \(id): " + quoted(title)) }
        if plan.week != DayTypes.week {
            lines.append("week:")
            for day in Weekday.allCases { lines.append("  \(day.word): \(plan.week[Int(day.rawValue)])") }
        }
        if let night = plan.night {
            lines.append("night: {from: \(night.from), until: \(night.until), cap: \(night.capDb)}")
        }
        if !plan.dates.isEmpty { lines.append("dates:") }
        for (day, type) in plan.dates.sorted(by: { $0.key < $1.key }) { lines.append("  \(day): \(type)") }
        lines.append(plan.routines.isEmpty ? "routines: []" : "routines:")
        var place = plan.routines.startIndex
        while place < plan.routines.endIndex {
            // Times that differ in nothing else stand in one list.
            var same = plan.routines[place]
            var times: [ClockTime] = []
            while place < plan.routines.endIndex {
                var next = plan.routines[place]
                next.at = same.at
                guard next == same else { break }
                times.append(plan.routines[place].at)
                place += 1
            }
            same.at = times[0]
            lines += routine(same, times)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func routine(_ routine: Routine, _ times: [ClockTime]) -> [String] {
        var lines = ["  - id: \(routine.id)", "    title: " + quoted(routine.title)]
        let at = times.map(\.description).joined(separator: ", ")
        lines.append(times.count == 1 ? "    at: \(at)" : "    at: [\(at)]")
        let days = routine.days
        let isAll = days.weekdays.count == 7
        let names =
            (isAll ? ["all"] : Weekday.allCases.filter(days.weekdays.contains).map(\.word))
            + days.types.sorted().map(\.text)
        if !names.isEmpty { lines.append("    days: [\(names.joined(separator: ", "))]") }
        for (key, set) in [("on", days.on), ("except", days.except)] where !set.isEmpty || key == "on" {
            // Without days of any kind it would be for every day.
            if set.isEmpty, !(names.isEmpty && key == "on") { continue }
            lines.append("    \(key): [\(set.sorted().map(\.description).joined(separator: ", "))]")
        }
        if let from = days.from { lines.append("    from: \(from)") }
        if let until = days.until { lines.append("    until: \(until)") }
        if !routine.zones.isEmpty {
            lines.append("    zones: [\(routine.zones.sorted().map(\.text).joined(separator: ", "))]")
        }
        lines += ["    unit: " + quoted(routine.unit), "    lasts: \(routine.lasts)s"]
        if let word = RoutineReader.ranks.first(where: { $0.1 == routine.rank })?.0, routine.rank != .routine
        {
            lines.append("    priority: " + word)
        }
        if routine.late != 60 { lines.append("    late: \(routine.late)s") }
        if let ends = routine.ends { lines.append("    ends: \(ends)") }
        if let word = RoutineReader.resumes.first(where: { $0.1 == routine.resume })?.0,
            routine.resume != .onward
        {
            lines.append("    resume: " + word)
        }
        if let word = RoutineReader.changes.first(where: { $0.1 == routine.change })?.0,
            routine.change != .shift
        {
            lines.append("    time-change: " + word)
        }
        return lines
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
