// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc

/// A microphone that never fails: while the card is gone, silence at the clock's pace, and the card is tried
/// again. One thread, which opens it with the first frame. Always true: a card that moves no real frame for
/// `Limits.cardStallMs` is opened anew.
package final class SteadyCapture {
    private let card: SoundCard
    private var end: (any PCMCapture)?
    private let stand: SilentCapture
    package private(set) var watch = CardWatch("hear the microphone")

    package init(_ card: SoundCard, rateHz: Int) {
        self.card = card
        stand = SilentCapture(rateHz: rateHz)
    }

    package var rateHz: Int { stand.rateHz }
    package var lastFrameNs: UInt64 { end?.lastFrameNs ?? stand.lastFrameNs }

    /// Waits for `count` frames and takes them; false: they are silence in the card's place.
    package func read(_ block: SampleBlock, count: Int) -> Bool {
        if end == nil { open() }
        while let end {
            let outcome = end.read(block, count: count, waitingMs: Limits.cardWaitMs)
            let now = wp_uptime_ns()
            switch outcome {
            case .done:
                watch.moved(count, now)
                return true
            case .recovered: watch.recovered()
            case .late: if watch.isStalled(now) { lose(ETIMEDOUT, now) }
            case .gone(let number): lose(number, now)
            }
        }
        _ = stand.read(block, count: count, waitingMs: Limits.cardWaitMs)
        return false
    }

    /// Leaves the card to others until the next frame is wanted.
    package func close() { end = nil }

    private func lose(_ number: Int32, _ now: UInt64) {
        end = nil
        watch.lost(card, number, now)
    }

    private func open() {
        let now = wp_uptime_ns()
        guard watch.isDue(now) else { return }
        do {
            end = try card.openCapture(rateHz: stand.rateHz)
            watch.opened(now)
        } catch { watch.failed(error, now) }
    }
}
