// SPDX-License-Identifier: Apache-2.0
import Facility

/// When a sound is where: what makes several loudspeakers play one sound together, and a sound go on where it
/// was. A value; any thread. What is past when it comes to the loudspeaker is skipped.
package struct SoundStart: Hashable, Sendable {
    /// CLOCK_MONOTONIC, nanoseconds: when its first sample sounds, or would have; before the machine started:
    /// negative.
    package var zeroNs: Int64
    /// Samples before this one are silence: it is resumed here.
    package var first: Int

    package init(zeroNs: Int64, first: Int = 0) {
        self.zeroNs = zeroNs
        self.first = first
    }
}

/// Holds one sound in step with the machine's clock on a card whose crystal runs a little fast or slow: says
/// from where and how quickly to play each block. A value of the playing thread; nothing is allocated.
/// Always true: once it is heard, its speed stays within `Limits.playRateMaxPpm`, unless the card lost its
/// place.
struct StepFollower {
    private let start: SoundStart
    private let rateHz: Double
    private var track = ClockTrack(memory: Limits.playTrackCount)
    /// Where the next sample is in the sound; nil: where the clock says.
    private var at: Double?

    init(_ start: SoundStart, rateHz: Int) {
        self.start = start
        self.rateHz = Double(rateHz)
    }

    /// The block's first sample sounds at this time.
    mutating func next(_ count: Int, soundsAtNs: UInt64) -> (from: Double, step: Double) {
        let reading = Double(Int64(soundsAtNs) - start.zeroNs) * rateHz / 1e9
        let off = track.advance(count, reading: reading)
        if abs(off) * 1_000 > rateHz * Double(Limits.playJumpMs) {
            track.unlock()
            _ = track.advance(count, reading: reading)
            at = nil
        }
        let from = at ?? track.position
        let goal = track.position + Double(count) * (1 + track.drift)
        let most = Double(Limits.playRateMaxPpm) * 1e-6
        let step = max(1 - most, min(1 + most, (goal - from) / Double(count)))
        let end = from + step * Double(count)
        at = end > Double(start.first) ? end : nil
        return (from, step)
    }
}
