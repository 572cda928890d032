// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import Glibc
import TestBoard
import Testing

@Suite struct PressLatchTests {
    private let path = "/tmp/watchpost-latch-\(UInt64.random(in: 0 ... .max))"

    @Test func alarm_isFoundAgain_whenTheProcessIsGone() throws {
        defer { unlink(path) }
        var (latch, none) = try PressLatch.open(path)
        #expect(none.isEmpty)
        let first = makeRecord(id: makeID(1))
        let second = makeRecord(id: makeID(2))
        latch.keep(first)
        latch.keep(second)
        latch.keep(second)
        latch.drop(first.id)
        #expect(try PressLatch.open(path).records == [second])
    }

    @Test func alarm_isKeptAsItIsNow_alsoWhenItIsOver() throws {
        defer { unlink(path) }
        var (latch, _) = try PressLatch.open(path)
        var record = makeRecord(id: makeID(1))
        latch.keep(record)
        record.cleared = Deed(afterMs: 9, terminal: .cell, officer: nil, ground: .line)
        latch.keep(record)
        latch.end(record.id, entry: makeID(5))
        latch.stored(makeID(4))
        #expect(try PressLatch.open(path).records == [record])
        latch.stored(makeID(5))
        #expect(try PressLatch.open(path).records == [record])
        for place in 0..<UInt64(Limits.endedKeptCount) {
            latch.keep(makeRecord(id: makeID(100 + place)))
            latch.end(makeID(100 + place), entry: makeID(200 + place))
            latch.stored(makeID(200 + place))
        }
        let kept = try PressLatch.open(path).records
        #expect(kept.count == Limits.endedKeptCount && !kept.contains(record))
    }

    @Test func alarmThatIsOver_givesWay_whenEverySlotIsTaken() throws {
        defer { unlink(path) }
        var (latch, _) = try PressLatch.open(path)
        for place in 1...Limits.openAlarmsMaxCount { latch.keep(makeRecord(id: makeID(UInt64(place)))) }
        latch.end(makeID(1), entry: makeID(9_001))
        let last = makeRecord(id: makeID(9_000))
        latch.keep(last)
        let kept = try PressLatch.open(path).records
        #expect(kept.contains(last) && !kept.contains { $0.id == makeID(1) })
        #expect(kept.count == Limits.openAlarmsMaxCount)
    }

    @Test func slot_isFree_whenItDoesNotRead() throws {
        defer { unlink(path) }
        var (latch, _) = try PressLatch.open(path)
        latch.keep(makeRecord())
        let descriptor = open(path, O_WRONLY)
        let noise = [UInt8](repeating: 0xa5, count: 100_000)
        #expect(write(descriptor, noise, noise.count) == noise.count)
        close(descriptor)
        #expect(try PressLatch.open(path).records.isEmpty)
    }

    @Test func place_isNamed_whenItCannotBeOpened() {
        let fault = #expect(throws: Fault.self) { _ = try PressLatch.open("/proc/nowhere/latch") }
        #expect(fault?.place == "/proc/nowhere/latch")
    }
}
