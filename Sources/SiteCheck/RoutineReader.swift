// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Yams

/// One time of a routine as written, and where.
struct RoutineEntry {
    var routine: Routine
    var mark: Mark?
}

/// Reads `routines:` of a timetable. Lives for one check.
struct RoutineReader {
    let sheet: Sheet
    /// The kinds of day that there are, with those of the template.
    let types: [DayTypeID: String]

    static let ranks: [(String, SoundRank)] = [("routine", .routine), ("background", .background)]
    static let resumes: [(String, ResumePolicy)] = [
        ("onward", .onward), ("again", .again), ("in-step", .inStep), ("never", .never),
    ]
    static let changes: [(String, ChangePolicy)] = [("skip", .skip), ("shift", .shift), ("once", .once)]

    func routines(_ fields: Fields) -> [RoutineEntry] {
        var lines: [RoutineID: Int] = [:]
        return (fields["routines"] == nil ? [] : fields.list("routines") ?? []).flatMap { node in
            let entries = routine(node)
            if let id = entries.first?.routine.id {
                if let line = lines[id] {
                    sheet.note(
                        node.mark,
                        ("routine '\(id)' stands already in line \(line)", "项目“\(id)”已在第 \(line) 行"),
                        ("Give it another id, or list both times behind 'at'", "换一个编号，或在“at”后列出两个时间"))
                }
                lines[id] = node.mark?.line ?? 1
            }
            return entries
        }
    }

    private func routine(_ node: Node) -> [RoutineEntry] {
        guard
            let fields = sheet.fields(
                node, of: ("a routine", "项目"),
                known: [
                    "id", "title", "at", "days", "on", "except", "from", "until", "zones", "unit", "lasts",
                    "priority", "late", "ends", "resume", "time-change",
                ], required: ["id", "at", "lasts"])
        else { return [] }
        let id: RoutineID? = fields.identifier("id")
        let times = times(fields)
        let lasts = seconds("lasts", fields, from: 1)
        let days = days(fields)
        let zones = Set(
            (fields["zones"] == nil ? [] : fields.list("zones") ?? []).compactMap { node -> ZoneID? in
                sheet.identifier(node, of: ("a zone", "区域"))
            })
        let ends = fields["ends"].flatMap { time($0) }
        guard let id, let lasts else { return [] }
        return times.map { at in
            RoutineEntry(
                routine: Routine(
                    id: id, title: fields.text("title") ?? id.text, days: days, zones: zones, at: at,
                    unit: fields.text("unit") ?? id.text, lasts: lasts,
                    rank: fields.choice("priority", among: Self.ranks) ?? .routine,
                    late: seconds("late", fields, from: 0) ?? 60, ends: ends,
                    resume: fields.choice("resume", among: Self.resumes) ?? .onward,
                    change: fields.choice("time-change", among: Self.changes) ?? .shift), mark: fields.mark)
        }
    }

    private func times(_ fields: Fields) -> [ClockTime] {
        guard let node = fields["at"] else { return [] }
        var nodes = [node]
        if case .sequence(let list) = node { nodes = Array(list) }
        if nodes.isEmpty {
            sheet.note(node.mark, ("no time is given", "没有写时间"), ("Write one like 06:30", "写成 06:30 的形式"))
        }
        var times: [ClockTime] = []
        for node in nodes.prefix(Limits.routinesMaxCount) {
            guard let time = time(node) else { continue }
            if times.contains(time) {
                sheet.note(node.mark, ("\(time) stands twice", "\(time) 重复"), ("Delete one", "删除其中一个"))
            }
            times.append(time)
        }
        return times
    }

    private func time(_ node: Node) -> ClockTime? {
        guard let text = sheet.text(node, of: ("a time", "时间")) else { return nil }
        if let time = ClockTime(text) { return time }
        sheet.note(
            node.mark, ("'\(text.shown)' is no time of the day", "“\(text.shown)”不是一天中的时间"),
            ("Write it like 06:30 or 21:59:30; the day ends with 23:59:59", "写成 06:30 或 21:59:30；最晚 23:59:59")
        )
        return nil
    }

    private func seconds(_ key: String, _ fields: Fields, from least: Int32) -> Int32? {
        guard let text = fields.text(key) else { return nil }
        let longest = Limits.unitMaxMs / 1_000
        let hours = text.hasSuffix("h") ? Int(text.dropLast()).map { min($0, 1_000) * 3_600_000 } : nil
        if let ms = hours ?? Scalars.milliseconds(text), ms % 1_000 == 0,
            (Int(least)...longest).contains(ms / 1_000)
        {
            return Int32(ms / 1_000)
        }
        sheet.note(
            fields.mark(key), ("'\(text.shown)' is no length in whole seconds", "“\(text.shown)”不是整秒的时长"),
            ("Write 45s, 10m or 2h, at most \(longest / 3_600)h", "写成 45s、10m 或 2h，最长 \(longest / 3_600)h"))
        return nil
    }

    private func days(_ fields: Fields) -> RoutineDays {
        let reader = DayReader(sheet: sheet)
        var days = RoutineDays(
            on: reader.days("on", fields), except: reader.days("except", fields),
            from: reader.day("from", fields), until: reader.day("until", fields))
        guard let node = fields["days"] else {
            // A one-off names its days; everything else is for every day.
            if fields["on"] == nil { days.weekdays = Set(Weekday.allCases) }
            return days
        }
        var nodes = [node]
        if case .sequence(let list) = node { nodes = Array(list) }
        for node in nodes.prefix(Limits.dayTypesMaxCount) {
            guard let text = sheet.text(node, of: ("a kind of day", "日类型")) else { continue }
            if text == "all" {
                days.weekdays = Set(Weekday.allCases)
            } else if let day = Weekday.allCases.first(where: { $0.word == text }) {
                days.weekdays.insert(day)
            } else {
                let words = types.keys.sorted().map { ($0.text, $0) }
                if let type = sheet.choice(node, of: ("a kind of day", "日类型"), among: words) {
                    days.types.insert(type)
                }
            }
        }
        return days
    }
}
