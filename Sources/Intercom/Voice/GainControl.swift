// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc

/// Brings a voice to an even loudness: slowly up, quickly down, never between words. A value, a step per
/// frame. Always true: the gain stays within ± `Limits.gainMostDb`, and silence or echo does not move it.
package struct GainControl: Hashable, Sendable {
    private var gainDb = 0.0

    package init() {}

    /// The factor for this frame. `near`: how loud the voice is before it; `residual`: what may be echo in
    /// it.
    package mutating func step(near: Double, residual: Double, ms: Int) -> Float {
        if near > Limits.voiceActiveDb, near > residual + 6 {
            let off = Limits.gainGoalDb - near - gainDb
            let rise = Double(ms) / 1_000 * Limits.gainRisePerSecondDb
            gainDb += max(-4 * rise, min(rise, off))
            gainDb = max(-Limits.gainMostDb, min(Limits.gainMostDb, gainDb))
        }
        return Float(pow(10, gainDb / 20))
    }
}
