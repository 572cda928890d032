// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing

struct SupervisedPairTests {
    @Test(arguments: [(false, SupervisedPair.Wire.cut), (true, .shorted)])
    func wire_isTold_whenBothContactsAgreeForLong(both: Bool, expected: SupervisedPair.Wire) {
        var pair = SupervisedPair()
        pair.contacts(openOne: both, closedOne: both, now: ms(1_000))
        #expect(pair.deadline == ms(1_200) && pair.elapsed(now: ms(1_199)) == nil)
        #expect(pair.elapsed(now: ms(1_200)) == expected)
        #expect(pair.deadline == nil && pair.elapsed(now: ms(9_000)) == nil)
        pair.contacts(openOne: false, closedOne: true, now: ms(10_000))
        #expect(pair.elapsed(now: ms(10_199)) == nil && pair.elapsed(now: ms(10_200)) == .whole)
    }

    @Test func wire_isWhole_whenTheContactsOnlySwitchApart() {
        var pair = SupervisedPair()
        pair.contacts(openOne: false, closedOne: false, now: ms(1_000))
        pair.contacts(openOne: true, closedOne: false, now: ms(1_150))
        #expect(pair.elapsed(now: ms(2_000)) == nil && pair.wire == .whole)
    }

    @Test func wire_isNotJudged_whileALineIsGone() {
        var pair = SupervisedPair()
        pair.contacts(openOne: false, closedOne: nil, now: ms(1_000))
        #expect(pair.elapsed(now: ms(5_000)) == nil && pair.deadline == nil)
    }
}
