// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One file of the project as the rules see it: as written, and as code alone.
struct SourceFile: Sendable {
    /// From the project's root: `Sources/Alarms/AlarmMachine.swift`.
    let path: String
    let text: String
    /// `text` with comments and the words of string literals blanked; same lines, same columns for ASCII.
    let code: String
    let lines: [String]
    let codeLines: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = path.isSwift || path.isC ? CodeReader.code(of: text) : text
        lines = text.components(separatedBy: "\n")
        codeLines = code.components(separatedBy: "\n")
    }

    /// `AlarmMachine`.
    var stem: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
    /// `Alarms` for what lies under `Sources/Alarms`, `AlarmsTests` for what lies under `Tests/AlarmsTests`.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Numbers of the lines, from 1, on which a match in the code begins.
    func lines(matching pattern: String) -> [Int] {
        code.matches(of: pattern).map { line(at: $0.range.location) }
    }

    /// The line, from 1, of a UTF-16 offset into the code.
    func line(at offset: Int) -> Int {
        (code as NSString).substring(to: offset).utf8.count { $0 == 0x0a } + 1
    }

    /// Names of the modules it imports, with their lines.
    var imports: [(module: String, line: Int)] {
        code.matches(
            of: #"^[ \t]*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func|var|let)\s+)?(\w+)"#
        )
        .map { ((code as NSString).substring(with: $0.range(at: 1)), line(at: $0.range.location)) }
    }
}

extension String {
    var isSwift: Bool { hasSuffix(".swift") }
    var isC: Bool { hasSuffix(".c") || hasSuffix(".h") }

    /// Matches with `^` and `$` at every line. A pattern that does not compile is a mistake in the rule, and
    /// traps.
    func matches(of pattern: String) -> [NSTextCheckingResult] {
        do {
            return try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
                .matches(in: self, range: NSRange(location: 0, length: utf16.count))
        } catch {
            fatalError("rule's pattern \(pattern): \(error)")
        }
    }

    /// What the first group of every match caught.
    func captures(of pattern: String) -> [String] {
        matches(of: pattern).map { (self as NSString).substring(with: $0.range(at: 1)) }
    }

    func contains(pattern: String) -> Bool { !matches(of: pattern).isEmpty }
}
