// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

/// Terms of three, five, three and five working days; March 2026 closed and hung up on Thursday 2 April.
struct RoadOfObjectionTests {
    private var book = Book()
    private let entry: EventID

    init() {
        entry = book.score("quarrel", -5, on: "2026-03-05")
        book.close("2026-03", on: "2026-04-01")
        publish()
    }

    private mutating func publish() {
        book.add(
            .published(
                Publication(
                    month: Sample.month("2026-03"), cell: Sample.cell, day: Sample.day("2026-04-02"),
                    officer: Sample.officer)))
    }

    private func road(on date: String) -> RoadOfObjection {
        book.ledger.roadOfObjection(for: entry, on: Sample.day(date))
    }

    private func objection(_ stage: Objection.Stage, on date: String) -> Objection {
        Objection(
            entry: entry, resident: Sample.person, stage: stage, day: Sample.day(date),
            officer: Sample.officer, text: "It was not me.")
    }

    private func refusal(_ stage: Objection.Stage, on date: String) -> LedgerRefusal? {
        book.ledger.refusal(of: .objected(objection(stage, on: date)), by: Sample.author(on: date))
    }

    private mutating func answer(_ id: EventID, upheld: Bool, on date: String) {
        book.add(
            .answered(
                Answer(
                    objection: id, isUpheld: upheld, day: Sample.day(date), officers: [Sample.officer],
                    reason: "The camera shows it.")))
    }

    @Test func term_runsFromPublication_inWorkingDays() {
        // Friday, Monday, Tuesday.
        let until = Sample.day("2026-04-07")
        #expect(road(on: "2026-04-03").next == .mayObject(.review, until: until))
        #expect(refusal(.review, on: "2026-04-07") == nil)
        #expect(refusal(.review, on: "2026-04-08") == .termOver(until))
        #expect(refusal(.secondReview, on: "2026-04-03") == .noAnswerYet)
    }

    @Test func wholeRoad_isWalked_toTheSecondAnswer() {
        var copy = self
        let first = copy.book.add(.objected(objection(.review, on: "2026-04-03")))
        // Five working days from Saturday on: Friday the 10th.
        #expect(
            copy.road(on: "2026-04-04").next == .awaits(first, .review, due: Sample.day("2026-04-10")))
        #expect(copy.road(on: "2026-04-08").warning == nil)
        #expect(copy.road(on: "2026-04-09").warning == .dueSoon)
        #expect(copy.road(on: "2026-04-11").warning == .overdue)
        #expect(copy.refusal(.review, on: "2026-04-06") == .objectedAlready)
        #expect(copy.book.ledger.objectionsOpen(on: Sample.day("2026-04-06")).map(\.entry) == [entry])
        copy.answer(first, upheld: false, on: "2026-04-09")
        #expect(
            copy.road(on: "2026-04-10").next == .mayObject(.secondReview, until: Sample.day("2026-04-14")))
        #expect(copy.refusal(.secondReview, on: "2026-04-15") == .termOver(Sample.day("2026-04-14")))
        let second = copy.book.add(.objected(objection(.secondReview, on: "2026-04-14")))
        copy.answer(second, upheld: true, on: "2026-04-16")
        #expect(copy.road(on: "2026-04-16").owesReversal)
        #expect(copy.book.ledger.objectionsOpen(on: Sample.day("2026-04-16")).count == 1)
        copy.book.add(
            .reversed(
                Reversal(
                    entry: entry, day: Sample.day("2026-04-17"), officer: Sample.officer, reason: "upheld")))
        #expect(copy.road(on: "2026-04-17").next == .struck)
        #expect(copy.book.ledger.objectionsOpen(on: Sample.day("2026-04-17")).isEmpty)
        #expect(copy.book.total("2026-03") == "95" && copy.book.total("2026-04") == "105")
    }

    @Test func objection_isRefused_toAnothersEntry() {
        var other = objection(.review, on: "2026-04-03")
        other.resident = ResidentID("R9")!
        #expect(
            book.ledger.refusal(of: .objected(other), by: Sample.author(on: "2026-04-03")) == .notTheirs)
    }
}
