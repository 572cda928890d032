// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rule 13: records are append-only, and the database itself refuses anything else.
struct JournalRules {
    private let room = "Sources/Journal/Snippet.swift"

    /// Tables that are no record but a view of one, rebuilt from it, and so may change.
    static let projections = ["standing": "which entries stand, folded from `event` in the same transaction"]

    @Test func journalTables_forbidUpdateAndDelete_byTrigger() {
        let rule = Rule(
            why: "a record that can be changed proves nothing, and one day somebody writes the code",
            instead:
                "CREATE TRIGGER … BEFORE UPDATE ON and … BEFORE DELETE ON each table, RAISE(ABORT, …), in "
                + "the migration that creates it; a projection is named in JournalRules.projections"
        ) { file in
            let table = #"(?i)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)"#
            let text = file.text as NSString
            return file.text.matches(of: table).filter { found in
                let name = text.substring(with: found.range(at: 1))
                let isShut = ["UPDATE", "DELETE"].allSatisfy { Self.isForbidden($0, on: name, in: file.text) }
                return Self.projections[name] == nil && !isShut
            }.map { found in text.substring(to: found.range.location).utf8.count { $0 == 0x0a } + 1 }
        }
        rule.catches(#"run("CREATE TABLE entry (n INTEGER)")"#, in: room)
        rule.catches(#"["CREATE TABLE entry(n)", forbid("UPDATE", on: "entry")] // RAISE(ABORT"#, in: room)
        rule.allows(
            """
            run("CREATE TABLE entry (n INTEGER)")
            run("CREATE TRIGGER a BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END")
            run("CREATE TRIGGER b BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END")
            """, in: room)
        // The compiled configuration is no record: `watchpost apply` replaces it as a whole.
        rule.holds(on: journal.filter { !$0.stem.hasPrefix("CompiledSite") })
    }

    /// By a trigger written out, or by a function that writes it: `forbid("UPDATE", on: "entry")`.
    private static func isForbidden(_ verb: String, on table: String, in text: String) -> Bool {
        text.contains(pattern: #"(?i)\bRAISE\s*\(\s*ABORT\b"#)
            && text.contains(
                pattern: #"(?i)\bBEFORE\s+\#(verb)\s+ON\s+\#(table)\b|"\#(verb)", on: "\#(table)""#)
    }

    @Test func journalRows_areNeverChanged_outsideRetention() {
        let rule = Rule(
            why: "a mistake is corrected by a further entry that names the first",
            instead:
                "append a correction; what may really go (old audio, never alarms) goes in Retention.swift"
        ) { file in
            let change = #"(?i)\b(?:UPDATE(?=\s+\w+\s+SET)|DELETE\s+FROM|REPLACE\s+INTO)\s+(\w+)"#
            return file.lines.indices.filter { index in
                let line = file.lines[index].replacing(/\/\/.*/, with: "")
                return line != file.codeLines[index]
                    && line.captures(of: change).contains { Self.projections[$0] == nil }
            }.map { $0 + 1 }
        }
        rule.catches(#"run("DELETE FROM entry WHERE n = 1")"#, in: room)
        rule.catches(#"run("UPDATE entry SET n = 2")"#, in: room)
        rule.catches(#"run("INSERT OR REPLACE INTO entry VALUES (1)")"#, in: room)
        rule.catches("run(\"\"\"\n    DELETE FROM entry\n    \"\"\")", in: room)
        rule.allows(#"run("INSERT INTO entry VALUES (1)") // never DELETE FROM"#, in: room)
        rule.allows(#"run("DELETE FROM standing WHERE subject = ?")"#, in: room)
        rule.holds(
            on: journal.filter { !$0.stem.hasPrefix("CompiledSite") && !$0.stem.hasPrefix("Retention") })
    }

    private var journal: [SourceFile] { Tree.swiftSources.filter { $0.room == "Journal" } }
}
