// SPDX-License-Identifier: Apache-2.0
import CLinux
import CVoiceDSP

/// A microphone that hears nothing, at the pace of the clock: `null`, and what stands in while a card is
/// gone. One thread.
final class SilentCapture: PCMCapture {
    let rateHz: Int
    private(set) var lastFrameNs = wp_uptime_ns()

    init(rateHz: Int) { self.rateHz = rateHz }

    func read(_ block: SampleBlock, count: Int, waitingMs: Int) -> PCMOutcome {
        let due = lastFrameNs + UInt64(count) * 1_000_000_000 / UInt64(rateHz)
        let patience = wp_uptime_ns() + UInt64(waitingMs) * 1_000_000
        wp_wait_until_ns(min(due, patience))
        guard due <= patience else { return .late }
        let now = wp_uptime_ns()
        // After a stall it does not make up for what nobody would have heard.
        lastFrameNs = now - due > 200_000_000 ? now : due
        block.silence(count)
        return .done
    }
}

/// A loudspeaker that nobody hears, at the pace of the clock. One thread.
final class SilentPlayback: PCMPlayback {
    let rateHz: Int
    private var endNs: UInt64 = 0

    init(rateHz: Int) { self.rateHz = rateHz }

    var leastQueue: Int { 0 }
    var nextFrameNs: UInt64 { max(endNs, wp_uptime_ns()) }

    func queued() -> Int {
        let now = wp_uptime_ns()
        return endNs > now ? Int((endNs - now) * UInt64(rateHz) / 1_000_000_000) : 0
    }

    func write(_ block: SampleBlock, count: Int) -> PCMOutcome {
        endNs = max(endNs, wp_uptime_ns()) + UInt64(count) * 1_000_000_000 / UInt64(rateHz)
        return .done
    }
}
