// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import ClipMaking

struct ClipMakerTests {
    private func make(_ bytes: [UInt8]) throws -> MadeClip {
        try ClipMaker.make(try SoundSource(bytes: bytes, name: "test"))
    }

    @Test(arguments: [0.003, 0.05, 0.9], [8_000, 44_100, 48_000])
    func unit_isAsLoudAsAllOthers_whateverCame(level: Double, rateHz: Int) throws {
        let sound = SoundFiles.wav(SoundFiles.sine(1, rateHz: rateHz, level: level), rateHz: rateHz)
        let made = try make(sound)
        #expect(abs(made.loudnessLufs - Limits.clipLoudnessDb) < 0.01 && made.ms == 1_000)
        // As it is after the codec.
        let heard = try SoundFiles.heard(made.bytes)
        #expect(abs(heard.gainDb) < 0.5, "\(heard.gainDb)")
        #expect(abs(heard.ms - 1_000) <= 1)
    }

    @Test func sameSound_givesTheSameBytes_alsoFromTwoChannels() throws {
        let sine = SoundFiles.sine(1.2)
        let made = try make(SoundFiles.wav(sine))
        #expect(try make(SoundFiles.wav(sine)) == made)
        let both = try make(SoundFiles.wav(sine.flatMap { [$0, $0] }, channels: 2))
        #expect(both.bytes == made.bytes)
        #expect(made.bytes.count < 10_000)
    }

    @Test func peak_staysUnderItsCeiling_whenTheSoundIsAllPeaks() throws {
        // One click of 10 ms in a second: −23 LUFS would lift it beyond full scale.
        let clicks = (0..<48_000).map { Int16($0 % 16_000 < 160 ? ($0 % 2 == 0 ? 9_000 : -9_000) : 0) }
        let made = try make(SoundFiles.wav(clicks))
        #expect(made.loudnessLufs < Limits.clipLoudnessDb && abs(made.peakDb - Limits.clipPeakDb) < 0.01)
    }

    @Test func chime_isTaken_silenceIsNot() throws {
        #expect(try make(SoundFiles.wav(SoundFiles.sine(0.1))).ms == 100)
        #expect(throws: Fault.self) { try make(SoundFiles.wav([Int16](repeating: 0, count: 16_000))) }
        #expect(throws: Fault.self) { try make(SoundFiles.wav([Int16](repeating: 1, count: 16_000))) }
    }
}
