// SPDX-License-Identifier: Apache-2.0
package import Conduct
import Facility
import Foundation
import Yams

/// Checks one rule pack. Never traps, whatever the text is. `value` is nil when there is a mistake.
package func checkRulePack(_ yaml: String, file: String) -> Checked<RulePack> {
    var text = YAMLText(file: file)
    guard let root = text.root(of: yaml) else { return Checked(value: nil, findings: text.findings) }
    let sheet = Sheet(file: file, findings: text.findings)
    let pack = RulePackReader(sheet: sheet).read(root)
    return Checked(value: sheet.findings.hasMistakes ? nil : pack, findings: sheet.findings.ordered())
}

/// The same for a file by its path.
package func checkRulePack(path: String) -> Checked<RulePack> {
    guard let data = FileManager.default.contents(atPath: path),
        data.count <= Limits.configurationTextMaxBytes, let yaml = String(validating: data, as: UTF8.self)
    else { return Checked(value: nil, findings: [.unreadable(path)]) }
    return checkRulePack(yaml, file: path)
}

/// Reads a rule pack (`Sources/Conduct/CONDUCT.md` says its keys). Lives for one check.
struct RulePackReader {
    let sheet: Sheet

    func read(_ root: Node) -> RulePack? {
        guard
            let fields = sheet.fields(
                root, of: ("a rule pack", "计分规则"),
                known: [
                    "rules", "title", "english", "from", "until", "parts", "profiles", "special", "cycle",
                    "grades", "terms", "contest", "items", "holidays", "workdays",
                ], required: ["rules", "title", "from", "parts", "profiles", "items"])
        else { return nil }
        let days = DayReader(sheet: sheet)
        let parts = rows("parts", fields, Limits.rulePartsMaxCount) { self.part($0) }
        let known = parts.map { ($0.id.text, $0.id) }
        let profiles = rows("profiles", fields, Limits.rulePartsMaxCount) { self.profile($0, parts: known) }
        let reader = RuleItemReader(sheet: sheet, parts: known)
        let items = rows("items", fields, Limits.ruleItemsMaxCount) { reader.item($0) }
        once(parts.map(\.id), "parts", fields)
        once(profiles.map(\.id), "profiles", fields)
        once(items.map(\.id), "items", fields)
        let calendar = WorkCalendar(
            holidays: days.days("holidays", fields), exchangedWorkdays: days.days("workdays", fields))
        guard let id: RulePackID = fields.identifier("rules"), let from = days.day("from", fields) else {
            return nil
        }
        let until = days.day("until", fields)
        if let until, until < from {
            sheet.note(
                fields.mark("until"), ("it ends before it begins", "结束日期早于开始日期"),
                ("Exchange 'from' and 'until'", "请对调“from”和“until”"))
        }
        return RulePack(
            id: id, title: title(fields), from: from, until: until, parts: parts, profiles: profiles,
            items: items, special: special(fields), cycle: fields.points("cycle"),
            grades: rows("grades", fields, Limits.rulePartsMaxCount) { self.grade($0) },
            terms: terms(fields), contest: contest(fields), calendar: calendar)
    }

    private func rows<Row>(_ key: String, _ fields: Fields, _ max: Int, _ read: (Node) -> Row?) -> [Row] {
        let nodes = fields[key] == nil ? [] : fields.list(key) ?? []
        if nodes.count > max {
            sheet.note(
                fields.mark(key), ("'\(key)' has \(nodes.count) entries", "“\(key)”有 \(nodes.count) 项"),
                ("At most \(max) are possible", "最多 \(max) 项"))
        }
        return nodes.prefix(max).compactMap(read)
    }

    private func once<Kind>(_ ids: [Identifier<Kind>], _ key: String, _ fields: Fields) {
        for (id, count) in Dictionary(grouping: ids, by: \.self).mapValues(\.count) where count > 1 {
            sheet.note(
                fields.mark(key),
                ("'\(id)' stands \(count) times in '\(key)'", "“\(id)”在“\(key)”中出现 \(count) 次"),
                ("Give each its own id", "请为每项取不同的编号"))
        }
    }

