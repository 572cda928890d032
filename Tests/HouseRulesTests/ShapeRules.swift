// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rules 9 and 11, and the names: what a newcomer sees before reading a line.
struct ShapeRules {
    @Test func types_sayWhatTheyAreFor_beforeTheyBegin() {
        let type = #"^(@\w+(\([^)]*\))?\s+)*(\w+\s+)*(struct|class|actor|enum|protocol)\s+\w"#
        let rule = Rule(
            why:
                "the first comment is the contract: what for, on which thread, what is always true",
            instead: "/// above it. One-line types in a row may share one"
        ) { file in
            var depth = 0
            return file.codeLines.indices.filter { index in
                let line = file.codeLines[index]
                defer { depth += line.count { $0 == "{" } - line.count { $0 == "}" } }
                return depth == 0 && line.contains(pattern: type) && !isIntroduced(file.lines, at: index)
            }.map { $0 + 1 }
        }
        rule.catches("import Facility\n\nstruct Desk {\n}", in: "Sources/AlarmAgent/Snippet.swift")
        rule.catches("package final class Desk {\n}", in: "Sources/AlarmAgent/Snippet.swift")
        rule.allows(
            "/// A desk.\n@frozen\npackage struct Desk {\n    enum Key {}\n}",
            in: "Sources/AlarmAgent/Snippet.swift")
        rule.allows("/// Kinds.\nenum A {}\nenum B {}", in: "Sources/Facility/Snippet.swift")
        rule.holds(on: Tree.swiftSources + Tree.swiftTests.filter { $0.room == "TestBoard" })
    }

    /// Whether a `///` stands above; attributes, `//` lines and one-line types may stand between.
    private func isIntroduced(_ lines: [String], at index: Int) -> Bool {
        let between = #"^(@|//(?!/)|[^/]*\benum\b.*\{\}\s*$)"#
        let above = lines[..<index].last { !$0.contains(pattern: between) }
        return above?.hasPrefix("///") == true
    }

    @Test func functions_fitAScreen() {
        let rule = Rule(
            why: "what does not fit a screen (70 lines) is not seen at once, so its mistakes are not either",
            instead: "push branches up and loops down: part it where it already has parts"
        ) { file in file.functions.filter { $0.length > 70 }.map(\.line) }
        let body = String(repeating: "    x += 1\n", count: 70)
        rule.catches("func long(\n    _ x: Int = { 1 }()\n) {\n\(body)}", in: "Sources/GPIO/Snippet.swift")
        rule.catches("    init(x: Int) {\n\(body)    }", in: "Sources/GPIO/Snippet.swift")
        rule.catches("int long_one(int x) {\n\(body)}", in: "Sources/CLinux/snippet.c")
        rule.allows(
            "protocol P {\n    func brief()\n    var x: Int { get }\n}\nlet t = \"\"\"\n\(body)\"\"\"",
            in: "Sources/GPIO/P.swift")
        rule.holds(on: Tree.code)
    }

    @Test func files_endBeforeTheReaderDoes() {
        let rule = Rule(
            why: "files aim near 100 to 200 lines; beyond 300 a file has two subjects",
            instead: "part it by subject, not by size"
        ) { $0.lines.count > 301 ? [301] : [] }
        rule.catches(String(repeating: "\n", count: 301), in: "Sources/GPIO/Snippet.swift")
        rule.holds(on: Tree.code)
    }

    @Test func lines_fitBesideEachOther() {
        let rule = Rule(
            why: "two files side by side on one screen: 110 columns",
            instead: "`make format`, and shorter words in comments"
        ) { file in file.lines.indices.filter { file.lines[$0].count > 110 }.map { $0 + 1 } }
        rule.catches("// " + String(repeating: "word ", count: 24), in: "Sources/GPIO/Snippet.swift")
        rule.allows(String(repeating: "看", count: 110), in: "Sources/GPIO/Snippet.swift")
        rule.holds(on: Tree.code + [Tree.package])
    }

    @Test func sources_nameTheirLicence_first() {
        let rule = Rule(
            why: "a file that is copied out must still say under what terms",
            instead: "`SPDX-License-Identifier: Apache-2.0` as the first comment"
        ) { file in
            let head = file.lines.prefix(2).filter {
                !$0.hasPrefix("#!") && !$0.hasPrefix("// swift-tools-version")
            }
            return head.first?.contains("SPDX-License-Identifier: Apache-2.0") == true ? [] : [1]
        }
        rule.catches("import Facility", in: "Sources/GPIO/Snippet.swift")
        rule.allows("#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0", in: "Tests/Rig/snippet.sh")
        let others = ["Makefile", ".ci/run", ".ci/setup"].map(Tree.file)
        rule.holds(on: Tree.code + Tree.tests.filter { $0.path.hasSuffix(".sh") } + [Tree.package] + others)
    }

    @Test func names_sayTheSubject_notTheDrawer() {
        let drawer =
            "^(Core|Common|Utils?|Utilities|Shared|Services?|Models?|Managers?|Helpers?|Misc|Types)$"
        let word = #"(Manager|Helpers?|Utils?|Utilities)$|^Mock"#
        for room in Tree.names(in: "Sources") + Tree.code.map(\.stem) {
            #expect(
                !room.contains(pattern: drawer) && !room.contains(pattern: word),
                "\(room): a drawer collects whatever has no place. Name it after the one thing it holds.")
        }
        let rule = Rule(
            against:
                #"\b(struct|class|actor|enum|protocol)\s+(Mock\w*|\w+(Protocol|Manager|Helper|Utils?))\b"#,
            why: "a Mock tests itself, a …Protocol has one conformer, a …Manager has no subject",
            instead: "the real thing on a temporary file, loopback or port 0; a noun from the field")
        rule.catches("protocol LineBankProtocol {}", in: "Sources/GPIO/Snippet.swift")
        rule.catches("final class MockJournal {}", in: "Tests/JournalTests/Snippet.swift")
        rule.holds(on: Tree.swiftSources + Tree.swiftTests)
        #expect("Utils".contains(pattern: drawer) && "AlarmManager".contains(pattern: word))
    }

    @Test func rooms_shareTheirName_withNoTypeInside() {
        let rule = Rule(
            why: "`Journal.Entry` does not compile when module Journal has a type Journal",
            instead: "a more telling name for the type: EventJournal"
        ) { file in
            file.lines(matching: #"\b(struct|class|actor|enum|protocol|typealias)\s+\#(file.room)\b"#)
        }
        rule.catches("package struct Journal {}", in: "Sources/Journal/Snippet.swift")
        rule.allows("package struct EventJournal {}", in: "Sources/Journal/Snippet.swift")
        rule.holds(on: Tree.swiftSources.filter { $0.room.contains(pattern: #"^\w+$"#) })
    }

    @Test func doorways_stayDoorways() {
        let rule = Rule(
            why: "arguments, configuration, run: what is in a main.swift can be tested by nobody",
            instead: "under 60 lines; the rest is a room"
        ) { $0.lines.count > 60 ? [60] : [] }
        rule.catches(String(repeating: "\n", count: 60), in: "Sources/watchpost/main.swift")
        rule.holds(on: Tree.swiftSources.filter { $0.stem == "main" })
    }
}
