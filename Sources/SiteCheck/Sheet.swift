// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// Reads the nodes of one file and notes everything that is wrong with them. Lives for one check, on one
/// thread. Reading goes on after a mistake, so that one run names them all; what could not be read comes back
/// as `nil`, already noted.
final class Sheet {
    let file: String
    private(set) var findings: [Finding]

    init(file: String, findings: [Finding] = []) {
        self.file = file
        self.findings = findings
    }

    func note(_ mark: Mark?, _ what: (String, String), _ remedy: (String, String)) {
        add(.mistake, mark, what, remedy)
    }

    func warn(_ mark: Mark?, _ what: (String, String), _ remedy: (String, String)) {
        add(.warning, mark, what, remedy)
    }

    private func add(
        _ severity: Finding.Severity, _ mark: Mark?, _ what: (String, String), _ remedy: (String, String)
    ) {
        guard findings.count < Limits.findingsMaxCount else { return }
        findings.append(
            Finding(
                file: file, line: mark?.line ?? 1, column: mark?.column, severity: severity,
                what: Wording(what.0, what.1), remedy: Wording(remedy.0, remedy.1)))
    }

    /// The values of a mapping by key; keys that nobody knows and keys that are missing are noted.
    func fields(
        _ node: Node, of owner: (String, String), known: [String], required: [String]
    ) -> Fields? {
        guard case .mapping(let mapping) = node else {
            note(
                node.mark, ("\(owner.0) has to be keys and values", "\(owner.1)应为键和值"),
                (
                    "Write 'key: value' lines with the keys \(known.joined(separator: ", "))",
                    "写成“键: 值”的行，可用的键：\(known.joined(separator: "、"))"
                ))
            return nil
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                note(key.mark, ("a key has to be a word", "键应为一个词"), ("Write 'key: value'", "写成“键: 值”"))
                continue
            }
            guard known.contains(name) else {
                let guess = NearWord.nearest(to: name, among: known)
                let all = known.joined(separator: ", ")
                note(
                    key.mark,
                    ("\(owner.0) has an unknown key '\(name.shown)'", "\(owner.1)有未知的键“\(name.shown)”"),
                    guess.map { ("Did you mean '\($0)'?", "是否应为“\($0)”？") }
                        ?? ("Delete it; the known keys are \(all)", "请删除；可用的键：\(all)"))
                continue
            }
            values[name] = value
        }
        for name in required where values[name] == nil {
            note(
                node.mark, ("\(owner.0) has no '\(name)'", "\(owner.1)缺少“\(name)”"),
                ("Add '\(name): …'", "请添加“\(name): …”"))
        }
        return Fields(sheet: self, values: values, mark: node.mark)
    }

    /// The elements of a list.
    func list(_ node: Node, of owner: (String, String)) -> [Node]? {
        guard case .sequence(let sequence) = node else {
            note(
                node.mark, ("\(owner.0) has to be a list", "\(owner.1)应为列表"),
                ("Begin each entry with '- ', or write [a, b]", "每项以“- ”开头，或写成 [a, b]"))
            return nil
        }
        guard sequence.count <= Limits.siteRowsMaxCount else {
            note(
                node.mark, ("\(owner.0) has \(sequence.count) entries", "\(owner.1)有 \(sequence.count) 项"),
                ("At most \(Limits.siteRowsMaxCount) are possible", "最多 \(Limits.siteRowsMaxCount) 项"))
            return nil
        }
        return Array(sequence)
    }

    /// A text of 1 to `max` bytes that can be printed.
    func text(_ node: Node, of owner: (String, String), max: Int = Limits.titleMaxBytes) -> String? {
        guard let scalar = node.scalar else {
            note(
                node.mark, ("\(owner.0) has to be a text, not a list or keys", "\(owner.1)应为文字，而不是列表或键"),
                ("Write one value behind the colon", "在冒号后写一个值"))
            return nil
        }
        let text = scalar.string
        guard !text.isEmpty, !text.allSatisfy(\.isWhitespace) else {
            note(
                node.mark, ("\(owner.0) is empty", "\(owner.1)为空"),
                ("Write a value behind the colon", "在冒号后写上内容"))
            return nil
        }
        guard text.utf8.count <= max else {
            note(
                node.mark,
                ("\(owner.0) is \(text.utf8.count) bytes long", "\(owner.1)有 \(text.utf8.count) 字节"),
                ("At most \(max) bytes are possible", "最多 \(max) 字节"))
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            note(
                node.mark, ("\(owner.0) has a character that cannot be printed", "\(owner.1)含有不可打印的字符"),
                ("Delete line breaks and control characters", "删除换行符和控制字符"))
            return nil
        }
        return text
    }

    func identifier<Kind>(_ node: Node, of owner: (String, String)) -> Identifier<Kind>? {
        guard let text = text(node, of: owner) else { return nil }
        guard let identifier = Identifier<Kind>(text) else {
            note(
                node.mark,
                ("\(owner.0) '\(text.shown)' is no valid name", "\(owner.1)“\(text.shown)”不是有效的名称"),
                ("Use 1 to 16 of A–Z a–z 0–9 - _ .", "请用 1 至 16 个字符：A–Z a–z 0–9 - _ ."))
            return nil
        }
        return identifier
    }

    /// One of a few words.
    func choice<Choice>(_ node: Node, of owner: (String, String), among words: [(String, Choice)]) -> Choice?
    {
        guard let text = text(node, of: owner) else { return nil }
        if let word = words.first(where: { $0.0 == text }) { return word.1 }
        let all = words.map(\.0)
        let guess = NearWord.nearest(to: text, among: all).map { (" Did you mean '\($0)'?", "是否应为“\($0)”？") }
        let list = all.joined(separator: ", ")
        note(
            node.mark, ("\(owner.0) cannot be '\(text.shown)'", "\(owner.1)不能是“\(text.shown)”"),
            (
                "Use one of \(list)\(guess.map { ".\($0.0)" } ?? "")",
                "请用其中之一：\(list)\(guess.map { "。\($0.1)" } ?? "")"
            ))
        return nil
    }
}

