// SPDX-License-Identifier: Apache-2.0
import Facility
package import Paging

/// Reads an iCalendar file into a timetable: VEVENT with DTSTART in one zone, RRULE DAILY or WEEKLY with
/// BYDAY and UNTIL, EXDATE, RDATE. What it cannot keep is a mistake with its line, never a guess. Lives for
/// one import.
package struct CalendarImport {
    private let file: String
    private let zoneinfo: String
    private var findings: [Finding] = []
    private var offsets: ZoneOffsets?
    private var name: String?
    private var routines: [Routine] = []

    package static func read(
        _ text: String, file: String, zoneinfo: String = ZoneInfo.directory
    ) -> Checked<TimetablePlan> {
        var reader = CalendarImport(file: file, zoneinfo: zoneinfo)
        reader.read(text)
        var plan: TimetablePlan?
        if let offsets = reader.offsets {
            plan = TimetablePlan(
                name: reader.name ?? "iCalendar", offsets: offsets, dayTypes: DayTypes.titles,
                routines: reader.routines)
        }
        return Checked(value: plan, findings: reader.findings)
    }

    private init(file: String, zoneinfo: String) {
        self.file = file
        self.zoneinfo = zoneinfo
    }

    mutating func note(_ line: Int, _ what: (String, String), _ remedy: (String, String)) {
        add(.mistake, line, what, remedy)
    }

    private mutating func add(
        _ severity: Finding.Severity, _ line: Int, _ what: (String, String), _ remedy: (String, String)
    ) {
        guard findings.count < Limits.findingsMaxCount else { return }
        findings.append(
            Finding(
                file: file, line: line, column: nil, severity: severity, what: Wording(what.0, what.1),
                remedy: Wording(remedy.0, remedy.1)))
    }

    // MARK: Components

    private mutating func read(_ text: String) {
        let lines = CalendarText.unfolded(text)
        guard text.utf8.count <= Limits.configurationTextMaxBytes,
            lines.count <= Limits.calendarLinesMaxCount, lines.first?.text.uppercased() == "BEGIN:VCALENDAR"
        else {
            note(
                1, ("it is no iCalendar file, or too long", "不是 iCalendar 文件，或过长"),
                ("It begins with BEGIN:VCALENDAR", "文件应以 BEGIN:VCALENDAR 开头"))
            return
        }
        var open: [String] = []
        var event: CalendarEvent?
        for (number, text) in lines {
            guard let line = CalendarLine(text, number: number) else {
                note(
                    number, ("the line is no property", "此行不是属性"),
                    ("Write NAME:value; go on in the next line with a blank", "写成 NAME:值；续行以空格开头"))
                continue
            }
            if line.name == "BEGIN" {
                open.append(line.value.uppercased())
                if open == ["VCALENDAR", "VEVENT"] { event = CalendarEvent(line: number) }
                if let last = open.last, ["VTODO", "VJOURNAL", "VALARM", "VFREEBUSY"].contains(last) {
                    add(
                        .warning, number, ("\(last) is left out", "忽略 \(last)"),
                        ("A timetable is made of VEVENT alone", "作息表只使用 VEVENT"))
                }
            } else if line.name == "END" {
                guard open.popLast() == line.value.uppercased() else {
                    note(
                        number, ("END:\(line.value.shown) does not fit", "END:\(line.value.shown) 不匹配"),
                        ("Each BEGIN has its END", "每个 BEGIN 对应一个 END"))
                    return
                }
                if open == ["VCALENDAR"], let done = event {
                    take(done)
                    event = nil
                }
            } else if open == ["VCALENDAR"], line.name == "X-WR-CALNAME" {
                name = String(CalendarText.unescaped(line.value).prefix(Limits.titleMaxBytes / 4))
            } else if open == ["VCALENDAR", "VEVENT"] {
                event?.lines.append(line)
            }
        }
        if !open.isEmpty {
            note(
                lines.last?.number ?? 1, ("END:\(open[0]) is missing", "缺少 END:\(open[0])"),
                ("The file was cut; fetch it again", "文件不完整，请重新获取"))
        }
        if routines.isEmpty, findings.isEmpty {
            note(1, ("it has no VEVENT", "没有 VEVENT"), ("There is nothing to take over", "没有可导入的内容"))
        }
    }

    private mutating func take(_ event: CalendarEvent) {
        var event = event
        let zones = event.lines.compactMap { $0.parameters["TZID"] }
        for zone in zones where offsets?.name != zone {
            let line = event.lines.first { $0.parameters["TZID"] == zone }?.number ?? event.line
            if let offsets {
                note(
                    line,
                    (
                        "it has the zones \(offsets.name) and \(zone.shown)",
                        "同时使用 \(offsets.name) 与 \(zone.shown) 时区"
                    ),
                    ("One timetable has one zone: make two files", "一份作息表只有一个时区，请分成两个文件"))
            } else if let found = ZoneInfo.offsets(zone, in: zoneinfo) {
                offsets = found
            } else {
                note(
                    line, ("'\(zone.shown)' is no time zone known here", "“\(zone.shown)”不是已知时区"),
                    ("Use a name like Asia/Shanghai", "请使用 Asia/Shanghai 这样的名称"))
            }
        }
        guard let offsets else {
            if zones.isEmpty {
                note(
                    event.line, ("DTSTART has no TZID", "DTSTART 没有 TZID"),
                    ("Write DTSTART;TZID=Asia/Shanghai:…", "写成 DTSTART;TZID=Asia/Shanghai:…"))
            }
            return
        }
        let routine = event.routine(offsets, number: routines.count + 1)
        for refused in event.refused { note(refused.line, refused.what, refused.remedy) }
        guard let routine else { return }
        if routines.contains(where: { $0.id == routine.id && $0.at == routine.at }) {
            note(
                event.line,
                ("'\(routine.id)' at \(routine.at) stands twice", "“\(routine.id)”（\(routine.at)）重复"),
                ("Join the two with RDATE", "请用 RDATE 合并"))
        }
        guard routines.count < Limits.routinesMaxCount else { return }
        // Times of one id stand together, and differ in nothing else.
        guard let place = routines.lastIndex(where: { $0.id == routine.id }) else {
            routines.append(routine)
            return
        }
        var same = routine
        same.at = routines[place].at
        if same != routines[place] {
            note(
                event.line,
                ("'\(routine.id)' stands twice with other days or properties", "“\(routine.id)”重复且日期或属性不同"),
                ("Give one of the two another X-WATCHPOST-ID", "为其中一个换一个 X-WATCHPOST-ID"))
        }
        routines.insert(routine, at: place + 1)
    }
}
