// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
package import Paging
import Yams

/// Checks one timetable, with the template that it names. Never traps, whatever the text is. `template`: the
/// text of a file beside this one.
package func checkTimetable(
    _ yaml: String, file: String, zoneinfo: String = ZoneInfo.directory,
    template: @escaping (String) -> (file: String, text: String)? = { _ in nil }
) -> Checked<TimetablePlan> {
    var text = YAMLText(file: file)
    guard let root = text.root(of: yaml) else { return Checked(value: nil, findings: text.findings) }
    let sheet = Sheet(file: file, findings: text.findings)
    let reader = TimetableReader(sheet: sheet, zoneinfo: zoneinfo) { name in
        // One step: a template of a template would hide from the reader what sounds.
        template(name).map { checkTimetable($0.text, file: $0.file, zoneinfo: zoneinfo) }
    }
    let read = reader.read(root)
    let plan = read.flatMap { reader.plan($0) }
    return Checked(value: plan, findings: (read?.above?.findings ?? []) + sheet.findings.ordered())
}

/// The same for a file by its path.
package func checkTimetable(path: String, zoneinfo: String = ZoneInfo.directory) -> Checked<TimetablePlan> {
    func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path),
            data.count <= Limits.configurationTextMaxBytes
        else { return nil }
        return String(validating: data, as: UTF8.self)
    }
    guard let yaml = text(path) else {
        return Checked(value: nil, findings: [.unreadable(path)])
    }
    return checkTimetable(yaml, file: path, zoneinfo: zoneinfo) { name in
        let directory = (path as NSString).deletingLastPathComponent
        let place = directory.isEmpty || name.hasPrefix("/") ? name : directory + "/" + name
        return text(place).map { (place, $0) }
    }
}

/// Reads a timetable of one file. Lives for one check.
struct TimetableReader {
    let sheet: Sheet
    let zoneinfo: String
    let template: (String) -> Checked<TimetablePlan>?

    /// What the file says, and where.
    struct Read {
        var fields: Fields
        /// The template, where one is named and there.
        var above: Checked<TimetablePlan>?
        var patch: TimetablePatch
        var routines: [RoutineEntry]
    }

    func read(_ root: Node) -> Read? {
        guard
            let fields = sheet.fields(
                root, of: ("a timetable", "作息表"),
                known: [
                    "timetable", "template", "time-zone", "from", "until", "day-types", "week", "dates",
                    "routines", "without", "night",
                ], required: ["timetable"])
        else { return nil }
        var patch = TimetablePatch()
        patch.name = fields.text("timetable")
        if let name = fields.text("time-zone") {
            patch.offsets = ZoneInfo.offsets(name, in: zoneinfo)
            if patch.offsets == nil {
                sheet.note(
                    fields.mark("time-zone"), ("'\(name.shown)' is no time zone", "“\(name.shown)”不是时区"),
                    (
                        "Write it like Asia/Shanghai; the package tzdata has to be installed",
                        "写成 Asia/Shanghai 的形式；需安装 tzdata"
                    ))
            }
        }
        let days = DayReader(sheet: sheet)
        (patch.from, patch.until) = (days.day("from", fields), days.day("until", fields))
        if let from = patch.from, let until = patch.until, until < from {
            sheet.note(
                fields.mark("until"), ("it ends before it begins", "结束日期早于开始日期"),
                ("Exchange 'from' and 'until'", "请对调“from”和“until”"))
        }
        patch.dayTypes = dayTypes(fields)
        patch.night = night(fields)
        let above = above(fields)
        let names = (above?.value?.dayTypes ?? DayTypes.titles).merging(patch.dayTypes) { _, new in new }
        patch.week = days.week(fields, known: names)
        patch.dates = days.dates(fields, known: names)
        let entries = RoutineReader(sheet: sheet, types: names).routines(fields)
        patch.routines = entries.map(\.routine)
        patch.without = without(fields)
        return Read(fields: fields, above: above, patch: patch, routines: entries)
    }

    /// `night: {from: 22:00, until: 06:30, cap: -18}`
    private func night(_ fields: Fields) -> NightCap? {
        guard let node = fields["night"],
            let night = sheet.fields(
                node, of: ("'night'", "“night”"), known: ["from", "until", "cap"],
                required: ["from", "until", "cap"])
        else { return nil }
        let times = ["from", "until"].map { night.text($0).flatMap { ClockTime($0) } }
        let cap = night.text("cap").flatMap { Int8($0) }
        if let from = times[0], let until = times[1], let cap,
            let found = NightCap(from: from, until: until, capDb: cap)
        {
            return found
        }
        sheet.note(
            fields.mark("night"), ("this is no night", "夜间时段有误"),
            (
                "Write it like {from: 22:00, until: 06:30, cap: -18}; the cap is 0 to -40 dB",
                "写成 {from: 22:00, until: 06:30, cap: -18}；cap 为 0 至 -40 分贝"
            ))
        return nil
    }

