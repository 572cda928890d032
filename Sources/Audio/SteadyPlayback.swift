// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc

/// A loudspeaker that never fails, and keeps as little waiting in the card as it can: the queue grows when
/// the card runs dry and shrinks again. One thread, which opens it by making this. Always true: a card that
/// moves no real frame for `Limits.cardStallMs` is opened anew.
package final class SteadyPlayback {
    private let card: SoundCard
    private var end: (any PCMPlayback)?
    private let stand: SilentPlayback
    private var calmNs: UInt64 = 0
    private var slack = 0
    package private(set) var watch = CardWatch("feed the loudspeaker")

    package init(_ card: SoundCard, rateHz: Int) {
        self.card = card
        stand = SilentPlayback(rateHz: rateHz)
        open(wp_uptime_ns())
    }

    package var rateHz: Int { stand.rateHz }

    /// Frames that wait in the card now.
    package var queued: Int { end?.queued() ?? stand.queued() }

    /// When the next frame that is written will be sound.
    package var nextFrameNs: UInt64 { end?.nextFrameNs ?? stand.nextFrameNs }

    /// The card is to be fed when fewer frames than this wait.
    package var wanted: Int {
        max(rateHz * Limits.cardQueueMs / 1_000, end?.leastQueue ?? 0) + slack
    }

    /// Feeds the card; false: it went nowhere.
    package func write(_ block: SampleBlock, count: Int) -> Bool {
        let now = wp_uptime_ns()
        guard let end else {
            _ = stand.write(block, count: count)
            if watch.isDue(now) { open(now) }
            return false
        }
        switch end.write(block, count: count) {
        case .done:
            watch.moved(count, now)
            calm(now)
            return true
        case .recovered:
            watch.moved(count, now)
            ranDry(now)
            return true
        case .late: if watch.isStalled(now) { lose(ETIMEDOUT, now) }
        case .gone(let number): lose(number, now)
        }
        return false
    }

    private func ranDry(_ now: UInt64) {
        watch.recovered()
        calmNs = now
        let most = rateHz * Limits.cardQueueMaxMs / 1_000
        slack = min(slack + rateHz * Limits.cardQueueStepMs / 1_000, most)
    }

    private func calm(_ now: UInt64) {
        guard slack > 0, now - calmNs > UInt64(Limits.cardQueueShrinkMs) * 1_000_000 else { return }
        calmNs = now
        slack = max(0, slack - rateHz * Limits.cardQueueStepMs / 1_000)
    }

    private func lose(_ number: Int32, _ now: UInt64) {
        end = nil
        watch.lost(card, number, now)
    }

    private func open(_ now: UInt64) {
        do {
            end = try card.openPlayback(rateHz: stand.rateHz)
            watch.opened(now)
            calmNs = now
        } catch { watch.failed(error, now) }
    }
}
