// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

struct AlarmMergeTests {
    private func randomDeed(_ random: inout SeededGenerator) -> Deed? {
        if random.chance(30) { return nil }
        // Few values, so that ties in every field come up.
        return makeDeed(
            random.below(3), random.pick([.postA, .postB]),
            officer: random.pick([nil, .named("P1"), .named("P2")]),
            ground: random.pick(Deed.Ground.allCases))
    }

    private func randomCopy(_ random: inout SeededGenerator) -> AlarmRecord {
        var copy = makeRecord(revision: UInt32(random.below(9)), presses: UInt32(1 + random.below(5)))
        copy.escalation = UInt8(random.below(5))
        copy.spokenMs = UInt32(random.below(5_000))
        copy.annunciated = randomDeed(&random)
        copy.acknowledged = randomDeed(&random)
        copy.silenced = randomDeed(&random)
        copy.spoken = randomDeed(&random)
        copy.attended = randomDeed(&random)
        copy.cleared = randomDeed(&random)
        return copy
    }

    @Test func merge_isTheSameInEveryOrder_whenCopiesWentApart() {
        for seed in UInt64(0)..<3_000 {
            var random = SeededGenerator(seed: seed)
            let (a, b, c) = (randomCopy(&random), randomCopy(&random), randomCopy(&random))
            let ab = a.merged(with: b)
            guard ab == b.merged(with: a), ab.merged(with: c) == a.merged(with: b.merged(with: c)),
                a.merged(with: a) == a, ab.merged(with: a) == ab, ab.merged(with: b) == ab,
                ab.revision == max(a.revision, b.revision)
            else {
                Issue.record("seed \(seed)")
                return
            }
        }
    }

    @Test func merge_losesNothing_whenACopyKnowsMore() {
        for seed in UInt64(0)..<3_000 {
            var random = SeededGenerator(seed: seed)
            let (a, b) = (randomCopy(&random), randomCopy(&random))
            let merged = a.merged(with: b)
            guard merged.presses >= max(a.presses, b.presses),
                merged.escalation >= max(a.escalation, b.escalation),
                merged.phase >= max(a.phase, b.phase), merged.isOpen == (a.isOpen && b.isOpen)
            else {
                Issue.record("seed \(seed)")
                return
            }
        }
    }

    @Test func deeds_areInOneStrictOrder_whenTheyDifferInAnyField() {
        let deeds = [0, 1].flatMap { time in
            [TerminalID.postA, .postB].flatMap { post in
                [OfficerID?.none, .named("P1"), .named("P2")].flatMap { officer in
                    Deed.Ground.allCases.map { makeDeed(time, post, officer: officer, ground: $0) }
                }
            }
        }
        for a in deeds {
            for b in deeds {
                let relations = [a < b, b < a, a == b].filter { $0 }
                #expect(relations.count == 1)
            }
        }
        #expect(deeds.shuffled().sorted() == deeds)
    }

    @Test func merge_keepsTheFirstDeedAndTheLastPause_whenBothCopiesHaveThem() {
        var (a, b) = (makeRecord(), makeRecord())
        (a.acknowledged, b.acknowledged) = (makeDeed(500), makeDeed(499))
        (a.silenced, b.silenced) = (makeDeed(500), makeDeed(499))
        #expect(a.merged(with: b).acknowledged?.afterMs == 499)
        #expect(a.merged(with: b).silenced?.afterMs == 500)
    }

    @Test func facts_areEqual_whenOnlyTheRevisionDiffers() {
        #expect(makeRecord(revision: 1).facts == makeRecord(revision: 5).facts)
        #expect(makeRecord(presses: 1).facts != makeRecord(presses: 2).facts)
    }
}
