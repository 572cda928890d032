// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct MonthRoadTests {
    private func road(_ book: Book, on date: String) -> MonthRoad {
        book.ledger.road(of: Sample.person, in: Sample.month("2026-03"), on: Sample.day(date))
    }

    @Test func score_isNotFinal_beforeItsPublicationDaysHavePassed() {
        var book = Book()
        let quarrel = book.score("quarrel", -5, on: "2026-03-05")
        #expect(road(book, on: "2026-04-01") == .open)
        book.close("2026-03", on: "2026-04-01")
        #expect(
            road(book, on: "2026-04-01") == .closed
                && book.ledger.coverage(of: Sample.month("2026-03")) == (0, 1))
        book.add(
            .published(
                Publication(
                    month: Sample.month("2026-03"), cell: Sample.cell, day: Sample.day("2026-04-02"),
                    officer: Sample.officer)))
        #expect(book.ledger.coverage(of: Sample.month("2026-03")) == (1, 1))
        // Friday, Monday, Tuesday.
        let until = Sample.day("2026-04-07")
        for date in ["2026-04-02", "2026-04-03", "2026-04-05", "2026-04-07"] {
            #expect(road(book, on: date) == .published(until: until))
        }
        #expect(road(book, on: "2026-04-08") == .final(since: Sample.day("2026-04-08")))
        book.add(
            .objected(
                Objection(
                    entry: quarrel, resident: Sample.person, stage: .review, day: Sample.day("2026-04-07"),
                    officer: Sample.officer, text: "no")))
        #expect(road(book, on: "2026-04-08") == .contested(quarrel))
    }
}