    private func part(_ node: Node) -> RulePart? {
        guard
            let fields = sheet.fields(
                node, of: ("a part", "部分"), known: ["id", "title", "english", "bonus", "floor"],
                required: ["id", "title", "bonus"]), let id: RulePartID = fields.identifier("id")
        else { return nil }
        return RulePart(
            id: id, title: title(fields), bonusPercent: fields.percent("bonus") ?? 0,
            floor: fields.points("floor"))
    }

    private func profile(_ node: Node, parts: [(String, RulePartID)]) -> RuleProfile? {
        guard
            let fields = sheet.fields(
                node, of: ("a profile", "类别"), known: ["id", "title", "english", "base"],
                required: ["id", "title", "base"]), let id: RuleProfileID = fields.identifier("id")
        else { return nil }
        var base: [RulePartID: Points] = [:]
        for (key, value) in sheet.pairs("base", fields) {
            guard let part = sheet.choice(key, of: ("a part", "部分"), among: parts),
                let points = sheet.points(value, of: ("'\(part)'", "“\(part)”"))
            else { continue }
            base[part] = points
        }
        return RuleProfile(id: id, title: title(fields), base: base)
    }

    private func grade(_ node: Node) -> RuleGrade? {
        guard
            let fields = sheet.fields(
                node, of: ("a grade", "等级"), known: ["id", "title", "english", "from"],
                required: ["id", "title", "from"]), let id: RuleGradeID = fields.identifier("id"),
            let points = fields.points("from")
        else { return nil }
        return RuleGrade(id: id, title: title(fields), atLeast: points)
    }

    private func special(_ fields: Fields) -> SpecialBounds {
        guard let node = fields["special"],
            let bounds = sheet.fields(
                node, of: ("'special'", "“special”"), known: ["once", "year"], required: [])
        else { return SpecialBounds() }
        return SpecialBounds(onceMax: bounds.points("once"), yearMax: bounds.points("year"))
    }

    private func contest(_ fields: Fields) -> CellContest? {
        guard let node = fields["contest"],
            let contest = sheet.fields(
                node, of: ("'contest'", "“contest”"), known: ["base", "mean"], required: ["base", "mean"]),
            let base = contest.points("base"), let mean = contest.percent("mean")
        else { return nil }
        return CellContest(base: base, meanPercent: mean)
    }

    /// Working days and names; what is not written keeps its default.
    private func terms(_ fields: Fields) -> RuleTerms {
        var terms = RuleTerms()
        let keys: [(String, WritableKeyPath<RuleTerms, Int>)] = [
            ("publication", \.publicationDays), ("objection", \.objectionDays), ("review", \.reviewDays),
            ("second-ask", \.secondAskDays), ("second-review", \.secondReviewDays), ("soon", \.soonDays),
            ("week-signatures", \.weekSignaturesCount), ("month-signatures", \.monthSignaturesCount),
        ]
        guard let node = fields["terms"],
            let read = sheet.fields(node, of: ("'terms'", "“terms”"), known: keys.map(\.0), required: [])
        else { return terms }
        for (key, path) in keys where read[key] != nil {
            guard let count = read.count(key, in: 0...366) else { continue }
            terms[keyPath: path] = count
        }
        return terms
    }

    private func title(_ fields: Fields) -> Phrase { fields.title() }
}

/// Reads one item. Lives for one check.
struct RuleItemReader {
    let sheet: Sheet
    let parts: [(String, RulePartID)]

    private enum Beside { case special, unbounded, penalty, cell }

