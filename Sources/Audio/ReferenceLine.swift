// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility
import Synchronization

/// What the loudspeaker plays, handed to the echo canceller so that each sample stands beside the
/// microphone's of the same time, although the two clocks may drift apart. The playback thread writes, the
/// capture thread reads. Always true: reading shifts by fractions of a sample, never by jumps, while both
/// cards go on.
package final class ReferenceLine: Sendable {
    private struct Told {
        var end: Int64 = 0
        var endNs: UInt64 = 0
    }

    private struct Reader: ~Copyable {
        var track = ClockTrack()
        var position = 0.0
        var floats: [Float] = Array(repeating: 0, count: Limits.soundBlockMaxCount)
    }

    private static let size = 1 << 17
    // SAFETY: a sample is written by the playback thread before `told` says so and is overwritten 2.7 s later
    // at the earliest; the capture thread reads only what was told, at most 0.5 s old.
    private nonisolated(unsafe) let memory = Samples.allocate(capacity: ReferenceLine.size)
    private let told = Mutex(Told())
    // The capture thread's alone; the lock is never waited for.
    private let reader = Mutex(Reader())
    private let rateHz: Int

    package init(rateHz: Int) {
        self.rateHz = rateHz
        memory.initialize(repeating: 0, count: Self.size)
    }

    deinit { memory.deallocate() }

    /// The playback thread's: these frames follow the last ones, and the first of them sounds at `ns`.
    package func wrote(_ block: SampleBlock, count: Int, soundsAtNs ns: UInt64) {
        let start = told.withLock { $0.end }
        for index in 0..<count { memory[Int(start + Int64(index)) & (Self.size - 1)] = block.base[index] }
        told.withLock { told in
            told.end = start + Int64(count)
            told.endNs = ns + UInt64(count) * 1_000_000_000 / UInt64(rateHz)
        }
    }

    /// The capture thread's: what sounded while the `count` frames were captured whose last was sound at
    /// `ns`.
    package func read(_ block: SampleBlock, count: Int, lastNs ns: UInt64) {
        let told = told.withLock { $0 }
        reader.withLock { reader in
            guard told.end > 0 else { return block.silence(count) }
            let age = Double(Int64(bitPattern: told.endNs &- ns)) * Double(rateHz) / 1e9
            let measured = Double(told.end) - age - Double(count)
            let off = reader.track.advance(count, reading: measured)
            if abs(off) > Double(rateHz / 1_000 * Limits.referenceJumpMs) {
                reader.track.unlock()
                _ = reader.track.advance(count, reading: measured)
                reader.position = measured
            }
            // The reading position follows the line softly: its own small corrections are spread over 100 ms.
            let lead = reader.track.position - reader.position
            if abs(lead) > Double(rateHz) / 1_000 * 4 { reader.position = reader.track.position }
            let step = 1 + reader.track.drift + max(-0.002, min(0.002, lead / Double(count) / 10))
            for index in 0..<count { reader.floats[index] = 0 }
            let first = max(0, told.end - Int64(Self.size / 2))
            wp_air_add(memory, Self.size, first, told.end, reader.position, step, 1, &reader.floats, count)
            wp_to_samples(reader.floats, block.base, count)
            reader.position += Double(count) * step
        }
    }

    /// How fast the loudspeaker's clock runs against the microphone's.
    package var driftPpm: Double { reader.withLock { $0.track.driftPpm } }
}
