// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct CycleStandingTests {
    /// Six months of 100: the sixth completes a cycle and nothing is left.
    @Test func cycle_ends_atSixHundred() {
        let cycle = Book().ledger.cycles(of: Sample.person, through: Sample.month("2026-06"))
        #expect(cycle.points == .zero && cycle.monthsCount == 0)
        #expect(cycle.ended.map(\.month.description) == ["2026-06"])
        #expect(cycle.ended.first?.mean == Points(100) && cycle.ended.first?.grade?.text == "passed")
    }

    /// 100 − 400, then five months of 100: 200, and no cycle yet.
    @Test func negative_isCarried_intoTheNextMonths() {
        var book = Book()
        book.score("confinement", -400, on: "2026-01-05")
        let first = book.ledger.cycles(of: Sample.person, through: Sample.month("2026-01"))
        #expect(first.points == Points(-300))
        let sixth = book.ledger.cycles(of: Sample.person, through: Sample.month("2026-06"))
        #expect(sixth.points == Points(200) && sixth.ended.isEmpty && sixth.monthsCount == 6)
    }

    /// 400 of merit in the first of three months: the second completes it, 0 left, 100 in the third.
    @Test func rest_isCarried_overTheCyclesEnd() {
        var book = Book()
        book.score("merit", 400, on: "2026-01-05")
        let cycle = book.ledger.cycles(of: Sample.person, through: Sample.month("2026-03"))
        #expect(cycle.ended.map(\.monthsCount) == [2] && cycle.ended.first?.grade?.text == "active")
        #expect(cycle.points == Points(100) && cycle.monthsCount == 1)
    }
}
