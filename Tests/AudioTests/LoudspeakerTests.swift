// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct LoudspeakerTests {
    static func claim(_ id: UInt64, _ rank: SoundRank, _ ms: UInt64 = 0) -> Loudspeaker.Claim {
        Loudspeaker.Claim(id: id, rank: rank, sinceMs: ms)
    }

    @Test func moreImportant_takesIt_andGivesItBack() {
        var speaker = Loudspeaker()
        let first = speaker.ask(Self.claim(1, .routine))
        let second = speaker.ask(Self.claim(2, .alarmTone))
        let third = speaker.end(2)
        #expect(first == [.start(1)] && second == [.stop(1), .start(2)] && third == [.stop(2), .start(1)])
    }

    @Test func call_isLowered_notEnded() {
        var speaker = Loudspeaker()
        _ = speaker.ask(Self.claim(1, .alarmCall))
        let effects = speaker.ask(Self.claim(2, .emergencyPage))
        #expect(effects == [.lower(1), .start(2)])
        let after = speaker.end(2)
        #expect(after == [.stop(2), .start(1), .raise(1)])
    }

    /// FAULTS 18: an alarm call wins over a live page and a routine, a routine call over a routine only.
    @Test func ranks_areInOrder() {
        #expect(
            SoundRank.alarmCall < .livePage && SoundRank.livePage < .routineCall
                && SoundRank.routineCall < .routine)
        #expect(SoundRank.emergencyPage < .alarmTone && SoundRank.alarmTone < .alarmCall)
        #expect(SoundRank.allCases.sorted() == SoundRank.allCases)
    }

    /// Property: the most important of all that want to sound has it, whatever happened.
    @Test(arguments: 0..<30) func first_alwaysSounds(seed: Int) {
        var state = UInt64(seed + 1)
        func chance(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var speaker = Loudspeaker()
        var started: Set<UInt64> = []
        for step in 0..<200 {
            let id = UInt64(chance(6))
            let effects =
                chance(3) == 0
                ? speaker.end(id) : speaker.ask(Self.claim(id, SoundRank.allCases[chance(7)], UInt64(step)))
            for effect in effects {
                switch effect {
                case .start(let id): started.insert(id)
                case .stop(let id), .lower(let id): started.remove(id)
                case .raise: break
                }
            }
            #expect(speaker.sounding == speaker.waiting.first?.id)
            #expect(started == Set([speaker.sounding].compactMap { $0 }))
        }
    }
}
