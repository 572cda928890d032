// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct ConductLedgerTests {
    private var book = Book()

    private func refusal(_ entry: LedgerEntry, _ role: Role = .officer, on date: String = "2026-03-09")
        -> LedgerRefusal?
    {
        book.ledger.refusal(of: .scored(entry), by: Sample.author(role, on: date))
    }

    @Test func score_isTaken_whenTheRulesSayIt() {
        #expect(refusal(Sample.score("tidy", 2, on: "2026-03-09")) == nil)
        #expect(refusal(Sample.score("helps", 7, on: "2026-03-01")) == nil)
    }

    @Test func score_isRefused_thatNoRuleGives() {
        let range = Points(2)...Points(2)
        #expect(
            refusal(Sample.score("tidy", 3, on: "2026-03-09")) == .pointsNotTheRules(Points(3), range))
        #expect(
            refusal(Sample.score("dance", 3, on: "2026-03-09")) == .unknownItem(RuleItemID("dance")!))
        #expect(refusal(Sample.score("rescue", 50, on: "2026-03-09")) == .evidenceMissing)
        #expect(refusal(Sample.score("tidy", 2, on: "2026-03-09"), .technician) == .roleMayNot(.technician))
        #expect(
            refusal(Sample.score("tidy", 2, on: "2026-03-10")) == .dayToCome(Sample.day("2026-03-10")))
        #expect(
            refusal(Sample.score("tidy", 2, on: "2025-12-31")) == .personNotHere(Sample.day("2025-12-31")))
        #expect(
            refusal(Sample.score("tidy", 2, on: "2020-01-01")) == .noPackInForce(Sample.day("2020-01-01")))
        #expect(refusal(Sample.score("tidy", 2, on: "2026-03-09", of: .cell(Sample.cell))) == .wrongSubject)
        #expect(refusal(Sample.score("clean-cell", 2, on: "2026-03-09")) == .wrongSubject)
        let long = String(repeating: "字", count: Limits.conductNoteMaxBytes)
        #expect(refusal(Sample.score("tidy", 2, on: "2026-03-09", note: long)) == .tooLong)
    }

    /// The pack in force on the day of the act decides, whatever came into force since.
    @Test func newPack_decidesNewActs_andNoneBefore() {
        var ledger = Book().ledger
        var next = Sample.pack
        next.id = RulePackID("prison-2027")!
        next.from = Sample.day("2027-01-01")
        next.items = [Sample.item("tidy", .daily(Sample.supervision), 9...9)]
        let before = ledger.standing(of: Sample.person, in: Sample.month("2026-12"))?.text
        ledger.add(next)
        #expect(ledger.standing(of: Sample.person, in: Sample.month("2026-12"))?.text == before)
        let old = ConductEntry.scored(Sample.score("tidy", 2, on: "2026-12-31"))
        #expect(ledger.refusal(of: old, by: Sample.author(on: "2027-01-05")) == nil)
        let late = ConductEntry.scored(Sample.score("tidy", 2, on: "2027-01-01"))
        #expect(ledger.refusal(of: late, by: Sample.author(on: "2027-01-05")) == .otherPackInForce(next.id))
    }

    @Test func reversal_namesItsEntry_once() {
        var book = Book()
        let id = book.score("quarrel", -5, on: "2026-03-05")
        func refusal(_ entry: EventID, _ reason: String, _ role: Role = .supervisor) -> LedgerRefusal? {
            book.ledger.refusal(
                of: .reversed(
                    Reversal(
                        entry: entry, day: Sample.day("2026-03-06"), officer: OfficerID("P9")!,
                        reason: reason)),
                by: LedgerAuthor(officer: OfficerID("P9")!, role: role, today: Sample.day("2026-03-06")))
        }
        let none = EventID(terminal: Sample.terminal, stream: .conduct, run: 1, sequence: 1)
        #expect(refusal(none, "x") == .noSuchEntry)
        #expect(refusal(id, " \n") == .reasonMissing)
        #expect(refusal(id, "x", .officer) == .roleMayNot(.officer))
        #expect(refusal(id, "x") == nil)
        book.add(
            .reversed(
                Reversal(entry: id, day: Sample.day("2026-03-06"), officer: Sample.officer, reason: "x")))
        #expect(refusal(id, "x") == .reversedAlready(Sample.day("2026-03-06")))
    }

    // MARK: The month's close

    private func close(_ book: Book, names: [String] = ["P1", "P2"], role: Role = .supervisor)
        -> LedgerRefusal?
    {
        let close = MonthClose(
            month: Sample.month("2026-01"), day: Sample.day("2026-02-02"),
            officers: names.compactMap { OfficerID($0) }, covers: [Sample.terminal: 1_000])
        return book.ledger.refusal(of: .closed(close), by: Sample.author(role, on: "2026-02-02"))
    }

    @Test func month_isNotClosed_withoutItsWeeksAndNames() {
        var book = Book()
        #expect(close(book) == .weekUnreviewed(Sample.day("2025-12-29")))
        for week in Sample.month("2026-01").weeks.dropLast() {
            book.add(
                .reviewed(
                    WeeklyReview(
                        week: week, day: Sample.day("2026-02-01"),
                        officers: [OfficerID("P1")!, OfficerID("P2")!])))
        }
        #expect(close(book) == nil)
        #expect(close(book, names: ["P1", "P1"]) == .namesMissing(2))
        #expect(close(book, role: .officer) == .roleMayNot(.officer))
        let rescue = book.score("rescue", 50, on: "2026-01-20")
        #expect(close(book) == .entryUnsigned(rescue))
        book.add(
            .signed(
                Signature(entry: rescue, day: Sample.day("2026-01-21"), officer: OfficerID("P2")!)))
        #expect(close(book) == nil)
        book.close("2026-01", on: "2026-02-02")
        #expect(close(book) == .closedAlready)
    }

    @Test func signature_isAnothersAndOnce() {
        var book = Book()
        let id = book.score("rescue", 50, on: "2026-01-20")
        func refusal(_ officer: String) -> LedgerRefusal? {
            book.ledger.refusal(
                of: .signed(
                    Signature(
                        entry: id, day: Sample.day("2026-01-21"), officer: OfficerID(officer)!)),
                by: Sample.author(on: "2026-01-21"))
        }
        #expect(refusal("P1") == .signedAlready && refusal("P2") == nil)
        book.add(.signed(Signature(entry: id, day: Sample.day("2026-01-21"), officer: OfficerID("P2")!)))
        #expect(refusal("P2") == .signedAlready)
    }
}
