// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Audio

struct SpeakerVolumeTests {
    @Test func rooms_lowerWhatIsRoutine_withinBounds_andAlarmsNever() {
        for rank in SoundRank.allCases {
            #expect(SpeakerVolume().gain(rank) == 1 && SpeakerVolume(roomDb: -20).gain(rank) == 1)
        }
        let quiet = SpeakerVolume(roomDb: -90)
        #expect(abs(quiet.gain(.routine) - 0.355) < 0.001 && quiet.gain(.livePage) == quiet.gain(.routine))
        #expect(SpeakerVolume(roomDb: -52).gain(.routine) > quiet.gain(.routine))
        for rank in [SoundRank.emergencyPage, .alarmTone, .alarmCall] {
            #expect(SpeakerVolume(capDb: -40, roomDb: -90).gain(rank) == 1)
            #expect(SpeakerVolume(capDb: -40).most(rank) == 32_768)
        }
        #expect(abs(SpeakerVolume(capDb: -20).most(.livePage) - 3_276.7) < 0.1)
        #expect(SpeakerVolume(capDb: 12).most(.routine) == 32_767, "nothing is made louder")
    }

    @Test func noise_isMeasured_inThePausesAlone() {
        var room = RoomNoise()
        for _ in 0..<200 { room.feed(played: 1e6, heard: 1e7) }
        #expect(room.roomDb == nil)
        for _ in 0..<60 { room.feed(played: 0, heard: 107_374) }
        #expect(room.roomDb.map { abs($0 + 40) < 0.1 } == true)
        // A door is no room.
        for _ in 0..<60 { room.feed(played: 0, heard: 1e8) }
        #expect(room.roomDb.map { abs($0 + 40) < 0.1 } == true)
    }

    /// Whatever is asked of a loudspeaker, in whatever order: no sample is over the cap but an alarm's.
    @Test(arguments: 0..<20) func cap_isNeverExceeded_whateverIsAsked(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var stage = SpeakerStage(rateHz: 16_000)
        let block = SampleBlock(40)
        let watch = CardWatch("feed the loudspeaker")
        let loud = Sound([Int16](repeating: 32_767, count: 16_000), repeats: true)
        let short = Sound((0..<300).map { Int16($0 % 2 == 0 ? 32_767 : -32_768) })
        var voices: [UInt64: SpeakerTests.Steady] = [:]
        for turn in 0..<4_000 {
            let id = UInt64.random(in: 1...6, using: &dice)
            let rank = SoundRank.allCases.randomElement(using: &dice) ?? .routine
            switch Int.random(in: 0..<12, using: &dice) {
            case 0, 1:
                stage.sounds[id] = (Bool.random(using: &dice) ? loud : short, nil)
                stage.claim(Loudspeaker.Claim(id: id, rank: rank, since: UInt64(turn)))
            case 2:
                let start = SoundStart(zeroNs: Int64(turn) * 2_500_000, first: 0)
                stage.sounds[id] = (loud, start)
                stage.claim(Loudspeaker.Claim(id: id, rank: rank, since: UInt64(turn)))
            case 3 where voices[id + 10] == nil:
                let voice = SpeakerTests.Steady(32_767)
                voices[id + 10] = voice
                stage.voices.append((id + 10, voice))
                stage.claim(
                    Loudspeaker.Claim(id: id + 10, rank: rank, isVoice: true, since: UInt64(turn)))
            case 4: stage.rank(id, rank)
            case 5, 6: stage.end(id)
            case 7:
                stage.end(id + 10)
                voices[id + 10] = nil
            case 8: stage.volume.roomDb = Double.random(in: -100...0, using: &dice)
            case 9: stage.volume.capDb = Bool.random(using: &dice) ? nil : .random(in: -40...6, using: &dice)
            case _: break
            }
            let first = stage.rank ?? .background
            let most = stage.volume.most(first)
            _ = stage.fill(block, soundsAtNs: UInt64(turn) * 2_500_000, watch: watch)
            let peak = (0..<40).map { abs(Int(block[$0])) }.max() ?? 0
            #expect(peak <= Int(most.rounded(.up)), "turn \(turn): \(peak) of \(most) as \(first)")
        }
    }

    @Test func quietSound_isNotTouched_byACapAboveIt() {
        var stage = SpeakerStage(rateHz: 16_000)
        stage.volume.capDb = -20
        stage.sounds[1] = (Sound([Int16](repeating: 900, count: 16_000)), nil)
        stage.claim(Loudspeaker.Claim(id: 1, rank: .routine, since: 0))
        let block = SampleBlock(40)
        let watch = CardWatch("feed the loudspeaker")
        for turn in 0..<40 { _ = stage.fill(block, soundsAtNs: UInt64(turn) * 2_500_000, watch: watch) }
        #expect(block[39] == 900)
    }
}
