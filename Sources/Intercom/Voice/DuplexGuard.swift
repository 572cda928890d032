// SPDX-License-Identifier: Apache-2.0
import Facility

/// Whether both may speak at once. A value, a step per frame. Always true: half duplex begins when the
/// measured rest of the echo was over `Limits.echoBadDb` for `Limits.echoBadMs`, and ends when it was under
/// it for five times as long.
package struct DuplexGuard: Hashable, Sendable {
    private let isForced: Bool
    private var badMs = 0
    private var goodMs = 0
    private var isBad = false
    private var lowered: Float = 1
    private var farHeldMs = 0

    package init(isForced: Bool = false) { self.isForced = isForced }

    package var isHalf: Bool { isForced || isBad }

    /// What the voice is multiplied with before it is sent, and what the loudspeaker is.
    package mutating func step(
        near: Double, far: Double, residual: Double, ms: Int
    ) -> (send: Float, play: Float) {
        // The rest of the echo can only be judged while the other side speaks.
        if far > Limits.voiceActiveDb {
            if residual > Limits.echoBadDb {
                badMs += ms
                goodMs = 0
            } else {
                goodMs += ms
                badMs = max(0, badMs - ms)
            }
        }
        if badMs >= Limits.echoBadMs { isBad = true }
        if goodMs >= 5 * Limits.echoBadMs { (isBad, badMs) = (false, 0) }
        guard isHalf else {
            lowered = min(1, lowered + Float(ms) / Float(Limits.duckDecayMs))
            return (lowered, 1)
        }
        if far > Limits.voiceActiveDb, far > near - 6 {
            farHeldMs = Limits.duckDecayMs
        } else {
            farHeldMs = max(0, farHeldMs - ms)
        }
        let goal: Float = farHeldMs > 0 ? Limits.duckedPercent / 100 : 1
        let most = Float(ms) / Float(Limits.duckDecayMs)
        lowered += max(-most * 4, min(most, goal - lowered))
        let isNearAlone = farHeldMs == 0 && near > Limits.voiceActiveDb
        return (lowered, isNearAlone ? Limits.duckedLoudspeakerPercent / 100 : 1)
    }
}