/// The values of one mapping, by key. A missing key is `nil` and was noted when it is required.
struct Fields {
    let sheet: Sheet
    let values: [String: Node]
    let mark: Mark?

    subscript(_ key: String) -> Node? { values[key] }
    func mark(_ key: String) -> Mark? { values[key]?.mark ?? mark }

    func text(_ key: String, max: Int = Limits.titleMaxBytes) -> String? {
        values[key].flatMap { sheet.text($0, of: ("'\(key)'", "“\(key)”"), max: max) }
    }

    func identifier<Kind>(_ key: String) -> Identifier<Kind>? {
        values[key].flatMap { sheet.identifier($0, of: ("'\(key)'", "“\(key)”")) }
    }

    func choice<Choice>(_ key: String, among words: [(String, Choice)]) -> Choice? {
        values[key].flatMap { sheet.choice($0, of: ("'\(key)'", "“\(key)”"), among: words) }
    }

    func list(_ key: String) -> [Node]? {
        values[key].flatMap { sheet.list($0, of: ("'\(key)'", "“\(key)”")) }
    }
}

extension String {
    /// Short enough for a sentence.
    var shown: String { count <= 40 ? self : prefix(39) + "…" }
}

/// Finds the word that a person probably meant.
enum NearWord {
    static func nearest(to text: String, among words: [String]) -> String? {
        let text = Array(text.lowercased().replacing("_", with: "-").prefix(40))
        let ranked = words.map { ($0, distance(text, Array($0))) }.min { $0.1 < $1.1 }
        guard let ranked, ranked.1 <= max(1, min(text.count, ranked.0.count) / 3) else { return nil }
        return ranked.0
    }

    /// Letters to insert, delete or replace.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let next = letter == other ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count]
    }
}
