// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import TestBoard
import Testing

/// Months computed by hand, and what holds in every month.
struct StandingTests {
    @Test func month_isItsBase_whenNothingWasEntered() {
        #expect(Book().total("2026-03") == "100")
        #expect(Book(profile: Sample.unable).total("2026-03") == "100")
        #expect(Book().standing("2025-12") == nil)
    }

    /// 35 + min(2 + 10 + 8, 17.5) − 5 = 47.5; 35 + 17.5; 30 − 10: nothing of one part helps another.
    @Test func bonus_stopsAtHalfOfItsPart_andHelpsNoOther() {
        var book = Book()
        for (item, points) in [("tidy", Int64(2)), ("helps", 10), ("helps", 8), ("quarrel", -5)] {
            book.score(item, points, on: "2026-03-05")
        }
        book.score("study", 20, on: "2026-03-06")
        book.score("idle", -10, on: "2026-03-07")
        let standing = book.standing("2026-03")
        #expect(standing?.total(of: Sample.supervision).description == "47.5")
        #expect(standing?.total(of: Sample.education).description == "52.5")
        #expect(standing?.total(of: Sample.labour).description == "20")
        #expect(standing?.total.description == "120")
        #expect(standing?.lines.last { $0.part == Sample.education }?.why == .partBonus)
    }

    /// 200 counts 100; 100 + 100 fill the year; the rest counts nothing; what is unbounded counts whole.
    @Test func special_isBounded_byTimeAndYear() {
        var book = Book()
        book.score("rescue", 200, on: "2026-02-01")
        book.score("rescue", 100, on: "2026-03-01")
        book.score("rescue", 150, on: "2026-04-01")
        book.score("rescue", 50, on: "2026-05-01")
        book.score("merit", 400, on: "2026-05-02")
        book.score("rescue", 50, on: "2027-01-01")
        #expect(["2026-02", "2026-03", "2026-04"].map(book.total) == ["200", "200", "200"])
        #expect(book.total("2026-05") == "500" && book.total("2027-01") == "150")
        #expect(book.standing("2026-02")?.lines.last?.why == .onceBound)
        #expect(book.standing("2026-05")?.lines.contains { $0.why == .yearBound } == true)
    }

    @Test func penalty_isKept_belowZero() {
        var book = Book()
        book.score("confinement", -400, on: "2026-03-05")
        book.score("warning", -100, on: "2026-03-06")
        #expect(book.total("2026-03") == "-400")
    }

    /// 11 of 31 days: 35 × 11 / 31 = 12.41, 30 × 11 / 31 = 10.64, towards zero.
    @Test func base_isForTheDaysPresent_inTheFirstMonth() {
        let book = Book(from: "2026-03-21")
        #expect(book.total("2026-03") == "35.46" && book.total("2026-04") == "100")
        #expect(book.standing("2026-03")?.lines.first?.why == .daysPresent)
    }

    @Test func mistake_countsNothing_whenReversedInTime() {
        var book = Book()
        let quarrel = book.score("quarrel", -5, on: "2026-03-05")
        book.add(.reversed(reversal(of: quarrel, on: "2026-03-09")))
        #expect(book.total("2026-03") == "100")
        let line = book.standing("2026-03")?.lines.first { $0.source == .entry(quarrel) }
        #expect(line?.stated.description == "-5" && line?.counted == .zero && line?.why == .reversed)
    }

    @Test func closedMonth_staysAsItWas_andTheCorrectionFollows() {
        var book = Book()
        let quarrel = book.score("quarrel", -5, on: "2026-03-05")
        book.close("2026-03", on: "2026-04-02")
        let closed = book.standing("2026-03")?.text
        book.add(.reversed(reversal(of: quarrel, on: "2026-04-10")))
        book.score("tidy", 2, on: "2026-03-30")
        book.add(
            .placed(
                Placement(
                    resident: Sample.person, cell: Sample.cell, profile: Sample.unable,
                    from: Sample.day("2026-03-15"))))
        #expect(book.standing("2026-03")?.text == closed)
        // 100 + 5 given back + 2 that came late.
        #expect(book.total("2026-04") == "107")
        #expect(book.standing("2026-04")?.profile == Sample.unable)
    }

