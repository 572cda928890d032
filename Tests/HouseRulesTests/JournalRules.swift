// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rule 13: records are append-only, and the database itself refuses anything else.
struct JournalRules {
    private let room = "Sources/Journal/Snippet.swift"

    @Test func journalTables_forbidUpdateAndDelete_byTrigger() {
        let rule = Rule(
            why:
                "a record that can be changed proves nothing, and one day somebody writes the code",
            instead: "CREATE TRIGGER … BEFORE UPDATE ON and … BEFORE DELETE ON each table, RAISE(ABORT, …), "
                + "in the migration that creates it"
        ) { file in
            let table = #"(?i)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\S+?)[\s(]"#
            return file.text.matches(of: table).enumerated().filter { index, _ in
                let name = file.text.captures(of: table)[index]
                return !["UPDATE", "DELETE"].allSatisfy { change in
                    let subject = [name, #"\("#].contains {
                        file.text.lowercased().contains("before \(change) on \($0)".lowercased())
                    }
                    return subject && file.text.contains(pattern: #"(?i)RAISE\s*\(\s*ABORT"#)
                }
            }.map { file.text.prefixLine(of: $0.element.range.location) }
        }
        rule.catches(#"run("CREATE TABLE entry (n INTEGER)")"#, in: room)
        rule.allows(
            """
            run("CREATE TABLE entry (n INTEGER)")
            run("CREATE TRIGGER a BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END")
            run("CREATE TRIGGER b BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END")
            """, in: room)
        // The compiled configuration is no record: `watchpost apply` replaces it as a whole.
        rule.holds(on: journal.filter { !$0.stem.hasPrefix("CompiledSite") })
    }

    @Test func journalRows_areNeverChanged_outsideRetention() {
        let rule = Rule(
            why: "a mistake is corrected by a further entry that names the first",
            instead:
                "append a correction; what may really go (old audio, never alarms) goes in Retention.swift"
        ) { file in
            let change = #"(?i)\b(UPDATE\s+\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO)\b"#
            return file.lines.indices.filter { index in
                let line = file.lines[index].replacing(/\/\/.*/, with: "")
                return line != file.codeLines[index] && line.contains(pattern: change)
            }.map { $0 + 1 }
        }
        rule.catches(#"run("DELETE FROM entry WHERE n = 1")"#, in: room)
        rule.catches(#"run("UPDATE entry SET n = 2")"#, in: room)
        rule.catches(#"run("INSERT OR REPLACE INTO entry VALUES (1)")"#, in: room)
        rule.catches("run(\"\"\"\n    DELETE FROM entry\n    \"\"\")", in: room)
        rule.allows(#"run("INSERT INTO entry VALUES (1)") // never DELETE FROM"#, in: room)
        rule.holds(
            on: journal.filter { !$0.stem.hasPrefix("CompiledSite") && !$0.stem.hasPrefix("Retention") })
    }

    private var journal: [SourceFile] { Tree.swiftSources.filter { $0.room == "Journal" } }
}

extension String {
    /// The line, from 1, of a UTF-16 offset.
    fileprivate func prefixLine(of offset: Int) -> Int { utf16.prefix(offset).count { $0 == 0x0a } + 1 }
}
