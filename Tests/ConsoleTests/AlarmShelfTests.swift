// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct AlarmShelfTests {
    var shelf = AlarmShelf()

    private mutating func shelve(
        _ key: FloodKey = FloodKey(.cellCall, nil, ward1), minutes: Int = 10, reason: String = "演练"
    ) throws {
        _ = try shelf.shelve(key, minutes: minutes, reason: reason, by: .named("P2"), now: at(0))
    }

    @Test(arguments: [AlarmClass.emergency, .officerDuress])
    mutating func urgentAlarm_isNeverShelved_byAnyKey(alarmClass: AlarmClass) throws {
        #expect(throws: ConsoleRefusal.neverShelved) {
            var shelf = AlarmShelf()
            _ = try shelf.shelve(
                FloodKey(alarmClass, nil, nil), minutes: 1, reason: "x", by: .named("P2"), now: at(0))
        }
        for other in [AlarmClass.trouble, .cellCall] { try shelve(FloodKey(other, nil, nil)) }
        #expect(shelf.covering(makeAlarm(1, alarmClass).record, zone: ward1, now: at(1).uptime) == nil)
    }

    @Test(arguments: [0, -1, 481, Int.max]) func minutes_areRefused_outsideOneToEightHours(minutes: Int) {
        #expect(throws: ConsoleRefusal.minutesOutOfRange) {
            var shelf = AlarmShelf()
            _ = try shelf.shelve(
                FloodKey(.trouble, nil, nil), minutes: minutes, reason: "x", by: .named("P2"), now: at(0))
        }
    }

    @Test(arguments: ["", " \n", String(repeating: "看", count: 201)])
    func reason_isDemanded_andNoBook(reason: String) {
        #expect(throws: ConsoleRefusal.reasonMissing) {
            var shelf = AlarmShelf()
            _ = try shelf.shelve(
                FloodKey(.trouble, nil, nil), minutes: 5, reason: reason, by: .named("P2"), now: at(0))
        }
    }

    @Test mutating func shelf_ends_byTheMonotonicClock() throws {
        try shelve()
        let call = makeAlarm(1, .cellCall).record
        var late = at(599_999)
        #expect(shelf.covering(call, zone: ward1, now: late.uptime)?.untilMs == beginMs + 600_000)
        late = at(600_000)
        late.wallMs = 0
        #expect(shelf.covering(call, zone: ward1, now: late.uptime) == nil)
        shelf.elapsed(now: late.uptime)
        #expect(shelf.entries.isEmpty)
    }

    @Test mutating func shelvingAgain_replaces_andUnshelvingEnds() throws {
        try shelve(minutes: 10)
        try shelve(minutes: 20)
        #expect(shelf.entries.map(\.untilMs) == [beginMs + 1_200_000])
        try shelf.unshelve(FloodKey(.cellCall, nil, ward1))
        #expect(shelf.entries.isEmpty)
        let empty = shelf
        #expect(throws: ConsoleRefusal.unknownKey) {
            var shelf = empty
            try shelf.unshelve(FloodKey(.cellCall, nil, ward1))
        }
    }

    @Test mutating func keys_areAllThatCover_soThatAllCanBeEnded() throws {
        try shelve(FloodKey(.cellCall, nil, ward1), minutes: 10)
        try shelve(FloodKey(.cellCall, nil, nil), minutes: 20)
        try shelve(FloodKey(.trouble, nil, nil), minutes: 20)
        let call = makeAlarm(1, .cellCall).record
        #expect(
            Set(shelf.keys(over: call, zone: ward1, now: at(0).uptime)) == [
                FloodKey(.cellCall, nil, ward1), FloodKey(.cellCall, nil, nil),
            ])
        #expect(shelf.keys(over: call, zone: ward1, now: at(1_200_000).uptime).isEmpty)
    }

    @Test mutating func shelf_refusesMore_whenFull() throws {
        for number in 0..<Limits.shelvesMaxCount {
            try shelve(FloodKey(.trouble, nil, .named("z\(number)")))
        }
        let full = shelf
        #expect(throws: ConsoleRefusal.tooManyShelved) {
            var shelf = full
            _ = try shelf.shelve(
                FloodKey(.trouble, nil, ward1), minutes: 5, reason: "x", by: .named("P2"), now: at(0))
        }
    }
}
