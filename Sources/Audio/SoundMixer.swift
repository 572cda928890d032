// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility
import Synchronization

/// Plays one sound at a time beside a voice, and lets the voice yield to it. Any thread starts and stops a
/// sound; one thread (the playback's) mixes. Always true: nothing is allocated while mixing, and a sound
/// begins and ends with a ramp, so that nothing clicks.
package final class SoundMixer: Sendable {
    private struct Playing {
        var sound: Sound?
        var at = 0
        var gain: Float = 0
        var goal: Float = 0
        var next: Sound?
        var ducks: Float = 1
    }

    private let playing = Mutex(Playing())
    private let rateHz: Int

    package init(rateHz: Int) { self.rateHz = rateHz }

    /// Begins a sound; one that sounds already ends with a ramp first.
    package func play(_ sound: Sound) {
        playing.withLock { playing in
            if playing.sound == nil {
                (playing.sound, playing.at, playing.gain, playing.goal) = (sound, 0, 0, 1)
            } else {
                (playing.next, playing.goal) = (sound, 0)
            }
        }
    }

    /// Lets what sounds end with a ramp.
    package func stop() {
        playing.withLock { playing in
            playing.goal = 0
            playing.next = nil
        }
    }

    package var isSounding: Bool { playing.withLock { $0.sound != nil } }

    /// Adds what sounds to `block`, and lowers what was in it as the sound asks.
    package func mix(into block: SampleBlock, count: Int) {
        playing.withLock { playing in
            guard let sound = playing.sound else {
                guard playing.ducks < 1 else { return }
                let to = min(1, playing.ducks + ramp(count) / 4)
                wp_ramp(block.base, playing.ducks, to, count)
                playing.ducks = to
                return
            }
            let duck = playing.ducks + max(-ramp(count), min(ramp(count) / 4, sound.ducksTo - playing.ducks))
            wp_ramp(block.base, playing.ducks, duck, count)
            playing.ducks = duck
            let to = playing.gain + max(-ramp(count), min(ramp(count), playing.goal - playing.gain))
            sound.add(to: block, count: count, at: playing.at, from: playing.gain, to: to)
            (playing.at, playing.gain) = (playing.at + count, to)
            if (to == 0 && playing.goal == 0) || (!sound.repeats && playing.at >= sound.count) {
                let next = playing.next
                (playing.sound, playing.next, playing.at, playing.gain) = (next, nil, 0, 0)
                playing.goal = next == nil ? 0 : 1
            }
        }
    }

    private func ramp(_ count: Int) -> Float {
        Float(count * 1_000) / Float(rateHz * Limits.soundRampMs)
    }
}
