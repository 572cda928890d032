// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import TestBoard

/// A prison's rules in short, and a small house that is scored by them. Values.
enum Sample {
    static let supervision = RulePartID("supervision")!
    static let education = RulePartID("education")!
    static let labour = RulePartID("labour")!
    static let working = RuleProfileID("working")!
    static let unable = RuleProfileID("unable")!
    static let cell = ZoneID("cell-101")!
    static let person = ResidentID("R1")!
    static let officer = OfficerID("P1")!
    static let terminal = TerminalID("post-a")!

    static func item(
        _ id: String, _ kind: RuleItem.Kind, _ points: ClosedRange<Int64>, evidence: Bool = false,
        names: Int = 1
    ) -> RuleItem {
        RuleItem(
            id: RuleItemID(id)!, title: Phrase(id, id), kind: kind,
            points: Points(points.lowerBound)...Points(points.upperBound), needsEvidence: evidence,
            signaturesCount: names)
    }

    /// Base 35 + 35 + 30, or 50 + 50 without labour; bonus up to half of a part's base.
    static let pack = RulePack(
        id: RulePackID("prison-2021")!, title: Phrase("监狱", "prison"), from: day("2021-10-01"),
        parts: [
            RulePart(id: supervision, title: Phrase("监管改造", "supervision"), bonusPercent: 50),
            RulePart(id: education, title: Phrase("教育和文化改造", "education"), bonusPercent: 50),
            RulePart(id: labour, title: Phrase("劳动改造", "labour"), bonusPercent: 50),
        ],
        profiles: [
            RuleProfile(
                id: working, title: Phrase("参加劳动", "working"),
                base: [supervision: Points(35), education: Points(35), labour: Points(30)]),
            RuleProfile(
                id: unable, title: Phrase("无劳动能力", "unable to work"),
                base: [supervision: Points(50), education: Points(50)]),
        ],
        items: [
            item("tidy", .daily(supervision), 2...2), item("helps", .daily(supervision), 1...10),
            item("quarrel", .daily(supervision), -5 ... -5), item("study", .daily(education), 1...20),
            item("idle", .daily(labour), -10 ... -1),
            item("rescue", .special(isUnbounded: false), 10...200, evidence: true, names: 2),
            item("merit", .special(isUnbounded: true), 100...400, evidence: true),
            item("warning", .penalty, -100 ... -100), item("demerit", .penalty, -200 ... -200),
            item("confinement", .penalty, -400 ... -400), item("clean-cell", .cell, 1...5),
        ],
        special: SpecialBounds(onceMax: Points(100), yearMax: Points(300)), cycle: Points(600),
        grades: [
            RuleGrade(id: RuleGradeID("active")!, title: Phrase("积极", "active"), atLeast: Points(110)),
            RuleGrade(id: RuleGradeID("passed")!, title: Phrase("合格", "passed"), atLeast: Points(90)),
        ],
        contest: CellContest(base: Points(100), meanPercent: 50))

    static func day(_ text: String) -> CivilDay { CivilDay(text)! }
    static func month(_ text: String) -> CivilMonth { CivilMonth(text)! }

    static func score(
        _ item: String, _ points: Int64, on date: String, of subject: LedgerEntry.Subject = .resident(person),
        by officer: OfficerID = officer, note: String = "", evidence: [Evidence] = []
    ) -> LedgerEntry {
        LedgerEntry(
            subject: subject, pack: pack.id, item: RuleItemID(item)!, points: Points(points), day: day(date),
            officer: officer, evidence: evidence, note: note)
    }

    static func author(_ role: Role = .officer, on date: String) -> LedgerAuthor {
        LedgerAuthor(officer: officer, role: role, today: day(date))
    }
}

/// A ledger and the journal behind it. A value of one test.
struct Book {
    var ledger = ConductLedger(packs: [Sample.pack])
    private(set) var posted: [PostedEntry] = []

    /// One person, here since 2026.
    init(from date: String = "2026-01-01", profile: RuleProfileID = Sample.working) {
        add(
            .placed(
                Placement(
                    resident: Sample.person, cell: Sample.cell, profile: profile, from: Sample.day(date))))
    }

    @discardableResult
    mutating func add(_ entry: ConductEntry, at terminal: TerminalID = Sample.terminal) -> EventID {
        let sequence = UInt64(posted.count { $0.id.terminal == terminal }) + 1
        let id = EventID(terminal: terminal, stream: .conduct, run: 7, sequence: sequence)
        let one = PostedEntry(id: id, sequence: sequence, entry: entry)
        posted.append(one)
        ledger.take(one)
        return id
    }

    @discardableResult
    mutating func score(_ item: String, _ points: Int64, on date: String) -> EventID {
        add(.scored(Sample.score(item, points, on: date)))
    }

    /// Closes over all that is here.
    mutating func close(_ month: String, on date: String) {
        var covers: [TerminalID: UInt64] = [:]
        for one in posted { covers[one.id.terminal] = max(covers[one.id.terminal] ?? 0, one.sequence) }
        let officers = [OfficerID("P1")!, OfficerID("P2")!]
        add(
            .closed(
                MonthClose(
                    month: Sample.month(month), day: Sample.day(date), officers: officers, covers: covers)))
    }

    func standing(_ month: String) -> Standing? {
        ledger.standing(of: Sample.person, in: Sample.month(month))
    }
    func total(_ month: String) -> String? { standing(month)?.total.description }
}
