// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Yams

/// Reads days, weeks and lists of dates of a timetable. Lives for one check.
struct DayReader {
    let sheet: Sheet
    private static let remedy = ("Write it like 2026-10-01", "写成 2026-10-01 的形式")

    func day(_ key: String, _ fields: Fields) -> CivilDay? {
        guard let text = fields.text(key) else { return nil }
        if let day = CivilDay(text) { return day }
        sheet.note(fields.mark(key), ("'\(text.shown)' is no day", "“\(text.shown)”不是日期"), Self.remedy)
        return nil
    }

    /// `2026-10-01` or `2026-10-01..2026-10-07`.
    func range(_ node: Node) -> [CivilDay] {
        guard let text = sheet.text(node, of: ("a day", "日期")) else { return [] }
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { CivilDay($0) }
        guard ends.count <= 2, let first = ends.first, let first, let last = ends.last, let last,
            first <= last, last.number - first.number < Int32(Limits.previewMaxDays)
        else {
            sheet.note(
                node.mark, ("'\(text.shown)' is no day and no span of days", "“\(text.shown)”不是日期或日期范围"),
                ("Write 2026-10-01, or 2026-10-01..2026-10-07", "写成 2026-10-01 或 2026-10-01..2026-10-07"))
            return []
        }
        return (first.number...last.number).map { CivilDay(number: $0) }
    }

    func days(_ key: String, _ fields: Fields) -> Set<CivilDay> {
        let days = (fields[key] == nil ? [] : fields.list(key) ?? []).flatMap { range($0) }
        if days.count > Limits.routineDatesMaxCount {
            sheet.note(
                fields.mark(key), ("there are \(days.count) days", "共有 \(days.count) 天"),
                ("At most \(Limits.routineDatesMaxCount) are possible", "最多 \(Limits.routineDatesMaxCount) 天")
            )
        }
        return Set(days)
    }

    /// `week:` names the kind of some weekdays; the others stay as they are.
    func week(_ fields: Fields, known: [DayTypeID: String]) -> [DayTypeID]? {
        guard fields["week"] != nil else { return nil }
        var week = DayTypes.week
        for (key, value) in sheet.pairs("week", fields) {
            let words = Weekday.allCases.map { ($0.word, $0) }
            guard let day: Weekday = sheet.choice(key, of: ("a weekday", "星期"), among: words),
                let type = type(value, known)
            else { continue }
            week[Int(day.rawValue)] = type
        }
        return week
    }

    func dates(_ fields: Fields, known: [DayTypeID: String]) -> [CivilDay: DayTypeID] {
        var dates: [CivilDay: DayTypeID] = [:]
        for (key, value) in sheet.pairs("dates", fields) {
            guard let type = type(value, known) else { continue }
            for day in range(key) {
                if let other = dates[day] {
                    sheet.note(
                        key.mark, ("\(day) is '\(other)' already", "\(day) 已定为“\(other)”"),
                        ("Name each day once", "每天只写一次"))
                }
                dates[day] = type
            }
        }
        if dates.count > Limits.routineDatesMaxCount {
            sheet.note(
                fields.mark("dates"), ("\(dates.count) days are named", "写了 \(dates.count) 天"),
                ("At most \(Limits.routineDatesMaxCount) are possible", "最多 \(Limits.routineDatesMaxCount) 天")
            )
        }
        return dates
    }

    private func type(_ node: Node, _ known: [DayTypeID: String]) -> DayTypeID? {
        let words = known.keys.sorted().map { ($0.text, $0) }
        return sheet.choice(node, of: ("a kind of day", "日类型"), among: words)
    }
}
