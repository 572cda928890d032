// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

@testable import SoundAgent

struct AlarmFeedTests {
    private let call = EventID(terminal: .cell, stream: .call, run: 1, sequence: 1)

    @Test func alarm_isCalledForOnce_andAgainWhenPressedAnew() {
        var feed = AlarmFeed(own: .cell, daemon: "x")
        var record = makeRecord(.cellCall)
        #expect(feed.take(record) == .call(record))
        feed.called(record, as: call)
        #expect(feed.take(record) == nil)
        record.escalation = 1
        #expect(feed.take(record) == .widen(call, steps: 1))
        feed.ended(call, .farHungUp, .ms(1))
        #expect(feed.take(record) == nil)
        record.presses += 1
        #expect(feed.take(record) == .call(record))
    }

    @Test func call_isWithdrawn_whenTheAlarmIsAttendedOrOver() {
        var feed = AlarmFeed(own: .cell, daemon: "x")
        var record = makeRecord(.cellCall)
        feed.called(record, as: call)
        record.attended = makeDeed(5)
        #expect(feed.take(record) == .withdraw(call))
        #expect(feed.take(record) == nil)
    }

    @Test func cutCall_isCalledAgain_withTheNextList() {
        var feed = AlarmFeed(own: .cell, daemon: "x")
        let record = makeRecord(.cellCall)
        feed.called(record, as: call)
        let before = feed.token
        feed.ended(call, .soundFailed, .ms(1))
        #expect(feed.token != before && feed.isDue(.ms(1)))
        #expect(feed.take(record) == .call(record))
    }

    @Test func others_areNotCalledFor() {
        var feed = AlarmFeed(own: .postA, daemon: "x")
        #expect(feed.take(makeRecord(.cellCall)) == nil)
        var own = AlarmFeed(own: .cell, daemon: "x")
        #expect(own.take(makeRecord(.trouble)) == nil)
        var spoken = makeRecord(.cellCall)
        spoken.spokenMs = 3_000
        #expect(own.take(spoken) == nil)
    }
}
