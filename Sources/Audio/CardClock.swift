// SPDX-License-Identifier: Apache-2.0

/// The clock of a simulated card: which frame it is at, at which time. A value. Always true: without drift,
/// frame n of every card sounds at the same time, so that what one plays another hears unaltered.
package struct CardClock: Hashable, Sendable {
    package let rateHz: Int
    package let driftPpm: Double
    private let originFrame: Int64
    private let framesPerNs: Double

    package init(rateHz: Int, driftPpm: Double, startNs: UInt64) {
        self.rateHz = rateHz
        self.driftPpm = driftPpm
        originFrame = Int64(startNs / 1_000_000_000) * Int64(rateHz)
        framesPerNs = Double(rateHz) * (1 + driftPpm * 1e-6) / 1e9
    }

    private var originNs: UInt64 { UInt64(originFrame / Int64(rateHz)) * 1_000_000_000 }

    /// Frames since the machine started, as this card counts them; between two frames, a fraction.
    package func frames(at ns: UInt64) -> Double {
        Double(originFrame) + Double(Int64(ns) - Int64(originNs)) * framesPerNs
    }

    package func ns(of frame: Double) -> UInt64 {
        originNs + UInt64(max(0, (frame - Double(originFrame)) / framesPerNs))
    }

    /// The frame that the card's pointer shows: it moves by whole periods.
    package func pointer(at ns: UInt64, period: Int) -> Int64 {
        Int64(frames(at: ns)) / Int64(period) * Int64(period)
    }
}
