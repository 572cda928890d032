// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Foundation
import SiteCheck
import Testing

/// The rule packs of `board-configs`, each with a month that was computed by hand.
struct ShippedRulePacksTests {
    /// March 2026 in a cell, by one pack.
    private struct March {
        var ledger: ConductLedger
        let pack: RulePack
        private var count: UInt64 = 0

        init(_ name: String) throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let path = root.appendingPathComponent("board-configs/rules-\(name).yaml").path
            let checked = checkRulePack(path: path)
            #expect(checked.findings.isEmpty, "\(checked.findings.rendered([.english]))")
            pack = try #require(checked.value)
            #expect(try RulePack.decode(pack.encode(), at: path) == pack)
            ledger = ConductLedger(packs: [pack])
        }

        mutating func take(_ entry: ConductEntry) throws {
            count += 1
            let terminal = try #require(TerminalID("post-a"))
            let id = EventID(terminal: terminal, stream: .conduct, run: 1, sequence: count)
            ledger.take(PostedEntry(id: id, sequence: count, entry: entry))
        }

        mutating func place(_ person: String, _ profile: String, from: String, isEnd: Bool = false) throws {
            try take(
                .placed(
                    Placement(
                        resident: try #require(ResidentID(person)), cell: try #require(ZoneID("cell-101")),
                        profile: try #require(RuleProfileID(profile)), from: try #require(CivilDay(from)),
                        isEnd: isEnd)))
        }

        /// `item points` once for each; a person's, or with none the cell's.
        mutating func score(_ person: String?, _ items: [(String, String)]) throws {
            for (item, points) in items {
                let subject: LedgerEntry.Subject =
                    if let person { .resident(try #require(ResidentID(person))) } else {
                        .cell(try #require(ZoneID("cell-101")))
                    }
                let proof = Evidence(kind: .note, source: nil, sha256: [UInt8](repeating: 7, count: 32))
                let entry = LedgerEntry(
                    subject: subject, pack: pack.id, item: try #require(RuleItemID(item)),
                    points: try #require(Points(points)), day: try #require(CivilDay("2026-03-10")),
                    officer: try #require(OfficerID("P1")), evidence: [proof])
                let author = LedgerAuthor(
                    officer: entry.officer, role: .supervisor, today: try #require(CivilDay("2026-03-11")))
                #expect(ledger.refusal(of: .scored(entry), by: author) == nil, "\(item)")
                try take(.scored(entry))
            }
        }

        func total(_ person: String) throws -> String? {
            ledger.standing(of: try #require(ResidentID(person)), in: try #require(CivilMonth("2026-03")))?
                .total.description
        }
    }

    /// Supervision 35 + min(3 × 1 + 4 × 5, 17.5) − 3 − 10 = 39.5; education 35 + 8 − 2 = 41; labour
    /// 30 + min(20, 15) − 5 = 40; 60 for the crime reported, −100 for the warning: 80.5.
    /// Without labour 50 + 50 + 8 − 3 = 105.
    @Test func prison_givesTheMonthComputedByHand() throws {
        var march = try March("prison")
        try march.place("R1", "working", from: "2026-01-01")
        try march.place("R2", "unable", from: "2026-01-01")
        let tidy = [("tidy", "1"), ("tidy", "1"), ("tidy", "1")]
        try march.score("R1", tidy + [("discipline", "5"), ("discipline", "5"), ("discipline", "5")])
        try march.score("R1", [("discipline", "5"), ("quarrel", "-3"), ("disobeys", "-10"), ("study", "8")])
        try march.score("R1", [("truant", "-2"), ("output", "10"), ("output", "10"), ("idle", "-5")])
        try march.score("R1", [("reports-crime", "60"), ("warning", "-100")])
        try march.score("R2", [("study", "8"), ("quarrel", "-3")])
        #expect(try march.total("R1") == "80.5" && march.total("R2") == "105")
    }

    /// Order 60 + min(20, 18) − 32 = 46, learning 40 + min(15, 12) − 2 = 50: 96. The bully: order 60 − 90,
    /// lifted to 0, learning 40. The cell: 100 + half of their mean of 68 + 5 − 20 = 119.
    @Test func detentionHouse_givesTheMonthComputedByHand() throws {
        var march = try March("detention-house")
        for person in ["R1", "R2"] { try march.place(person, "held", from: "2026-01-01") }
        try march.score("R1", [("helps", "5"), ("helps", "5"), ("helps", "5"), ("helps", "5")])
        try march.score("R1", [("bullies", "-30"), ("bedding", "-2")])
        try march.score(
            "R1", [("essay", "3"), ("essay", "3"), ("essay", "3"), ("essay", "3"), ("essay", "3")])
        try march.score("R1", [("talks-in-class", "-1"), ("talks-in-class", "-1")])
        try march.score("R2", [("bullies", "-30"), ("bullies", "-30"), ("bullies", "-30")])
        try march.score(nil, [("clean-cell", "5"), ("contraband", "-20")])
        #expect(try march.total("R1") == "96" && march.total("R2") == "40")
        let ranking = march.ledger.ranking(in: try #require(CivilMonth("2026-03")))
        #expect(ranking?.rows.map(\.total.description) == ["119"])
    }

    /// Ten days of 31: 93 × 10 / 31 = 30; + 1 + 1 + 2 − 2 = 32.
    @Test func lockup_givesTheDaysComputedByHand() throws {
        var march = try March("lockup")
        try march.place("R1", "held", from: "2026-03-05")
        try march.score("R1", [("polite", "1"), ("polite", "1"), ("cleans", "2"), ("shouts", "-2")])
        try march.place("R1", "held", from: "2026-03-15", isEnd: true)
        #expect(try march.total("R1") == "32")
        #expect(march.pack.grade(of: Points(32))?.text == "good")
    }

    /// Treatment 30 + min(18, 12) − 8 = 34, training 40 + 10 + 4 = 54, discipline 30 − 3 = 27, certificates
    /// 50 + 50: 215.
    @Test func rehabilitation_givesTheMonthComputedByHand() throws {
        var march = try March("rehabilitation")
        try march.place("R1", "recovery", from: "2026-01-01")
        try march.score("R1", [("therapy", "6"), ("therapy", "6"), ("therapy", "6"), ("refuses", "-8")])
        try march.score("R1", [("craft", "10"), ("sport", "4"), ("swears", "-1.5"), ("swears", "-1.5")])
        try march.score("R1", [("certificate", "50"), ("certificate", "50")])
        #expect(try march.total("R1") == "215")
    }
}
