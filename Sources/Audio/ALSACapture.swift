// SPDX-License-Identifier: Apache-2.0
import CALSA
import CLinux
import CVoiceDSP
import Facility

/// The microphone of a real card. One thread.
final class ALSACapture: PCMCapture {
    private let device: ALSADevice
    private var pace: CardPace
    private(set) var lastFrameNs: UInt64 = 0

    init(name: String, rateHz: Int) throws(Fault) {
        device = try ALSADevice(name: name, rateHz: rateHz, stream: SND_PCM_STREAM_CAPTURE)
        pace = CardPace(rateHz: rateHz, nowNs: wp_uptime_ns())
    }

    var rateHz: Int { device.rateHz }

    func read(_ block: SampleBlock, count: Int, waitingMs: Int) -> PCMOutcome {
        let patience = wp_uptime_ns() + UInt64(waitingMs) * 1_000_000
        while true {
            let there = snd_pcm_avail_update(device.pcm)
            if there < 0 { return device.recover(there) }
            if there >= count { break }
            let now = wp_uptime_ns()
            if now >= patience { return .late }
            // By the clock rather than by the card's own waking: plug-ins wake late or too often.
            let missing = UInt64(count - there) * 1_000_000_000 / UInt64(device.rateHz)
            wp_wait_until_ns(min(patience, now + max(250_000, missing)))
        }
        if pace.isUnpaced { wp_wait_until_ns(min(patience, pace.endNs)) }
        let got = snd_pcm_readi(device.pcm, block.base, snd_pcm_uframes_t(count))
        if got < 0 { return device.recover(got) }
        guard got == count else { return .recovered }
        var delay: snd_pcm_sframes_t = 0
        let age = snd_pcm_delay(device.pcm, &delay) == 0 && delay > 0 ? UInt64(delay) : 0
        let now = wp_uptime_ns()
        pace.moved(count, nowNs: now)
        lastFrameNs = now - age * 1_000_000_000 / UInt64(device.rateHz)
        return .done
    }
}
