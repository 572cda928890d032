// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import TestBoard
import Testing

@Suite struct SelfTestTests {
    @Test func path_isWhole_whenTheProbeReturnedAndLevelsWereRead() {
        var test = SelfTest(run: 7, now: .ms(0))
        let probe = test.due(now: .ms(0)) ?? []
        test.readLevels()
        let first = test.returned(probe)
        let again = test.returned(probe)
        let early = test.due(now: .ms(1))
        #expect(first == true && again == false && early == nil, "a probe feeds once")
    }

    @Test func path_isNotWhole_whenNoLevelsWereRead() {
        var test = SelfTest(run: 7, now: .ms(0))
        let probe = test.due(now: .ms(0)) ?? []
        let isWhole = test.returned(probe)
        #expect(isWhole == false)
    }

    @Test func datagram_isNoneOfOurs_whenItIsForgedOrOld() {
        var test = SelfTest(run: 7, now: .ms(0))
        let old = test.due(now: .ms(0)) ?? []
        _ = test.due(now: .ms(Limits.selfTestMs))
        var other = SelfTest(run: 8, now: .ms(0))
        let answers = [old, other.due(now: .ms(0)) ?? [], []].map { test.returned($0) }
        #expect(answers == [nil, nil, nil])
    }
}
