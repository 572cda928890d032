// SPDX-License-Identifier: Apache-2.0
import CALSA
import CLinux
import Facility

/// The loudspeaker of a real card. One thread.
final class ALSAPlayback: PCMPlayback {
    private let device: ALSADevice
    private var pace: CardPace

    init(name: String, rateHz: Int) throws(Fault) {
        device = try ALSADevice(name: name, rateHz: rateHz, stream: SND_PCM_STREAM_PLAYBACK)
        pace = CardPace(rateHz: rateHz, nowNs: wp_uptime_ns())
    }

    var rateHz: Int { device.rateHz }
    var leastQueue: Int { device.periodFrames }

    func queued() -> Int {
        if pace.isUnpaced {
            let now = wp_uptime_ns()
            return pace.endNs > now ? Int((pace.endNs - now) * UInt64(device.rateHz) / 1_000_000_000) : 0
        }
        let room = snd_pcm_avail_update(device.pcm)
        return room < 0 ? 0 : max(0, device.bufferFrames - room)
    }

    var nextFrameNs: UInt64 {
        var delay: snd_pcm_sframes_t = 0
        let waits = snd_pcm_delay(device.pcm, &delay) == 0 && delay > 0 ? UInt64(delay) : 0
        return wp_uptime_ns() + waits * 1_000_000_000 / UInt64(device.rateHz)
    }

    func write(_ block: SampleBlock, count: Int) -> PCMOutcome {
        let taken = snd_pcm_writei(device.pcm, block.base, snd_pcm_uframes_t(count))
        if taken == count {
            pace.moved(count, nowNs: wp_uptime_ns())
            return .done
        }
        guard taken < 0 else { return .late }
        let outcome = device.recover(taken)
        if outcome == .recovered { _ = snd_pcm_writei(device.pcm, block.base, snd_pcm_uframes_t(count)) }
        return outcome
    }
}
