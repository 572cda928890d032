// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import TestBoard
import Testing

struct DatedAlarmTests {
    @Test func folded_isNoCall_becauseTheOlderOneIs() {
        #expect(makeAlarm(1).isCall)
        #expect(!makeAlarm(1) { $0.cleared = makeDeed(1, ground: .folded) }.isCall)
        #expect(!makeAlarm(1, .trouble).isCall)
        var test = makeAlarm(1)
        test.isTest = true
        #expect(!test.isCall)
    }

    @Test func deed_hasATime_fromTheRaise() {
        #expect(makeAlarm(1, raisedAtMs: 1_000).atMs(makeDeed(5)) == 1_005)
    }
}