    private func above(_ fields: Fields) -> Checked<TimetablePlan>? {
        guard let name = fields.text("template", max: Limits.pathMaxBytes) else { return nil }
        if let found = template(name) { return found }
        sheet.note(
            fields.mark("template"), ("the template '\(name.shown)' cannot be read", "无法读取模板“\(name.shown)”"),
            ("Its path counts from the directory of this file", "路径以本文件所在目录为起点"))
        return nil
    }

    /// The whole, with the template under it.
    func plan(_ read: Read) -> TimetablePlan? {
        if read.fields["template"] != nil {
            guard let above = read.above?.value else { return nil }
            let plan = above.patched(by: read.patch)
            inspect(plan, read, template: above)
            return plan
        }
        for key in ["time-zone", "routines"] where read.fields[key] == nil {
            sheet.note(
                read.fields.mark, ("a timetable has no '\(key)'", "作息表缺少“\(key)”"),
                ("Add '\(key): …', or name a template", "请添加“\(key): …”，或指定模板"))
        }
        guard let name = read.patch.name, let offsets = read.patch.offsets else { return nil }
        let plan = TimetablePlan(name: name, offsets: offsets, dayTypes: DayTypes.titles)
            .patched(by: read.patch)
        inspect(plan, read, template: nil)
        return plan
    }

    /// What is seen only when everything stands together.
    func inspect(_ plan: TimetablePlan, _ read: Read, template: TimetablePlan?) {
        if let template {
            let known = Set(template.routines.map(\.id))
            for id in read.patch.without.sorted() where !known.contains(id) {
                sheet.warn(
                    read.fields.mark("without"), ("the template has no routine '\(id)'", "模板中没有项目“\(id)”"),
                    ("Take it off the list", "请从列表中删除"))
            }
        }
        if plan.routines.count > Limits.routinesMaxCount {
            sheet.note(
                read.fields.mark("routines"),
                ("there are \(plan.routines.count) times", "共有 \(plan.routines.count) 个时间"),
                ("At most \(Limits.routinesMaxCount) are possible", "最多 \(Limits.routinesMaxCount) 个"))
        }
        if !sheet.findings.hasMistakes { TimetableRules(sheet: sheet, plan: plan, read: read).inspect() }
    }

    private func dayTypes(_ fields: Fields) -> [DayTypeID: String] {
        var types: [DayTypeID: String] = [:]
        for (key, value) in sheet.pairs("day-types", fields) {
            guard let id: DayTypeID = sheet.identifier(key, of: ("a kind of day", "日类型")) else { continue }
            if Weekday.allCases.contains(where: { $0.word == id.text }) || id.text == "all" {
                sheet.note(
                    key.mark, ("'\(id)' means something else here", "“\(id)”另有含义"),
                    ("Choose another name", "请换一个名称"))
            }
            types[id] = sheet.text(value, of: ("'\(id)'", "“\(id)”")) ?? id.text
        }
        if types.count > Limits.dayTypesMaxCount - DayTypes.titles.count {
            sheet.note(
                fields.mark("day-types"), ("there are too many kinds of day", "日类型过多"),
                ("At most \(Limits.dayTypesMaxCount) are possible", "最多 \(Limits.dayTypesMaxCount) 种"))
        }
        return types
    }

    private func without(_ fields: Fields) -> Set<RoutineID> {
        Set(
            (fields.list("without") ?? []).compactMap { node -> RoutineID? in
                sheet.identifier(node, of: ("a routine", "项目"))
            })
    }
}

extension Sheet {
    /// The keys and values behind one key, in their order; nothing where it is missing.
    func pairs(_ key: String, _ fields: Fields) -> [(Node, Node)] {
        guard let node = fields[key] else { return [] }
        guard case .mapping(let mapping) = node else {
            note(
                node.mark, ("'\(key)' has to be keys and values", "“\(key)”应为键和值"),
                ("Write 'key: value' lines below it", "在其下写“键: 值”的行"))
            return []
        }
        return mapping.map { ($0.key, $0.value) }
    }
}
