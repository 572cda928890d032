// SPDX-License-Identifier: Apache-2.0

/// Finds out whether a card keeps time at all: ALSA's `null` moves frames as quickly as one asks. Then the
/// machine's clock is the pace. A value; time is an argument. Always true: a real card, quick or slow by some
/// percent, is never held up.
struct CardPace: Hashable {
    let rateHz: Int
    private var startNs: UInt64
    private var frames = 0
    private(set) var isUnpaced = false
    /// When the frames that were moved would end, had they kept time.
    private(set) var endNs: UInt64 = 0

    init(rateHz: Int, nowNs: UInt64) {
        self.rateHz = rateHz
        startNs = nowNs
    }

    mutating func moved(_ count: Int, nowNs: UInt64) {
        let lengthNs = UInt64(count) * 1_000_000_000 / UInt64(rateHz)
        if isUnpaced {
            endNs = max(endNs, nowNs) + lengthNs
            return
        }
        frames += count
        let elapsed = nowNs > startNs ? nowNs - startNs : 0
        let length = UInt64(frames) * 1_000_000_000 / UInt64(rateHz)
        // 200 ms more than time allows, beyond what its buffer may have held.
        if length > 2 * elapsed + 200_000_000 {
            isUnpaced = true
            endNs = nowNs + lengthNs
        }
        if elapsed > 10_000_000_000 { (startNs, frames) = (nowNs, 0) }
    }
}
