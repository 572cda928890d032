// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct PlayEntryTests {
    static let id = OccurrenceID(
        routine: RoutineID("roll-call")!, day: Samples.monday, at: ClockTime("08:00")!)

    @Test func entry_readsBack_whateverBecameOfAUnit() throws {
        var outcomes: [PlayOutcome] = [.began(lateMs: -150, offsetMs: 0), .resumed(offsetMs: 7), .played]
        for cause in PlayCause.allCases {
            outcomes += [.interrupted(cause, atMs: 1), .cut(cause, atMs: 2), .skipped(cause)]
        }
        for outcome in outcomes {
            let entry = PlayEntry(Self.id, outcome, zone: Samples.ward)
            let back = try #require(PlayEntry(entry.payload))
            #expect(back == entry && back["day"] == "2026-11-23" && back["at"] == "08:00")
            #expect(back["routine"] == "roll-call" && back["zone"] == "ward-1")
            if case .skipped(let cause) = outcome { #expect(back.why == cause && back.step == .skipped) }
        }
    }

    @Test func proof_readsBack_andAnEntryWithoutHasNone() throws {
        for heard in PlayHeard.allCases {
            let entry = PlayEntry(
                .proved, Self.id, zone: Samples.ward, [("heard", "\(heard)"), ("levelDb", "-10.5")])
            let back = try #require(PlayEntry(entry.payload))
            #expect(back.heard == heard && back["levelDb"] == "-10.5" && back["routine"] == "roll-call")
            #expect(!heard.phrase.zh.isEmpty && !heard.phrase.en.isEmpty)
        }
        #expect(PlayEntry(Self.id, .played, zone: Samples.ward).heard == nil)
        #expect(PlayEntry.Step.proved.rawValue == 74, "kinds of old entries stay what they are")
    }

    @Test func words_carryNoOtherWord_andHaveBothLanguages() {
        let entry = PlayEntry(.refused, zone: Samples.ward, [("why", "a\nstep=played\0")])
        #expect(PlayEntry(entry.payload)?["why"] == "astep=played")
        for step in PlayEntry.Step.allCases { #expect(!step.phrase.zh.isEmpty && !step.phrase.en.isEmpty) }
        #expect(Set(PlayCause.allCases.map(\.phrase.en)).count == PlayCause.allCases.count)
    }

    @Test func bytes_neverTrap_whateverTheyAre() {
        var dice = Dice(5)
        let good = PlayEntry(Self.id, .skipped(.late), zone: Samples.ward).payload
        for _ in 0..<5_000 {
            var bytes = good
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = .random(in: 0...255, using: &dice)
            }
            if let entry = PlayEntry(bytes) { #expect(PlayEntry(entry.payload) == entry) }
        }
        #expect(PlayEntry([]) == nil && PlayEntry(Array("step=unheard-of".utf8)) == nil)
    }
}
