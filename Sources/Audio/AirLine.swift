// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Synchronization

/// What a simulated loudspeaker puts into the air, with its time, for whoever listens. Any thread; keeps the
/// last seconds. Always true: what was not written is silence.
package final class AirLine: Sendable {
    private struct Air: ~Copyable {
        let ring = SampleBlock(1 << 18)
        var clock: CardClock?
        var first: Int64 = 0
        var end: Int64 = 0
    }

    private let air = Mutex(Air())

    package init() {}

    /// A card begins to play here, by its own clock; what was before is forgotten.
    func open(_ clock: CardClock, at frame: Int64) {
        air.withLock { air in
            air.clock = clock
            (air.first, air.end) = (frame, frame)
        }
    }

    /// Frames from `frame` on; a gap before them is silence.
    func write(_ samples: SampleBlock, count: Int, at frame: Int64) {
        air.withLock { air in
            let size = Int64(air.ring.capacity)
            var gap = max(air.end, frame - size)
            while gap < frame {
                air.ring.base[Int(gap & (size - 1))] = 0
                gap += 1
            }
            for index in 0..<count {
                air.ring.base[Int((frame + Int64(index)) & (size - 1))] = samples.base[index]
            }
            air.end = frame + Int64(count)
            air.first = max(air.first, air.end - size)
        }
    }

    /// Adds what sounds from a frame of another clock on to `out`.
    func add(from frame: Int64, of clock: CardClock, gain: Float, to out: inout [Float], count: Int) {
        air.withLock { air in
            guard let own = air.clock else { return }
            let start = own.frames(at: clock.ns(of: Double(frame)))
            let step =
                Double(own.rateHz) * (1 + own.driftPpm * 1e-6)
                / (Double(clock.rateHz) * (1 + clock.driftPpm * 1e-6))
            let whole = start.rounded()
            let from = own.rateHz == clock.rateHz && abs(start - whole) < 1e-3 ? whole : start
            wp_air_add(
                air.ring.base, air.ring.capacity, air.first, air.end, from, step == 1 ? 1 : step, gain, &out,
                count)
        }
    }

    /// What sounded from `ns` on, at the given rate; what is older than the ring, or not yet played, is
    /// silence.
    package func listen(fromNs ns: UInt64, count: Int, rateHz: Int) -> [Int16] {
        let clock = CardClock(rateHz: rateHz, driftPpm: 0, startNs: ns)
        var floats = [Float](repeating: 0, count: count)
        var made = [Int16](repeating: 0, count: count)
        add(from: Int64(clock.frames(at: ns)), of: clock, gain: 1, to: &floats, count: count)
        wp_to_samples(floats, &made, count)
        return made
    }
}
