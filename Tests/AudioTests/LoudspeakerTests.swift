// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Testing

struct LoudspeakerTests {
    static func claim(
        _ id: UInt64, _ rank: SoundRank, voice: Bool = false, _ since: UInt64 = 0
    ) -> Loudspeaker.Claim {
        Loudspeaker.Claim(id: id, rank: rank, isVoice: voice, since: since)
    }

    @Test func moreImportant_takesIt_andGivesItBack() {
        var speaker = Loudspeaker()
        speaker.ask(Self.claim(1, .routine))
        #expect(speaker.sound == 1)
        speaker.ask(Self.claim(2, .alarmTone))
        #expect(speaker.sound == 2)
        speaker.end(2)
        #expect(speaker.sound == 1)
        speaker.end(1)
        #expect(speaker.sound == nil)
    }

    @Test func older_goesFirst_ofTwoEquals() {
        var speaker = Loudspeaker()
        speaker.ask(Self.claim(2, .livePage, 20))
        speaker.ask(Self.claim(1, .livePage, 10))
        speaker.ask(Self.claim(3, .livePage, 30))
        #expect(speaker.claims.map(\.id) == [1, 2, 3])
    }

    @Test func tone_soundsIntoACall_whenMoreImportantAlone() {
        var speaker = Loudspeaker()
        speaker.ask(Self.claim(1, .alarmCall, voice: true))
        #expect(speaker.voice == 1 && speaker.sound == nil)
        speaker.ask(Self.claim(2, .alarmTone))
        #expect(speaker.voice == 1 && speaker.sound == 2)
        // Music waits while somebody talks.
        speaker.end(2)
        speaker.ask(Self.claim(3, .routine))
        #expect(speaker.voice == 1 && speaker.sound == nil)
    }

    @Test func voices_areNeverTwo_theMoreImportantIsHeard() {
        var speaker = Loudspeaker()
        speaker.ask(Self.claim(1, .routineCall, voice: true))
        speaker.ask(Self.claim(2, .alarmCall, voice: true, 5))
        #expect(speaker.voice == 2)
        speaker.rank(1, .alarmCall)
        #expect(speaker.voice == 1)
        speaker.end(1)
        #expect(speaker.voice == 2)
    }

    /// FAULTS 18: an alarm call wins over a live page and a routine, a routine call over a routine only.
    @Test func ranks_areInOrder() {
        #expect(
            SoundRank.alarmCall > .livePage && SoundRank.livePage > .routineCall
                && SoundRank.routineCall > .routine)
        #expect(SoundRank.emergencyPage > .alarmTone && SoundRank.alarmTone > .alarmCall)
        #expect(SoundRank.allCases.sorted() == SoundRank.allCases)
    }

    /// Property: whatever happened, the first of all is heard, and a sound only where it is that first.
    @Test(arguments: 0..<30) func first_alwaysSounds(seed: Int) {
        var state = UInt64(seed + 1)
        func chance(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var speaker = Loudspeaker()
        var wanted: [UInt64: Loudspeaker.Claim] = [:]
        for step in 0..<200 {
            let id = UInt64(chance(6))
            if chance(3) == 0 {
                speaker.end(id)
                wanted[id] = nil
            } else {
                let claim = Self.claim(id, SoundRank.allCases[chance(7)], voice: id < 3, UInt64(step))
                speaker.ask(claim)
                wanted[id] = claim
            }
            let order = wanted.values.sorted {
                $0.rank > $1.rank || ($0.rank == $1.rank && $0.since < $1.since)
            }
            #expect(speaker.claims == order)
            #expect(speaker.sound == order.first.flatMap { $0.isVoice ? nil : $0.id })
            #expect(speaker.voice == order.first { $0.isVoice }?.id)
        }
    }
}
