// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// A loudspeaker that never fails, and keeps as little waiting in the card as it can: the queue grows when
/// the card runs dry and shrinks again. One thread. Always true: a card that moves no real frame for
/// `Limits.cardStallMs` is opened anew.
package final class SteadyPlayback {
    private let card: SoundCard
    private var end: (any PCMPlayback)?
    private let stand: SilentPlayback
    private var movedNs = wp_uptime_ns()
    private var retryNs: UInt64 = 0
    private var calmNs: UInt64 = 0
    private var slack = 0
    package private(set) var frames = 0
    package private(set) var recoveries = 0
    package private(set) var trouble: Fault?

    package init(_ card: SoundCard, rateHz: Int) {
        self.card = card
        stand = SilentPlayback(rateHz: rateHz)
        open(now: wp_uptime_ns())
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
            if now >= retryNs { open(now: now) }
            return false
        }
        switch end.write(block, count: count) {
        case .done:
            movedNs = now
            frames += count
            calm(now)
            return true
        case .recovered:
            movedNs = now
            frames += count
            ranDry(now)
            return true
        case .late:
            if now - movedNs > UInt64(Limits.cardStallMs) * 1_000_000 { lose(ETIMEDOUT) }
            return false
        case .gone(let number):
            lose(number)
            return false
        }
    }

    private func ranDry(_ now: UInt64) {
        recoveries += 1
        calmNs = now
        let most = rateHz * Limits.cardQueueMaxMs / 1_000
        slack = min(slack + rateHz * Limits.cardQueueStepMs / 1_000, most)
    }

    private func calm(_ now: UInt64) {
        guard slack > 0, now - calmNs > UInt64(Limits.cardQueueShrinkMs) * 1_000_000 else { return }
        calmNs = now
        slack = max(0, slack - rateHz * Limits.cardQueueStepMs / 1_000)
    }

    private func lose(_ number: Int32) {
        end = nil
        recoveries += 1
        retryNs = wp_uptime_ns() + UInt64(Limits.cardRetryMs) * 1_000_000
        trouble = Fault(
            "feed the loudspeaker", at: "\(card)", cause: String(cString: strerror(number)),
            hint: "See that the card is plugged in; it is tried again by itself.")
    }

    private func open(now: UInt64) {
        do {
            end = try card.openPlayback(rateHz: stand.rateHz)
            trouble = nil
            (movedNs, calmNs) = (now, now)
        } catch {
            trouble = error
            retryNs = now + UInt64(Limits.cardRetryMs) * 1_000_000
        }
    }
}
