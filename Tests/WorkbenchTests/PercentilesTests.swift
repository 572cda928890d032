// SPDX-License-Identifier: Apache-2.0
import Testing
import Workbench

@Suite struct PercentilesTests {
    @Test func ranks_areTheNearest_inMicroseconds() {
        let figures = Percentiles((1...1_000).map { Int64($0) * 1_000 }.shuffled())
        #expect(figures.microseconds(50) == 500 && figures.microseconds(99) == 990)
        #expect(figures.microseconds(99.9) == 999 && figures.microseconds(100) == 1_000)
    }

    @Test func ranks_areZero_ofNothing() {
        #expect(Percentiles([]).microseconds(50) == 0 && Percentiles([]).count == 0)
    }
}
