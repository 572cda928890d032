// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Testing

struct SoundMixerTests {
    static func run(_ mixer: SoundMixer, ms: Int, voice: Int16) -> [Int16] {
        let block = SampleBlock(160)
        var made: [Int16] = []
        for _ in 0..<ms / 10 {
            for index in 0..<160 { block[index] = voice }
            mixer.mix(into: block, count: 160)
            for index in 0..<160 { made.append(block[index]) }
        }
        return made
    }

    @Test func voice_yields_within200Ms_andComesBack() {
        let mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 0, count: 16_000), ducksTo: 0.1))
        let during = Self.run(mixer, ms: 200, voice: 10_000)
        #expect(during.last.map { $0 <= 1_010 } == true)
        let after = Self.run(mixer, ms: 1_200, voice: 10_000)
        #expect(!mixer.isSounding && after.last == 10_000)
    }

    @Test func sound_beginsAndEnds_withoutAClick() {
        let mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 8_000, count: 1_600), repeats: true))
        let begun = Self.run(mixer, ms: 100, voice: 0)
        mixer.stop()
        let ended = Self.run(mixer, ms: 100, voice: 0)
        let all = begun + ended
        let steps = zip(all, all.dropFirst()).map { abs(Int($0) - Int($1)) }
        #expect((steps.max() ?? 0) < 100 && all.last == 0 && !mixer.isSounding)
        #expect(begun.last == 8_000)
    }

    @Test func next_sound_begins_whenTheFirstHasEnded() {
        let mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 8_000, count: 1_600), repeats: true))
        _ = Self.run(mixer, ms: 50, voice: 0)
        mixer.play(Sound([Int16](repeating: -4_000, count: 1_600), repeats: true))
        let made = Self.run(mixer, ms: 200, voice: 0)
        #expect(made.last == -4_000)
    }
}
