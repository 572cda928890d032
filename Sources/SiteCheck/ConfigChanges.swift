// SPDX-License-Identifier: Apache-2.0
import Facility

/// What a technician should read before going home: the differences between two versions, one sentence each.
/// Pure.
enum ConfigChanges {
    static func between(_ old: TerminalConfig?, _ new: TerminalConfig) -> [String] {
        guard let old else {
            return [
                "first configuration: \(new.site.terminals.count) terminals, "
                    + "\(new.board.duties.count) lines, \(new.site.officers.count) officers"
            ]
        }
        var changes: [String] = []
        compare("terminal", old.terminal, new.terminal, &changes)
        compare("site", old.site.name, new.site.name, &changes)
        lists("terminal", old.site.terminals, new.site.terminals, by: \.id.text, &changes)
        for zone in Set(old.site.rings.keys).union(new.site.rings.keys).sorted() {
            compare("rings of zone \(zone)", rings(old, zone), rings(new, zone), &changes)
        }
        compare("ladder", ladder(old), ladder(new), &changes)
        lists("officer", old.site.officers, new.site.officers, by: \.id.text, &changes)
        compare("board", old.board.name, new.board.name, &changes)
        compare("kind of board", "\(old.board.kind)", "\(new.board.kind)", &changes)
        lists("line", old.board.duties, new.board.duties, by: \.line.name.text, &changes)
        compare(
            "operators", old.operators.joined(separator: ", "), new.operators.joined(separator: ", "),
            &changes)
        compare("key", old.keyPath, new.keyPath, &changes)
        compare("journal", old.journalPath, new.journalPath, &changes)
        compare("runtime", old.runtimePath, new.runtimePath, &changes)
        return changes.isEmpty ? ["only the version or the order of entries changed"] : changes
    }

    private static func compare<Value: Equatable>(
        _ what: String, _ old: Value, _ new: Value, _ changes: inout [String]
    ) {
        if old != new { changes.append("\(what): \(old) → \(new)") }
    }

    private static func lists<Element: Equatable>(
        _ what: String, _ old: [Element], _ new: [Element], by name: (Element) -> String,
        _ changes: inout [String]
    ) {
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { a, _ in a })
        let after = Dictionary(new.map { (name($0), $0) }, uniquingKeysWith: { a, _ in a })
        for key in Set(before.keys).union(after.keys).sorted() {
            switch (before[key], after[key]) {
            case (nil, .some): changes.append("\(what) \(key) is new")
            case (.some, nil): changes.append("\(what) \(key) is gone")
            case (.some(let a), .some(let b)): if a != b { changes.append("\(what) \(key) changed") }
            case (nil, nil): break
            }
        }
    }

    private static func rings(_ config: TerminalConfig, _ zone: ZoneID) -> String {
        guard let rings = config.site.rings[zone] else { return "none" }
        return rings.map { "[" + $0.map(\.text).joined(separator: ", ") + "]" }.joined(separator: " ")
    }

    private static func ladder(_ config: TerminalConfig) -> String {
        config.site.ladderMs.map { "\($0) ms" }.joined(separator: ", ")
    }
}
