// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// One file as YAML nodes, or the findings why not. Everything that could hurt the parser (size, depth,
/// aliases that unfold without end) is refused before it sees the text.
struct YAMLText {
    let file: String
    private(set) var findings: [Finding] = []
    /// Where a repeated key was renamed before it was parsed again, so that all of them are found in one go.
    private static let repeated = "\u{e000}"

    init(file: String) { self.file = file }

    mutating func root(of text: String) -> Node? {
        let text = text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text
        guard isHarmless(text) else { return nil }
        guard let node = composed(text) else { return nil }
        return unrepeated(node)
    }

    // MARK: Before parsing

    private mutating func isHarmless(_ text: String) -> Bool {
        guard text.utf8.count <= Limits.configurationTextMaxBytes else {
            refuse(
                1, ("the file has \(text.utf8.count) bytes", "文件有 \(text.utf8.count) 字节"),
                (
                    "A configuration has at most \(Limits.configurationTextMaxBytes)",
                    "配置文件最多 \(Limits.configurationTextMaxBytes) 字节"
                ))
            return false
        }
        var brackets = 0
        var hasContent = false
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let scan = LineScan(line)
            if scan.hasContent { hasContent = true }
            brackets = max(0, brackets + scan.brackets)
            inspect(scan, line: index + 1, brackets: brackets)
            if findings.count >= Limits.findingsMaxCount { break }
        }
        if !hasContent, findings.isEmpty {
            refuse(
                1, ("the file is empty", "文件是空的"),
                ("Begin it with 'site: name' or 'board: name'", "以“site: 名称”或“board: 名称”开头"))
        }
        return findings.isEmpty
    }

    private mutating func inspect(_ scan: LineScan, line: Int, brackets: Int) {
        if scan.isTooLong {
            refuse(
                line, ("the line is too long", "此行过长"),
                (
                    "Keep lines under \(Limits.configurationLineMaxBytes) bytes",
                    "每行不超过 \(Limits.configurationLineMaxBytes) 字节"
                ))
        }
        if scan.indentHasTab {
            refuse(
                line, ("it is indented with a tab", "用制表符缩进"), ("Use two spaces for each step", "请用空格缩进，每级两个")
            )
        }
        if let column = scan.controlColumn {
            refuse(
                line, column: column, ("it has a control character", "含有控制字符"),
                ("Delete this character", "删除该字符"))
        }
        if scan.depth > Limits.configurationDepthMaxCount || brackets > Limits.configurationDepthMaxCount {
            refuse(
                line, ("it is nested too deeply", "嵌套过深"),
                ("Nothing here needs more than five steps", "配置最多只需要五级"))
        }
        if let column = scan.aliasColumn {
            refuse(
                line, column: column,
                ("anchors and aliases (& and *) are not used here", "此处不使用锚点和别名（& 与 *）"),
                ("Write the value out, or put the text in quotes", "直接写出内容，或将文字放入引号"))
        }
        if scan.hasOpenQuote {
            refuse(
                line, ("a text in quotes does not end on its line", "引号中的文字没有在本行结束"),
                ("Close the quotes on the same line", "请在同一行补上引号"))
        }
    }

    // MARK: Parsing

    private mutating func composed(_ original: String) -> Node? {
        var text = original
        for _ in 0...Limits.findingsMaxCount {
            do {
                guard let node = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot() else { break }
                return node
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard let marked = Self.marking(text, at: context.mark) else {
                    refuse(
                        context.mark.line,
                        ("the key '\(keys.first ?? "")' is given twice", "键“\(keys.first ?? "")”重复"),
                        ("Keep one of them", "只保留一个"))
                    return nil
                }
                text = marked
            } catch {
                refuse(error, in: text)
                return nil
            }
        }
        refuse(
            1, ("it has no content", "没有内容"),
            ("Begin it with 'site: name' or 'board: name'", "以“site: 名称”或“board: 名称”开头"))
        return nil
    }

    private mutating func refuse(_ error: any Error, in text: String) {
        var problem = "\(type(of: error))"
        var place = (line: 1, column: 1)
        if let error = error as? YamlError {
            switch error {
            case .scanner(_, let words, let mark, _), .parser(_, let words, let mark, _),
                .composer(_, let words, let mark, _):
                (problem, place) = (words, (mark.line, mark.column))
            case .reader(let words, let offset, _, _):
                problem = words
                let before = text.utf8.prefix(max(0, offset ?? 0))
                place.line = before.count { $0 == UInt8(ascii: "\n") } + 1
            default: problem = "it cannot be read"
            }
        }
        // libyaml notices some mistakes only at the end, on the line after the last.
        let last = max(1, text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count)
        refuse(
            min(max(1, place.line), last), column: max(1, place.column),
            ("YAML syntax: \(problem)", "YAML 语法错误：\(problem)"),
            (
                "Compare the indentation, colons, quotes and brackets of this line and the one above it",
                "检查本行和上一行的缩进、冒号、引号和括号"
            ))
    }

    // MARK: Repeated keys

    /// The text with the key at this place made a different one, all lines as they were.
    private static func marking(_ text: String, at mark: Mark) -> String? {
        var line = 1
        var column = 1
        var scalars = String.UnicodeScalarView()
        var isDone = false
        for scalar in text.unicodeScalars {
            let isQuote = scalar == "\"" || scalar == "'"
            let isHere = line == mark.line && column == mark.column
            if isHere, isQuote { scalars.append(scalar) }
            if isHere {
                scalars.append(contentsOf: repeated.unicodeScalars)
                isDone = true
            }
            if !(isHere && isQuote) { scalars.append(scalar) }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return isDone ? String(scalars) : nil
    }

    /// The tree with the last of each repeated key, and a finding for every one that came too often.
    private mutating func unrepeated(_ node: Node) -> Node {
        switch node {
        case .scalar, .alias: return node
        case .sequence(var sequence):
            for index in sequence.indices { sequence[index] = unrepeated(sequence[index]) }
            return .sequence(sequence)
        case .mapping(let mapping):
            var first: [String: Int] = [:]
            var pairs: [(Node, Node)] = []
            for (key, value) in mapping {
                let name = (key.scalar?.string ?? "").filter { String($0) != Self.repeated }
                let line = key.mark?.line ?? 1
                if let first = first[name], key.scalar != nil {
                    refuse(
                        line,
                        (
                            "the key '\(name)' was already given in line \(first)",
                            "键“\(name)”在第 \(first) 行已经给出"
                        ),
                        ("Keep one of the two lines", "两行只保留一行"))
                } else {
                    first[name] = line
                }
                let value = unrepeated(value)
                if key.scalar?.string.contains(Self.repeated) != true { pairs.append((key, value)) }
            }
            return .mapping(.init(pairs, mapping.tag, mapping.style, mapping.mark))
        }
    }

    private mutating func refuse(
        _ line: Int, column: Int? = nil, _ what: (String, String), _ remedy: (String, String)
    ) {
        findings.append(
            Finding(
                file: file, line: line, column: column, severity: .mistake, what: Wording(what.0, what.1),
                remedy: Wording(remedy.0, remedy.1)))
    }
}
