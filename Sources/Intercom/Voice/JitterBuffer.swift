// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Puts one stream's frames in order and says what is to be played next. A value; time is an argument; memory
/// is made once. Always true: a frame is played at most once, and never before one that was already played.
///
///     packets ─ put ─> [slots by sequence] ─ next ─> play | recover (from the one after) | conceal | nothing
///                 └─> DelayWindow ─> excessUs: how much more waits than lateness asks for
package struct JitterBuffer {
    package enum Arrival: Hashable, Sendable { case kept, duplicate, late, tooLong, restarted }

    package enum Next: Hashable, Sendable {
        /// The frame in that slot.
        case play(slot: Int)
        /// A lost frame; the following one, in that slot, carries a copy of it if the codec does so.
        case recover(slot: Int)
        /// Nothing is there in time.
        case conceal
        /// The stream has not begun, or has been gone for long.
        case nothing
    }

    package struct Slot: Hashable, Sendable {
        var sequence: Int64 = -1
        package var timestamp: Int64 = 0
        package var count = 0
        package var isCopy = false
    }

    private let clockRate: Int
    package private(set) var slots: [Slot]
    /// The payload of slot n begins at `n * slotBytes`.
    package private(set) var bytes: [UInt8]
    package let slotBytes = Limits.voiceFrameMaxBytes

    private var expected: Int64?
    private var highest: Int64 = -1
    private var highestTimestamp: Int64 = 0
    private var lastPlayed: (sequence: Int64, timestamp: Int64) = (-1, 0)
    private var concealed = 0
    private var frameTicks: Int
    private var startUs: Int64 = 0
    private var strays = 0
    private var window = DelayWindow()
    private var lossShare = 0.0
    /// Frames that never came, frames that came too late, frames played from a copy.
    package private(set) var lostCount = 0
    package private(set) var lateCount = 0
    package private(set) var copyCount = 0
    /// The other side sends copies of lost frames inside its codec (FEC): they count as arrivals.
    package var hasInbandCopies = false

    package init(clockRate: Int, frameMs: Int) {
        self.clockRate = clockRate
        frameTicks = clockRate * frameMs / 1_000
        slots = Array(repeating: Slot(), count: Limits.jitterSlotsCount)
        bytes = Array(repeating: 0, count: Limits.jitterSlotsCount * Limits.voiceFrameMaxBytes)
    }

    private func us(_ ticks: Int64) -> Int64 { ticks * 1_000_000 / Int64(clockRate) }

    /// The length of a frame as the stream's timestamps show it.
    package var frameUs: Int { Int(us(Int64(frameTicks))) }

    /// Takes `count` bytes of `packet` from `start` on. `isCopy`: from a redundant block.
    package mutating func put(
        sequence: UInt16, timestamp: UInt32, packet: [UInt8], start: Int, count: Int, at now: Uptime,
        isCopy: Bool = false
    ) -> Arrival {
        guard count <= slotBytes, start + count <= packet.count else { return .tooLong }
        var arrival = Arrival.kept
        var number = extended(sequence)
        if let expected, number < expected - Int64(slots.count) || number > expected + Int64(slots.count) {
            // Far away: a new stream of an old source, or nonsense. A few in a row are a new stream.
            guard !isCopy else { return .late }
            strays += 1
            guard strays >= Limits.jitterStraysCount else { return .late }
            restart()
            arrival = .restarted
            number = extended(sequence)
        } else if !isCopy {
            strays = 0
        }
        let arrivedUs = Int64(now.nanoseconds / 1_000)
        if expected == nil {
            guard !isCopy else { return .late }
            (expected, startUs) = (number, arrivedUs)
        }
        let extendedTime = extendedTimestamp(timestamp)
        let slot = Int(number & Int64(slots.count - 1))
        if slots[slot].sequence == number { return .duplicate }
        guard let expected, number >= expected else {
            if !isCopy { noteArrival(number, arrivedUs: arrivedUs, timestamp: extendedTime) }
            if number != lastPlayed.sequence, !isCopy { lateCount += 1 }
            return .late
        }
        noteArrival(number, arrivedUs: arrivedUs, timestamp: extendedTime)
        slots[slot] = Slot(sequence: number, timestamp: extendedTime, count: count, isCopy: isCopy)
        let place = slot * slotBytes
        for index in 0..<count { bytes[place + index] = packet[start + index] }
        return arrival
    }

    private mutating func noteArrival(_ number: Int64, arrivedUs: Int64, timestamp: Int64) {
        // Where much is lost, what repairs it always comes late: every frame is waited for then.
        let isLossy = lossShare > 0.01
        window.add(
            arrivalUs: arrivedUs, timestampUs: us(timestamp),
            lateCount: isLossy ? 1 : Limits.jitterLateCount)
        guard number > highest else { return }
        let missing = highest >= 0 ? min(8, Double(number - highest - 1)) : 0
        lossShare += (missing - lossShare) / 200
        if highest >= 0, number == highest + 1, timestamp > highestTimestamp {
            frameTicks = Int(min(timestamp - highestTimestamp, Int64(clockRate) / 8))
        }
        // The frame before came with this one, inside it.
        if hasInbandCopies, highest >= 0, number == highest + 2 {
            window.add(
                arrivalUs: arrivedUs, timestampUs: us(timestamp - Int64(frameTicks)),
                lateCount: isLossy ? 1 : Limits.jitterLateCount)
        }
        (highest, highestTimestamp) = (number, timestamp)
    }

    /// What is to be played next; it is taken for played. `pendingUs`: what is decoded and still waits.
    package mutating func next(at now: Uptime, pendingUs: Int) -> Next {
        guard let due = expected else { return .nothing }
        let nowUs = Int64(now.nanoseconds / 1_000)
        if lastPlayed.sequence < 0, nowUs - startUs < Int64(Limits.jitterStartMs * 1_000) { return .nothing }
        let slot = Int(due & Int64(slots.count - 1))
        if slots[slot].sequence == due {
            if concealed > 0, excessUs(at: now, pendingUs: pendingUs) > frameUs / 2, isThere(due + 1) {
                // It came after its place was filled, and what waits is enough: the one after is played.
                lostCount += 1
                concealed = 0
                return played(due + 1)
            }
            concealed = 0
            return played(due)
        }
        guard let later = firstLater(than: due) else {
            concealed += 1
            return concealed > Limits.jitterConcealMs * 1_000 / max(1, frameUs) ? .nothing : .conceal
        }
        let gap = Int(later - due)
        if concealed >= gap {
            lostCount += gap
            concealed = 0
            return played(later)
        }
        lostCount += 1
        expected = due + 1
        if gap == 1, hasInbandCopies {
            lastPlayed = (due, slots[Int(later & Int64(slots.count - 1))].timestamp - Int64(frameTicks))
            return .recover(slot: Int(later & Int64(slots.count - 1)))
        }
        if lastPlayed.sequence >= 0 { lastPlayed = (due, lastPlayed.timestamp + Int64(frameTicks)) }
        return .conceal
    }

    /// The frame that follows is there.
    package var isNextThere: Bool { expected.map { isThere($0) } ?? false }

    /// µs by which more waits than lateness asks for (negative: less), beside `pendingUs` that is decoded
    /// already.
    package func excessUs(at now: Uptime, pendingUs: Int) -> Int {
        guard lastPlayed.sequence >= 0 else { return 0 }
        let timestamp = lastPlayed.timestamp + Int64(frameTicks)
        guard let dueUs = window.dueUs(timestampUs: us(timestamp)) else { return 0 }
        return Int(Int64(now.nanoseconds / 1_000) + Int64(pendingUs) - dueUs)
    }

    /// How long a frame of the quickest kind waits here at this moment.
    package func waitUs(at now: Uptime, pendingUs: Int) -> Int {
        guard let early = window.early, let late = window.late else { return 0 }
        return max(0, excessUs(at: now, pendingUs: pendingUs) + late - early)
    }

    private mutating func played(_ number: Int64) -> Next {
        let slot = Int(number & Int64(slots.count - 1))
        if slots[slot].isCopy { copyCount += 1 }
        lastPlayed = (number, slots[slot].timestamp)
        expected = number + 1
        slots[slot].sequence = -1
        return .play(slot: slot)
    }

    private func isThere(_ number: Int64) -> Bool {
        slots[Int(number & Int64(slots.count - 1))].sequence == number
    }

    private func firstLater(than due: Int64) -> Int64? {
        guard highest > due else { return nil }
        var number = due + 1
        while number <= min(highest, due + Int64(slots.count) - 1) {
            if isThere(number) { return number }
            number += 1
        }
        return nil
    }

    private mutating func restart() {
        for index in slots.indices { slots[index].sequence = -1 }
        (expected, highest, lastPlayed, concealed, strays) = (nil, -1, (-1, 0), 0, 0)
        window.clear()
    }

    private func extended(_ sequence: UInt16) -> Int64 {
        guard let reference = expected else { return Int64(sequence) + 65_536 }
        let difference = Int16(bitPattern: sequence &- UInt16(truncatingIfNeeded: reference))
        return reference + Int64(difference)
    }

    private func extendedTimestamp(_ timestamp: UInt32) -> Int64 {
        guard highest >= 0 else { return Int64(timestamp) + (1 << 32) }
        return highestTimestamp
            + Int64(Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: highestTimestamp)))
    }
}
