// SPDX-License-Identifier: Apache-2.0
import Conduct
import DeskLink
import Facility
import Foundation
import Journal
import TestBoard
import Testing
import Workbench

struct StandingTaskTests {
    private static let rules = """
        rules: house
        title: 规则
        english: rules
        from: 2026-01-01
        parts: [{id: order, title: 纪律, english: order, bonus: 10%}]
        profiles: [{id: held, title: 在押, base: {order: 100}}]
        contest: {base: 100, mean: 50%}
        items:
          - {id: helps, part: order, title: 助人, english: helps, points: 1..20}
          - {id: clean, counts: cell, title: 整洁, english: clean, points: 5}
        """
    private static let cell = ZoneID("cell-101")!
    private static let person = ResidentID("R1")!

    /// Journals of two posts: who is where from the first, what was done from both.
    private func journals(in directory: TemporaryDirectory) throws -> [String] {
        let placed = ConductEntry.placed(
            Placement(
                resident: Self.person, cell: Self.cell, profile: RuleProfileID("held")!,
                from: CivilDay("2026-01-01")!))
        func score(_ item: String, _ points: Int64, of subject: LedgerEntry.Subject) -> ConductEntry {
            .scored(
                LedgerEntry(
                    subject: subject, pack: RulePackID("house")!, item: RuleItemID(item)!,
                    points: Points(points), day: CivilDay("2026-03-10")!, officer: OfficerID("P1")!))
        }
        let helps = score("helps", 8, of: .resident(Self.person))
        return [
            try journal("post-a", [placed, helps], in: directory),
            try journal("post-b", [helps, score("clean", 5, of: .cell(Self.cell))], in: directory),
        ]
    }

    private func journal(_ name: String, _ entries: [ConductEntry], in directory: TemporaryDirectory) throws
        -> String
    {
        let path = directory.path + "/\(name).db"
        let terminal = try #require(TerminalID(name))
        let journal = EventJournal(path: path, terminal: terminal, run: 9) {}
        journal.start()
        for (index, entry) in entries.enumerated() {
            let id = EventID(terminal: terminal, stream: .conduct, run: 9, sequence: UInt64(index + 1))
            let at = Moment(uptime: .now, wallMs: 1_773_000_000_000, uncertaintyMs: 10)
            journal.append(
                JournalEvent(id: id, at: at, kind: entry.kind, payload: entry.payload), urgent: false,
                now: .now)
        }
        // Stops when all of it is stored.
        journal.stop()
        return path
    }

    @Test func month_isSummed_fromFilesAlone() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let files = try journals(in: directory)
        let rules = directory.path + "/rules.yaml"
        try Data(Self.rules.utf8).write(to: URL(fileURLWithPath: rules))
        let month = try #require(CivilMonth("2026-03"))
        let listener = Listener()
        let task = StandingTask(listener.voice(json: true))
        #expect(try task.standing(Self.person, month, journals: files, rules: [rules]) == .done)
        // 100 + min(8 + 8, 10).
        #expect(listener.out.last?.contains("\"total\":\"110\"") == true, "\(listener.out) \(listener.err)")
        #expect(listener.out.last?.contains("\"why\":\"partBonus\"") == true)
        #expect(try task.ranking(month, journals: files.reversed(), rules: [rules]) == .done)
        #expect(listener.out.last?.contains("\"total\":\"160\"") == true, "\(listener.out)")
        let words = Listener()
        #expect(
            try StandingTask(words.voice()).standing(Self.person, month, journals: files, rules: [rules])
                == .done)
        #expect(
            words.out.contains { $0.contains("2026-03-10 helps") && $0.contains("2 / 8") }, "\(words.out)")
        #expect(
            try task.standing(ResidentID("R2")!, month, journals: files, rules: [rules]) == .refused)
    }

    @Test func nothingIsSummed_fromAJournalThatWasAltered() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let files = try journals(in: directory)
        let rules = directory.path + "/rules.yaml"
        try Data(Self.rules.utf8).write(to: URL(fileURLWithPath: rules))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: files[0]))
        let place = try #require(bytes.range(of: Data("points=8".utf8)))
        bytes[place.upperBound - 1] = UInt8(ascii: "9")
        try bytes.write(to: URL(fileURLWithPath: files[0]))
        let listener = Listener()
        let outcome = try StandingTask(listener.voice()).standing(
            Self.person, CivilMonth("2026-03")!, journals: files, rules: [rules])
        #expect(outcome == .refused && listener.err.contains { $0.contains("post-a.db") }, "\(listener.err)")
    }
}