    func item(_ node: Node) -> RuleItem? {
        guard
            let fields = sheet.fields(
                node, of: ("an item", "条款"),
                known: [
                    "id", "title", "english", "part", "counts", "points", "evidence", "signatures", "by",
                ], required: ["id", "title", "points"]),
            let id: RuleItemID = fields.identifier("id"), let kind = kind(fields), let points = range(fields)
        else { return nil }
        let roles = (fields["by"] == nil ? [] : fields.list("by") ?? []).compactMap { node in
            sheet.choice(node, of: ("a role", "身份"), among: Role.allCases.map { ($0.rawValue, $0) })
        }
        return RuleItem(
            id: id, title: fields.title(), kind: kind, points: points,
            needsEvidence: fields.choice("evidence", among: [("yes", true), ("no", false)]) ?? false,
            signaturesCount: fields["signatures"] == nil ? 1 : fields.count("signatures", in: 1...8) ?? 1,
            roles: roles.isEmpty ? [.officer, .supervisor] : Set(roles))
    }

    private func kind(_ fields: Fields) -> RuleItem.Kind? {
        let words: [(String, Beside)] = [
            ("special", .special), ("special-unbounded", .unbounded), ("penalty", .penalty), ("cell", .cell),
        ]
        switch (fields["part"], fields["counts"]) {
        case (.some, nil): return fields.choice("part", among: parts).map { .daily($0) }
        case (nil, .some):
            return fields.choice("counts", among: words).map { beside in
                switch beside {
                case .special: .special(isUnbounded: false)
                case .unbounded: .special(isUnbounded: true)
                case .penalty: .penalty
                case .cell: .cell
                }
            }
        case (nil, nil), (.some, .some):
            sheet.note(
                fields.mark, ("it is not said where the item counts", "未写明条款计入何处"),
                (
                    "Write either 'part: …' or 'counts: special, special-unbounded, penalty or cell'",
                    "写“part: …”，或“counts:” special、special-unbounded、penalty、cell 之一"
                ))
            return nil
        }
    }

    /// `2`, `-5`, `1..10`, `-10..-1`.
    private func range(_ fields: Fields) -> ClosedRange<Points>? {
        guard let text = fields.text("points") else { return nil }
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { Points($0) }
        guard (1...2).contains(ends.count), let first = ends.first, let least = first, let last = ends.last,
            let most = last, least <= most, most <= .zero || least >= .zero, least != .zero || most != .zero
        else {
            sheet.note(
                fields.mark("points"), ("'\(text.shown)' are no points", "“\(text.shown)”不是分值"),
                (
                    "Write 2, -5, 1..10 or -10..-1: the smaller first, never across zero",
                    "写成 2、-5、1..10 或 -10..-1：小的在前，不跨越零"
                ))
            return nil
        }
        return least...most
    }
}

extension Fields {
    func points(_ key: String) -> Points? {
        values[key].flatMap { sheet.points($0, of: ("'\(key)'", "“\(key)”")) }
    }

    /// `50%`.
    func percent(_ key: String) -> Int64? {
        guard let text = text(key) else { return nil }
        if text.hasSuffix("%"), let number = Int64(text.dropLast()), (0...1_000).contains(number) {
            return number
        }
        sheet.note(
            mark(key), ("'\(text.shown)' is no share", "“\(text.shown)”不是百分比"),
            ("Write it like 50%", "写成 50% 的形式"))
        return nil
    }

    func count(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        let (least, most) = (range.lowerBound, range.upperBound)
        sheet.note(
            mark(key),
            (
                "'\(text.shown)' is not between \(least) and \(most)",
                "“\(text.shown)”不在 \(least) 至 \(most) 之间"
            ),
            ("Write a whole number", "请写一个整数"))
        return nil
    }

    /// The English title is the Chinese one where it is missing.
    func title() -> Phrase {
        let zh = text("title") ?? ""
        return Phrase(zh, values["english"] == nil ? zh : text("english") ?? zh)
    }
}

extension Sheet {
    func points(_ node: Node, of owner: (String, String)) -> Points? {
        guard let text = text(node, of: owner) else { return nil }
        if let points = Points(text) { return points }
        note(
            node.mark, ("'\(text.shown)' are no points", "“\(text.shown)”不是分值"),
            ("Write a number with at most two places, like 35 or -0.5", "写一个最多两位小数的数，如 35 或 -0.5"))
        return nil
    }
}
