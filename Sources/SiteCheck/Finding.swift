// SPDX-License-Identifier: Apache-2.0

/// One sentence in the two languages of the people who install terminals.
package struct Wording: Hashable, Sendable {
    package var english: String
    package var chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }
}

/// Something in a board or site file that a person should know: where, what, and what to write instead. A
/// value; lives on the tool's thread. The file can be compiled exactly when none of its findings is a
/// mistake.
package struct Finding: Hashable, Sendable {
    package enum Severity: Sendable, Hashable {
        case mistake
        case warning
    }

    package enum Language: Sendable, Hashable, CaseIterable {
        case english
        case chinese
    }

    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int?
    package var severity: Severity
    package var what: Wording
    package var remedy: Wording

    /// `site.yaml:12:5: mistake: unknown key 'adress'. Write 'address'.`
    package func text(_ language: Language) -> String {
        let place = column.map { "\(file):\(line):\($0)" } ?? "\(file):\(line)"
        switch (language, severity) {
        case (.english, .mistake): return "\(place): mistake: \(what.english). \(remedy.english)."
        case (.english, .warning): return "\(place): warning: \(what.english). \(remedy.english)."
        case (.chinese, .mistake): return "\(place)：错误：\(what.chinese)。\(remedy.chinese)。"
        case (.chinese, .warning): return "\(place)：警告：\(what.chinese)。\(remedy.chinese)。"
        }
    }
}

extension Finding {
    static func unreadable(_ path: String) -> Finding {
        Finding(
            file: path, line: 1, column: nil, severity: .mistake,
            what: Wording("the file cannot be read as UTF-8 text", "无法以 UTF-8 文字读取文件"),
            remedy: Wording("Check its name, its size and who may read it", "检查文件名、大小和读取权限"))
    }
}

extension [Finding] {
    package var hasMistakes: Bool { contains { $0.severity == .mistake } }

    /// By file in the order of reading, then by place.
    func ordered() -> [Finding] {
        var files: [String] = []
        for finding in self where !files.contains(finding.file) { files.append(finding.file) }
        let rank = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, $0) })
        return enumerated().sorted { a, b in
            (rank[a.element.file] ?? 0, a.element.line, a.element.column ?? 0, a.offset)
                < (rank[b.element.file] ?? 0, b.element.line, b.element.column ?? 0, b.offset)
        }.map(\.element)
    }

    /// What the tool prints: a line for each finding and language, and a count at the end.
    package func rendered(_ languages: [Finding.Language] = Finding.Language.allCases) -> String {
        var lines = flatMap { finding in
            languages.enumerated().map { $0 == 0 ? finding.text($1) : "    " + finding.text($1) }
        }
        let mistakes = count { $0.severity == .mistake }
        if languages.contains(.english) { lines.append("\(mistakes) mistakes, \(count - mistakes) warnings") }
        if languages.contains(.chinese) { lines.append("\(mistakes) 个错误，\(count - mistakes) 个警告") }
        return lines.joined(separator: "\n")
    }
}

/// What a check made of a file: the value exactly when there is no mistake among the findings.
package struct Checked<Value> {
    package var value: Value?
    package var findings: [Finding]

    package init(value: Value?, findings: [Finding]) {
        self.value = findings.hasMistakes ? nil : value
        self.findings = findings
    }
}

extension Checked: Sendable where Value: Sendable {}
