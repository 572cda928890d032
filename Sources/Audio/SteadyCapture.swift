// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// A microphone that never fails: while the card is gone, silence at the clock's pace, and the card is tried
/// again. One thread. Always true: a card that moves no real frame for `Limits.cardStallMs` is opened anew.
package final class SteadyCapture {
    private let card: SoundCard
    private var end: (any PCMCapture)?
    private let stand: SilentCapture
    private var movedNs = wp_uptime_ns()
    private var retryNs: UInt64 = 0
    /// Real frames since the beginning; silence in the card's place does not count.
    package private(set) var frames = 0
    package private(set) var recoveries = 0
    /// nil: the card works.
    package private(set) var trouble: Fault?

    package init(_ card: SoundCard, rateHz: Int) {
        self.card = card
        stand = SilentCapture(rateHz: rateHz)
        open(now: wp_uptime_ns())
    }

    package var rateHz: Int { stand.rateHz }
    package var lastFrameNs: UInt64 { end?.lastFrameNs ?? stand.lastFrameNs }

    /// Waits for `count` frames and takes them; false: they are silence in the card's place.
    package func read(_ block: SampleBlock, count: Int) -> Bool {
        while let end {
            switch end.read(block, count: count, waitingMs: Limits.cardWaitMs) {
            case .done:
                movedNs = wp_uptime_ns()
                frames += count
                return true
            case .recovered:
                recoveries += 1
            case .late:
                if wp_uptime_ns() - movedNs > UInt64(Limits.cardStallMs) * 1_000_000 { lose(ETIMEDOUT) }
            case .gone(let number):
                lose(number)
            }
        }
        _ = stand.read(block, count: count, waitingMs: Limits.cardWaitMs)
        let now = wp_uptime_ns()
        if now >= retryNs { open(now: now) }
        return false
    }

    private func lose(_ number: Int32) {
        end = nil
        recoveries += 1
        retryNs = wp_uptime_ns() + UInt64(Limits.cardRetryMs) * 1_000_000
        trouble = Fault(
            "hear the microphone", at: "\(card)", cause: String(cString: strerror(number)),
            hint: "See that the card is plugged in; it is tried again by itself.")
    }

    private func open(now: UInt64) {
        do {
            end = try card.openCapture(rateHz: stand.rateHz)
            trouble = nil
            movedNs = now
        } catch {
            trouble = error
            retryNs = now + UInt64(Limits.cardRetryMs) * 1_000_000
        }
    }
}
