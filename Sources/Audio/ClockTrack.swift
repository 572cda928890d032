// SPDX-License-Identifier: Apache-2.0

/// Follows one clock by another: a straight line through noisy readings, by least squares over all of them at
/// first and over the last ones (about `memory`) later. A value; one reading a frame. Always true: the rate
/// stays within ± `boundPpm`.
package struct ClockTrack: Hashable, Sendable {
    private let memory: Int
    private let bound: Double
    private var readings = 0
    /// Where the other clock is, in its samples.
    package private(set) var position = 0.0
    /// Its samples for one of ours, less 1.
    package private(set) var drift = 0.0

    package init(memory: Int = 1_500, boundPpm: Double = 1_000) {
        self.memory = memory
        bound = boundPpm * 1e-6
    }

    package var isLocked: Bool { readings > 0 }
    package var driftPpm: Double { drift * 1e6 }

    /// The line goes on by `samples` of ours; then a reading of the other clock corrects it. Returns how far
    /// off the reading was.
    package mutating func advance(_ samples: Int, reading: Double) -> Double {
        guard readings > 0 else {
            readings = 1
            position = reading
            return 0
        }
        position += Double(samples) * (1 + drift)
        readings = min(readings + 1, memory)
        let n = Double(readings)
        let off = reading - position
        position += off * 2 * (2 * n - 1) / (n * (n + 1))
        let tilt = off * 6 / (n * (n + 1)) / Double(samples)
        drift = max(-bound, min(bound, drift + tilt))
        return off
    }

    package mutating func unlock() {
        readings = 0
        drift = 0
    }
}
