// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Testing

struct SoundMixerTests {
    static func run(_ mixer: inout SoundMixer, ms: Int, voice: Int16) -> [Int16] {
        let block = SampleBlock(160)
        var made: [Int16] = []
        for _ in 0..<ms / 10 {
            for index in 0..<160 { block[index] = voice }
            _ = mixer.mix(into: block, count: 160)
            for index in 0..<160 { made.append(block[index]) }
        }
        return made
    }

    @Test func voice_yields_within200Ms_andComesBack() {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 0, count: 16_000), ducksTo: 0.1), as: 1)
        let during = Self.run(&mixer, ms: 200, voice: 10_000)
        #expect(during.last.map { $0 <= 1_010 } == true)
        let after = Self.run(&mixer, ms: 1_200, voice: 10_000)
        #expect(mixer.isQuiet && after.last == 10_000)
    }

    @Test func sound_beginsAndEnds_withoutAClick() {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 8_000, count: 1_600), repeats: true), as: 1)
        let begun = Self.run(&mixer, ms: 100, voice: 0)
        mixer.stop()
        let ended = Self.run(&mixer, ms: 100, voice: 0)
        let all = begun + ended
        let steps = zip(all, all.dropFirst()).map { abs(Int($0) - Int($1)) }
        #expect((steps.max() ?? 0) < 100 && all.last == 0 && mixer.isQuiet)
        #expect(begun.last == 8_000)
    }

    @Test func next_sound_begins_whenTheFirstHasEnded() {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Sound([Int16](repeating: 8_000, count: 1_600), repeats: true), as: 1)
        _ = Self.run(&mixer, ms: 50, voice: 0)
        mixer.play(Sound([Int16](repeating: -4_000, count: 1_600), repeats: true), as: 2)
        let made = Self.run(&mixer, ms: 200, voice: 0)
        #expect(made.last == -4_000)
    }

    @Test func events_areBeginAndEnd_onceEach() {
        var mixer = SoundMixer(rateHz: 16_000)
        let (block, sound) = (SampleBlock(160), Sound([Int16](repeating: 100, count: 400)))
        mixer.play(sound, as: 7)
        // Asked for again: it goes on.
        mixer.play(sound, as: 7)
        let events = (0..<5).map { _ in mixer.mix(into: block, count: 160) }
        #expect(events == [.began(7), nil, .ended(7), nil, nil])
        // What is stopped does not say that it ended.
        mixer.play(Sound([Int16](repeating: 100, count: 4_000)), as: 8)
        let begun = mixer.mix(into: block, count: 160)
        mixer.stop()
        let after = (0..<5).map { _ in mixer.mix(into: block, count: 160) }
        #expect(begun == .began(8) && after == [nil, nil, nil, nil, nil])
    }
}