    private func reversal(of entry: EventID, on date: String) -> Reversal {
        Reversal(entry: entry, day: Sample.day(date), officer: Sample.officer, reason: "another person")
    }

    // MARK: In every month

    @Test(arguments: 1...6) func standings_areEqualToTheByte_inEveryOrderOfArrival(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let book = Self.randomBook(&dice)
        let months = (0..<6).map { Sample.month("2026-01").advanced(by: $0) }
        let texts = months.map { book.ledger.standing(of: Sample.person, in: $0)?.text }
        for _ in 0..<5 {
            var other = ConductLedger(packs: [Sample.pack])
            for one in (book.posted + book.posted.prefix(3)).shuffled(using: &dice) { other.take(one) }
            #expect(months.map { other.standing(of: Sample.person, in: $0)?.text } == texts, "seed \(seed)")
            #expect(
                months.map { other.ranking(in: $0)?.text } == months.map { book.ledger.ranking(in: $0)?.text }
            )
            #expect(other.count == book.posted.count)
        }
    }

    @Test(arguments: 1...6) func caps_hold_inEveryMonth(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed ^ 0xcafe)
        let book = Self.randomBook(&dice)
        var ofYear = Points.zero
        for offset in Int32(0)..<6 {
            let month = Sample.month("2026-01").advanced(by: offset)
            let standing = try #require(book.ledger.standing(of: Sample.person, in: month))
            var sum = Points.zero
            for line in standing.lines {
                sum += line.counted
                #expect(line.counted == line.stated || line.why != nil, "seed \(seed)")
            }
            #expect(sum == standing.total)
            for part in Sample.pack.parts {
                let bonus = standing.lines.filter { $0.part == part.id && isEntry($0) && $0.counted > .zero }
                let base = Sample.pack.profile(standing.profile)?.base[part.id] ?? .zero
                #expect(bonus.reduce(.zero) { $0 + $1.counted } <= base.share(1, of: 2), "seed \(seed)")
            }
            for line in standing.lines where line.part == nil && isEntry(line) {
                guard case .entry(let id) = line.source, book.ledger.score(id)?.item.text == "rescue" else {
                    continue
                }
                #expect(line.counted <= Points(100))
                ofYear += line.counted
            }
        }
        #expect(ofYear <= Points(300), "seed \(seed)")
    }

    private func isEntry(_ line: Standing.Line) -> Bool {
        if case .entry = line.source { return true }
        return false
    }

    /// Six months of entries, mistakes and closes from two terminals.
    static func randomBook(_ dice: inout SeededGenerator) -> Book {
        var book = Book()
        let terminals = [Sample.terminal, TerminalID("post-b")!]
        var entries: [EventID] = []
        for month in 1...6 {
            for _ in 0..<(dice.below(30) + 1) {
                let item = dice.pick(Sample.pack.items)
                let span = item.points.upperBound.hundredths - item.points.lowerBound.hundredths
                let points = item.points.lowerBound.hundredths + Int64(dice.below(Int(span / 100) + 1)) * 100
                let date = "2026-0\(month)-\(10 + dice.below(18))"
                let subject: LedgerEntry.Subject =
                    item.kind == .cell ? .cell(Sample.cell) : .resident(Sample.person)
                let score = Sample.score(item.id.text, points / 100, on: date, of: subject)
                entries.append(book.add(.scored(score), at: dice.pick(terminals)))
                if dice.chance(20) {
                    let reversal = Reversal(
                        entry: dice.pick(entries), day: Sample.day(date), officer: Sample.officer, reason: "x"
                    )
                    book.add(.reversed(reversal), at: dice.pick(terminals))
                }
            }
            if dice.chance(70) { book.close("2026-0\(month)", on: "2026-0\(month + 1)-03") }
        }
        return book
    }
}
