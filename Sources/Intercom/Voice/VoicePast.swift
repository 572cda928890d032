// SPDX-License-Identifier: Apache-2.0
package import Audio
import CVoiceDSP

/// What was heard last, to go on from when a frame is lost: the voice's last period, fading within 60 ms. The
/// playback thread's.
package final class VoicePast {
    private let past: SampleBlock
    private let rateHz: Int
    private var gone = 0

    package init(rateHz: Int) {
        self.rateHz = rateHz
        past = SampleBlock(rateHz * 32 / 1_000)
    }

    /// A frame came; after lost ones it is faded in.
    package func came(_ samples: SampleBlock, count: Int) {
        if gone > 0 {
            let fade = min(count, rateHz / 250)
            wp_ramp(samples.base, level, 1, fade)
            gone = 0
        }
        keep(samples, count: count)
    }

    /// 1: as loud as it was; 0: silent.
    private var level: Float { max(0, 1 - Float(gone) / Float(rateHz * 60 / 1_000)) }

    package func goOn(_ count: Int, into samples: SampleBlock) -> Int {
        let made = min(count, samples.capacity)
        let from = level
        gone += made
        wp_repeat_voice(
            past.base, past.capacity, rateHz / 400, rateHz / 65, from, level, samples.base, made)
        return made
    }

    private func keep(_ samples: SampleBlock, count: Int) {
        let taken = min(count, past.capacity)
        let kept = past.capacity - taken
        for index in 0..<kept { past.base[index] = past.base[index + taken] }
        (past.base + kept).update(from: samples.base + (count - taken), count: taken)
    }
}
