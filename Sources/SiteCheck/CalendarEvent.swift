// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging

/// One VEVENT on its way to a routine. A value; lives for one import.
struct CalendarEvent {
    struct Refused {
        var line: Int
        var what: (String, String)
        var remedy: (String, String)
    }

    /// Of its BEGIN.
    var line: Int
    var lines: [CalendarLine] = []
    private(set) var refused: [Refused] = []

    init(line: Int) { self.line = line }

    private func line(_ name: String) -> CalendarLine? { lines.first { $0.name == name } }
    private func text(_ name: String) -> String? { line(name).map { CalendarText.unescaped($0.value) } }

    private mutating func refuse(_ line: Int, _ what: (String, String), _ remedy: (String, String)) {
        refused.append(Refused(line: line, what: what, remedy: remedy))
    }

    mutating func routine(_ offsets: ZoneOffsets, number: Int) -> Routine? {
        for name in ["RECURRENCE-ID", "EXRULE"] {
            if let line = line(name) {
                refuse(
                    line.number, ("\(name) is not kept", "不支持 \(name)"),
                    ("Write the days with EXDATE and RDATE", "请用 EXDATE 和 RDATE 写出日期"))
            }
        }
        guard let start = line("DTSTART"), start.parameters["TZID"] != nil,
            start.parameters["VALUE"] != "DATE",
            let first = CalendarText.local(start.value)
        else {
            refuse(
                line("DTSTART")?.number ?? line,
                ("DTSTART is no time of a zone", "DTSTART 不是带时区的时间"),
                (
                    "Write DTSTART;TZID=Asia/Shanghai:20261122T063000",
                    "写成 DTSTART;TZID=Asia/Shanghai:20261122T063000"
                ))
            return nil
        }
        var days = RoutineDays(on: dates("RDATE", first.time), except: dates("EXDATE", first.time))
        if lines.contains(where: { $0.name == "RRULE" }) {
            days.from = first.day
            read(rule: &days, first, offsets)
            if !days.weekdays.contains(first.day.weekday) { days.on.insert(first.day) }
        } else {
            days.on.insert(first.day)
        }
        guard let lasts = length(first) else { return nil }
        let id = text("X-WATCHPOST-ID").flatMap { RoutineID($0) } ?? RoutineID("event-\(number)")
        guard let id else { return nil }
        let title = printable(text("SUMMARY") ?? id.text)
        var routine = Routine(
            id: id, title: title, days: days, at: first.time,
            unit: text("X-WATCHPOST-UNIT").map(printable) ?? title, lasts: lasts)
        routine.zones = Set(
            (text("X-WATCHPOST-ZONES") ?? "").split(separator: ",").compactMap { ZoneID($0) })
        routine.rank = word("X-WATCHPOST-PRIORITY", RoutineReader.ranks) ?? routine.rank
        routine.resume = word("X-WATCHPOST-RESUME", RoutineReader.resumes) ?? routine.resume
        routine.change = word("X-WATCHPOST-TIME-CHANGE", RoutineReader.changes) ?? routine.change
        if let late = text("X-WATCHPOST-LATE").flatMap({ Int32($0) }),
            (0...Int32(Limits.unitMaxMs / 1_000)).contains(late)
        {
            routine.late = late
        }
        routine.ends = text("X-WATCHPOST-ENDS").flatMap { ClockTime($0) }
        return routine
    }

    private func word<Choice>(_ name: String, _ words: [(String, Choice)]) -> Choice? {
        text(name).flatMap { text in words.first { $0.0 == text }?.1 }
    }

