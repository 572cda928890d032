// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct SoundTests {
    @Test(arguments: Tone.allCases) func tone_sounds_andNeverClips(tone: Tone) {
        let sound = tone.sound(rateHz: 16_000)
        let samples = (0..<sound.count).map { abs(Int(sound[$0])) }
        #expect(sound.count > 1_000)
        #expect((samples.max() ?? 0) > 3_000 && (samples.max() ?? 0) < 30_000)
        #expect(sound[0] == 0)
    }
}
