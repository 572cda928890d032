// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP

// SAFETY: samples owned by a SampleBlock or by C for the length of one call; whoever holds the block has
// them.
package typealias Samples = UnsafeMutablePointer<Int16>

/// Memory for samples, made once and kept: what a voice thread works in without allocating. One thread at a
/// time.
package final class SampleBlock {
    package let base: Samples
    package let capacity: Int

    package init(_ capacity: Int) {
        self.capacity = capacity
        base = Samples.allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
    }

    deinit { base.deallocate() }

    package subscript(index: Int) -> Int16 {
        get {
            precondition(index >= 0 && index < capacity, "outside of a block of samples")
            return base[index]
        }
        set {
            precondition(index >= 0 && index < capacity, "outside of a block of samples")
            base[index] = newValue
        }
    }

    /// Mean square of its samples.
    package var power: Double { wp_power(base, capacity) }

    package func silence(_ count: Int) { base.update(repeating: 0, count: min(count, capacity)) }
}

/// What became of a read or a write.
package enum PCMOutcome: Hashable, Sendable {
    case done
    /// Frames were lost (an overrun, an underrun, a suspend); the card goes on.
    case recovered
    /// Nothing moved in the time given.
    case late
    /// The card is gone or broken, with the system's number.
    case gone(Int32)
}

/// The microphone's end of a card: one channel, 16 bits, used by one thread.
package protocol PCMCapture: AnyObject {
    var rateHz: Int { get }
    /// Waits for `count` frames (at most so long) and takes them. Anything but `done` leaves the block
    /// undefined.
    func read(_ block: SampleBlock, count: Int, waitingMs: Int) -> PCMOutcome
    /// When the last frame that was read was sound, CLOCK_MONOTONIC.
    var lastFrameNs: UInt64 { get }
}

/// The loudspeaker's end of a card: one channel, 16 bits, used by one thread.
package protocol PCMPlayback: AnyObject {
    var rateHz: Int { get }
    /// Frames written and not yet sound. Zero also after an underrun.
    func queued() -> Int
    /// When the next frame that is written will be sound, CLOCK_MONOTONIC.
    var nextFrameNs: UInt64 { get }
    /// Never waits; `late` when the card has no room.
    func write(_ block: SampleBlock, count: Int) -> PCMOutcome
    /// The shortest queue that this card can be fed with, in frames: what it takes at once.
    var leastQueue: Int { get }
}