    private func printable(_ text: String) -> String {
        var short = String(
            text.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init))
        while short.utf8.count > Limits.titleMaxBytes { short.removeLast() }
        return short.allSatisfy(\.isWhitespace) ? "-" : short
    }

    private mutating func length(_ first: (day: CivilDay, time: ClockTime)) -> Int32? {
        var seconds: Int32?
        if let line = line("DURATION") {
            seconds = CalendarText.seconds(ofDuration: line.value)
        } else if let end = line("DTEND").flatMap({ CalendarText.local($0.value) }) {
            let from = first.day.localStart + Int64(first.time.seconds)
            seconds = Int32(exactly: end.day.localStart + Int64(end.time.seconds) - from)
        }
        if let seconds, (1...Int32(Limits.unitMaxMs / 1_000)).contains(seconds) { return seconds }
        refuse(
            (line("DURATION") ?? line("DTEND"))?.number ?? line,
            ("it has no length that can be played", "没有可播放的时长"),
            ("Write DURATION:PT90S, up to 12 hours", "写成 DURATION:PT90S，最长 12 小时"))
        return nil
    }

    /// Days behind EXDATE or RDATE: at the time of DTSTART, or they would mean nothing.
    private mutating func dates(_ name: String, _ at: ClockTime) -> Set<CivilDay> {
        var days: Set<CivilDay> = []
        for line in lines where line.name == name {
            for part in line.value.split(separator: ",") {
                if let one = CalendarText.local(part), one.time == at {
                    days.insert(one.day)
                } else {
                    refuse(
                        line.number,
                        (
                            "\(name) '\(String(part).shown)' is not at the time of DTSTART",
                            "\(name)“\(String(part).shown)”与 DTSTART 的时间不同"
                        ),
                        ("Make an event of its own for another time", "其他时间请另建事件"))
                }
            }
        }
        if days.count > Limits.routineDatesMaxCount {
            refuse(
                line, ("\(name) names \(days.count) days", "\(name) 有 \(days.count) 天"),
                ("At most \(Limits.routineDatesMaxCount) are possible", "最多 \(Limits.routineDatesMaxCount) 天")
            )
        }
        return days
    }

    private mutating func read(
        rule days: inout RoutineDays, _ first: (day: CivilDay, time: ClockTime), _ offsets: ZoneOffsets
    ) {
        let rules = lines.filter { $0.name == "RRULE" }
        var frequency = ""
        for part in rules[0].value.uppercased().split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first ?? "", pair.count == 2 ? pair[1] : "") {
            case ("FREQ", let value) where value == "DAILY" || value == "WEEKLY": frequency = value
            case ("INTERVAL", "1"), ("WKST", _): break
            case ("BYDAY", let value):
                for name in value.split(separator: ",") {
                    if let place = CalendarExport.days.firstIndex(of: String(name)) {
                        days.weekdays.insert(Weekday.allCases[place])
                    } else {
                        refuse(
                            rules[0].number, ("BYDAY '\(name)' is no weekday", "BYDAY“\(name)”不是星期"),
                            ("Use MO to SU without numbers", "请用 MO 至 SU，不带数字"))
                    }
                }
            case ("UNTIL", let value): days.until = until(value, first, offsets, rules[0].number)
            default:
                refuse(
                    rules[0].number,
                    ("RRULE with '\(String(part).shown)' is not kept", "不支持 RRULE 中的“\(String(part).shown)”"),
                    (
                        "Use FREQ=DAILY or WEEKLY with BYDAY and UNTIL; write other days with RDATE",
                        "请用 FREQ=DAILY 或 WEEKLY 及 BYDAY、UNTIL；其他日期用 RDATE"
                    ))
            }
        }
        if frequency.isEmpty || rules.count > 1 {
            refuse(
                rules[0].number, ("it has no single RRULE with a FREQ", "没有唯一且带 FREQ 的 RRULE"),
                ("Write one RRULE with FREQ=DAILY or WEEKLY", "写一个 FREQ=DAILY 或 WEEKLY 的 RRULE"))
        }
        if days.weekdays.isEmpty {
            days.weekdays = frequency == "DAILY" ? Set(Weekday.allCases) : [first.day.weekday]
        }
    }

    /// The last day: an event at or before this instant.
    private mutating func until(
        _ text: String, _ first: (day: CivilDay, time: ClockTime), _ offsets: ZoneOffsets, _ number: Int
    ) -> CivilDay? {
        if text.hasSuffix("Z"), let utc = CalendarText.local(text.dropLast()) {
            let local = offsets.local(utc.day.localStart + Int64(utc.time.seconds))
            let day = CivilDay(ofLocal: local)
            return local - day.localStart >= Int64(first.time.seconds) ? day : day.advanced(by: -1)
        }
        if text.utf8.count == 8, let day = CalendarText.local(text + "T000000") { return day.day }
        refuse(
            number,
            ("UNTIL '\(text.shown)' is no time in UTC and no day", "UNTIL“\(text.shown)”不是 UTC 时间或日期"),
            ("Write UNTIL=20261231T155959Z", "写成 UNTIL=20261231T155959Z"))
        return nil
    }
}
