// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct CellRankingTests {
    /// 101: 100 + 50 % of 100 + 5 = 155; 102: 100 + 50 % of (100 − 100 + 100) / 2 = 125; 103 like 102.
    @Test func cells_areRanked_withTheirSumShown() throws {
        var book = Book()
        for (person, cell) in [("R2", "cell-102"), ("R3", "cell-102"), ("R4", "cell-103")] {
            book.add(
                .placed(
                    Placement(
                        resident: ResidentID(person)!, cell: ZoneID(cell)!, profile: Sample.working,
                        from: Sample.day("2026-01-01"))))
        }
        for person in ["R2", "R4"] {
            let whom = LedgerEntry.Subject.resident(ResidentID(person)!)
            let points: Int64 = person == "R2" ? -100 : -5
            let item = person == "R2" ? "warning" : "quarrel"
            for _ in 0..<(person == "R2" ? 1 : 10) {
                book.add(.scored(Sample.score(item, points, on: "2026-03-03", of: whom)))
            }
        }
        book.add(.scored(Sample.score("clean-cell", 5, on: "2026-03-04", of: .cell(Sample.cell))))
        let ranking = try #require(book.ledger.ranking(in: Sample.month("2026-03")))
        #expect(ranking.rows.map(\.cell.text) == ["cell-101", "cell-102", "cell-103"])
        #expect(ranking.rows.map(\.place) == [1, 2, 2])
        #expect(ranking.rows.map(\.total.description) == ["155", "125", "125"])
        #expect(ranking.text.contains("1 cell-101 155 = 100 + 50 of 1 + [post-a/conduct/"))
    }

    @Test func item_isGivenBack_whenItsMonthWasClosed() throws {
        var book = Book()
        let id = book.add(.scored(Sample.score("clean-cell", 5, on: "2026-03-04", of: .cell(Sample.cell))))
        book.close("2026-03", on: "2026-04-01")
        book.add(
            .reversed(
                Reversal(entry: id, day: Sample.day("2026-04-02"), officer: Sample.officer, reason: "other")))
        let totals = ["2026-03", "2026-04"].map {
            book.ledger.ranking(in: Sample.month($0))?.rows.first?.total.description
        }
        #expect(totals == ["155", "145"])
    }
}
