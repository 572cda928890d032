// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Paging

/// A timetable as iCalendar, from one day on: one VEVENT for each time of each routine. Kinds of day become
/// weekdays with the days that differ named one by one. Pure; the same question gives the same text.
package struct CalendarExport {
    let plan: TimetablePlan
    let start: CivilDay
    static let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    package static func text(_ plan: TimetablePlan, from start: CivilDay) -> String {
        let export = CalendarExport(plan: plan, start: max(start, plan.from ?? start))
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Watchpost//Timetable//EN",
            "X-WR-CALNAME:" + CalendarText.escaped(plan.name),
        ]
        lines += export.zone()
        for routine in plan.routines { lines += export.event(routine) }
        return (lines + ["END:VCALENDAR"]).map(CalendarText.folded).joined()
    }

    // MARK: The zone

    /// VTIMEZONE: a component for each pair of offsets, with all days on which it begins, up to 2037.
    private func zone() -> [String] {
        let offsets = plan.offsets
        let begin = start.localStart - 86_400
        let end = CivilDay(2038, 1, 1)?.localStart ?? .max
        var inForce = offsets.offset(at: begin)
        let name = inForce
        var order: [[Int32]] = []
        var onsets: [[Int32]: [Int64]] = [:]
        for change in offsets.transitions where change.at > begin && change.at < end {
            let pair = [inForce, change.offset]
            if onsets[pair] == nil { order.append(pair) }
            onsets[pair, default: []].append(change.at + Int64(inForce))
            inForce = change.offset
        }
        var lines = ["BEGIN:VTIMEZONE", "TZID:" + offsets.name]
        lines += onset([name, name], [begin + Int64(name)])
        for pair in order { lines += onset(pair, onsets[pair] ?? []) }
        return lines + ["END:VTIMEZONE"]
    }

    private func onset(_ pair: [Int32], _ locals: [Int64]) -> [String] {
        let kind = pair[1] > pair[0] ? "DAYLIGHT" : "STANDARD"
        let stamps = locals.map { local in
            let day = CivilDay(ofLocal: local)
            let time = ClockTime(seconds: Int32(local - day.localStart))
            return time.map { CalendarText.stamp(day, $0) } ?? ""
        }
        var lines = ["BEGIN:\(kind)", "DTSTART:\(stamps[0])"]
        if stamps.count > 1 { lines.append("RDATE:" + stamps.dropFirst().joined(separator: ",")) }
        lines += ["TZOFFSETFROM:" + sign(pair[0]), "TZOFFSETTO:" + sign(pair[1]), "END:\(kind)"]
        return lines
    }

    private func sign(_ seconds: Int32) -> String {
        let all = Int(abs(seconds))
        let text = Digits.padded(all / 3_600, 2) + Digits.padded(all / 60 % 60, 2)
        let odd = all % 60 == 0 ? "" : Digits.padded(all % 60, 2)
        return (seconds < 0 ? "-" : "+") + text + odd
    }

    // MARK: A routine

    /// The days of a routine as RFC 5545 can say them.
    private struct Days {
        var weekdays: Set<Weekday> = []
        var first: CivilDay?
        var until: CivilDay?
        var extra: Set<CivilDay> = []
        var not: Set<CivilDay> = []
    }

    private func days(_ routine: Routine) -> Days {
        let rule = routine.days
        var days = Days()
        days.weekdays = Set(
            Weekday.allCases.filter {
                rule.weekdays.contains($0) || rule.types.contains(plan.week[Int($0.rawValue)])
            })
        let from = max(start, rule.from ?? start)
        days.until = [plan.until, rule.until].compactMap { $0 }.min()
        func isInRule(_ day: CivilDay) -> Bool {
            day >= from && days.until.map { day <= $0 } ?? true && days.weekdays.contains(day.weekday)
        }
        for day in Set(plan.dates.keys).union(rule.on).union(rule.except) where day >= start {
            let holds = plan.isInForce(on: day) && rule.hold(day, plan.type(of: day))
            if holds, !isInRule(day) { days.extra.insert(day) }
            if !holds, isInRule(day) { days.not.insert(day) }
        }
        var day = from
        // Each day that is left out can put the first off by a week at most.
        for _ in 0..<(7 * (days.not.count + 1)) where days.first == nil && !days.weekdays.isEmpty {
            if isInRule(day), !days.not.contains(day) { days.first = day }
            day = day.advanced(by: 1)
        }
        if let first = days.first { days.not = days.not.filter { $0 > first } }
        return days
    }

    private func event(_ routine: Routine) -> [String] {
        var days = days(routine)
        guard let first = days.first ?? days.extra.min() else { return [] }
        if days.first == nil { days.extra.remove(first) }
        let zone = ";TZID=" + plan.offsets.name + ":"
        func stamps(_ days: Set<CivilDay>) -> String {
            days.sorted().map { CalendarText.stamp($0, routine.at) }.joined(separator: ",")
        }
        let time = "\(routine.at)".filter { $0 != ":" }
        var lines = [
            "BEGIN:VEVENT", "UID:\(routine.id)-\(time)@watchpost", "DTSTAMP:20260101T000000Z",
            "SUMMARY:" + CalendarText.escaped(routine.title),
            "DTSTART" + zone + CalendarText.stamp(first, routine.at), "DURATION:PT\(routine.lasts)S",
        ]
        if days.first != nil { lines.append(rule(days, routine.at)) }
        if days.first != nil, !days.not.isEmpty { lines.append("EXDATE" + zone + stamps(days.not)) }
        if !days.extra.isEmpty { lines.append("RDATE" + zone + stamps(days.extra)) }
        lines += ["X-WATCHPOST-ID:\(routine.id)", "X-WATCHPOST-UNIT:" + CalendarText.escaped(routine.unit)]
        if !routine.zones.isEmpty {
            lines.append("X-WATCHPOST-ZONES:" + routine.zones.sorted().map(\.text).joined(separator: ","))
        }
        lines += [
            "X-WATCHPOST-PRIORITY:" + word(routine.rank, RoutineReader.ranks),
            "X-WATCHPOST-LATE:\(routine.late)",
            "X-WATCHPOST-RESUME:" + word(routine.resume, RoutineReader.resumes),
            "X-WATCHPOST-TIME-CHANGE:" + word(routine.change, RoutineReader.changes),
        ]
        if let ends = routine.ends { lines.append("X-WATCHPOST-ENDS:\(ends)") }
        return lines + ["END:VEVENT"]
    }

    private func rule(_ days: Days, _ at: ClockTime) -> String {
        let names = Weekday.allCases.filter(days.weekdays.contains).map { Self.days[Int($0.rawValue)] }
        var text =
            "RRULE:FREQ=" + (names.count == 7 ? "DAILY" : "WEEKLY;BYDAY=" + names.joined(separator: ","))
        if let until = days.until {
            let local = until.localStart + Int64(at.seconds)
            let second: Int64
            switch plan.offsets.reading(of: local) {
            case .once(let one), .twice(_, let one), .never(_, let one): second = one
            }
            let day = CivilDay(ofLocal: second)
            if let time = ClockTime(seconds: Int32(second - day.localStart)) {
                text += ";UNTIL=" + CalendarText.stamp(day, time) + "Z"
            }
        }
        return text
    }

    private func word<Choice: Equatable>(_ choice: Choice, _ words: [(String, Choice)]) -> String {
        words.first { $0.1 == choice }?.0 ?? ""
    }
}
