// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

struct AlarmRollTests {
    private func cleared(_ record: AlarmRecord) -> AlarmRecord {
        var copy = record
        copy.revision += 1
        (copy.attended, copy.cleared) = (makeDeed(500), makeDeed(600))
        return copy
    }

    @Test func record_isListedUpdatedAndEnded_whenItIsReceived() {
        var roll = AlarmRoll()
        var record = makeRecord()
        #expect(roll.receive(record, ageMs: 20, now: .ms(1_000)) == .listed)
        #expect(roll.entries[record.id]?.ageMs(.ms(1_500)) == 520)
        #expect(roll.receive(record, ageMs: 70, now: .ms(1_050)) == .known, "a repetition")
        (record.acknowledged, record.revision) = (makeDeed(400), 2)
        #expect(roll.receive(record, ageMs: 400, now: .ms(1_400)) == .updated)
        #expect(roll.receive(cleared(record), ageMs: 600, now: .ms(1_600)) == .ended)
        #expect(roll.entries.isEmpty && roll.sounding(now: .ms(1_600)) == nil)
    }

    @Test func clearedAlarm_neverComesBack_whenAStragglerArrives() {
        for isListedFirst in [true, false] {
            var roll = AlarmRoll()
            let record = makeRecord()
            if isListedFirst { _ = roll.receive(record, ageMs: 0, now: .ms(0)) }
            _ = roll.receive(cleared(record), ageMs: 600, now: .ms(600))
            var straggler = record
            (straggler.presses, straggler.revision) = (9, 9)
            #expect(roll.receive(straggler, ageMs: 650, now: .ms(650)) == .known)
            #expect(roll.entries.isEmpty)
        }
    }

    @Test func olderRecord_takesNothingBack_whenItArrivesLast() {
        var roll = AlarmRoll()
        let first = makeRecord()
        var second = first
        (second.attended, second.presses, second.revision) = (makeDeed(300), 3, 3)
        _ = roll.receive(second, ageMs: 300, now: .ms(300))
        #expect(roll.receive(first, ageMs: 310, now: .ms(310)) == .known)
        #expect(roll.entries[first.id]?.record == second)
    }

    // MARK: The sound

    @Test func sound_isThatOfTheHighestClass_whenSeveralStand() {
        var roll = AlarmRoll()
        #expect(roll.sounding(now: .ms(0)) == nil)
        for (index, alarmClass) in AlarmClass.allCases.enumerated() {
            _ = roll.receive(makeRecord(alarmClass, id: makeID(UInt64(index))), ageMs: 0, now: .ms(0))
            #expect(roll.sounding(now: .ms(1)) == alarmClass)
        }
        var duress = makeRecord(.officerDuress, id: makeID(3))
        (duress.attended, duress.revision) = (makeDeed(5), 2)
        _ = roll.receive(duress, ageMs: 5, now: .ms(5))
        #expect(roll.sounding(now: .ms(5)) == .emergency)
    }

    @Test func post_wakesToSoundAgain_whenThePauseReachedItAMomentEarly() {
        // The cell is 30 ms older by its own clock than by the post's: the datagrams before took longer.
        var roll = AlarmRoll()
        var record = makeRecord()
        _ = roll.receive(record, ageMs: 0, now: .ms(30))
        (record.silenced, record.revision) = (makeDeed(10_000), 2)
        _ = roll.receive(record, ageMs: 10_000, now: .ms(10_001))
        #expect(roll.sounding(now: .ms(10_001)) == nil, "quiet at once, not 29 ms later")
        #expect(roll.deadline(now: .ms(10_001)) == .ms(130_001))
        roll.elapsed(now: .ms(130_001))
        #expect(roll.sounding(now: .ms(130_000)) == nil && roll.sounding(now: .ms(130_001)) == .emergency)
        #expect(roll.deadline(now: .ms(130_001)) == nil)
    }

    @Test func post_isNotQuietForTheSum_whenTwoOwnersPausedOneAfterTheOther() {
        // The same early datagram, then the copy of another owner, paused in the middle of the first pause.
        var roll = AlarmRoll()
        var record = makeRecord()
        _ = roll.receive(record, ageMs: 0, now: .ms(30))
        (record.silenced, record.revision) = (makeDeed(10_000), 2)
        _ = roll.receive(record, ageMs: 10_000, now: .ms(10_001))
        record.silenced = makeDeed(100_000, .postB)
        _ = roll.receive(record, ageMs: 100_000, now: .ms(100_030))
        #expect(roll.sounding(now: .ms(130_030)) == .emergency)
    }

    @Test func post_grantsNoNewPause_whenAnOldOneIsRepeatedByACellThatLostCount() {
        var roll = AlarmRoll()
        var record = makeRecord()
        (record.silenced, record.revision) = (makeDeed(500_000), 2)
        _ = roll.receive(record, ageMs: 500_000, now: .ms(0))
        for now in stride(from: 0, through: 600_000, by: 10_000) {
            record.revision += 1
            record.presses += 1
            _ = roll.receive(record, ageMs: now, now: .ms(now))
            #expect((roll.sounding(now: .ms(now)) == nil) == (now < 120_000), "\(now)")
        }
    }

    @Test func deadline_isNil_whenNothingIsPaused() {
        var roll = AlarmRoll()
        #expect(roll.deadline(now: .ms(0)) == nil)
        _ = roll.receive(makeRecord(), ageMs: 0, now: .ms(0))
        #expect(roll.deadline(now: .ms(5)) == nil)
        var trouble = makeRecord(.trouble, id: makeID(2))
        (trouble.silenced, trouble.acknowledged) = (makeDeed(1), makeDeed(2))
        _ = roll.receive(trouble, ageMs: 5, now: .ms(5))
        #expect(roll.deadline(now: .ms(5)) == nil, "an acknowledged trouble stays quiet")
    }

    // MARK: The order and the bound

    @Test func list_hasEmergenciesFirst_when500AlarmsAreRandom() {
        for seed in UInt64(1)...5 {
            var random = SeededGenerator(seed: seed)
            var roll = AlarmRoll()
            for sequence in UInt64(1)...500 {
                let record = makeRecord(random.pick(AlarmClass.allCases), id: makeID(sequence))
                _ = roll.receive(record, ageMs: random.below(50) * 1_000, now: .ms(100_000))
            }
            let list = roll.ordered(now: .ms(200_000))
            #expect(list.count == 500, "nothing is grouped away")
            for (a, b) in zip(list, list.dropFirst()) where a.record.alarmClass <= b.record.alarmClass {
                let isInOrder =
                    a.record.alarmClass == b.record.alarmClass
                    && (a.ageMs(.ms(200_000)), b.record.id.sequence) >= (
                        b.ageMs(.ms(200_000)), a.record.id.sequence
                    )
                #expect(isInOrder, "seed \(seed)")
            }
        }
    }

    @Test func lists_areTheSame_whenTwoPostsHeardInDifferentOrder() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let records = (UInt64(1)...200).map {
                makeRecord(random.pick(AlarmClass.allCases), id: makeID($0), raisedMs: random.below(20))
            }
            func list(_ order: [AlarmRecord], upMs: Int) -> [EventID] {
                var roll = AlarmRoll()
                for (index, record) in order.enumerated() {
                    let sinceRaise = 1_000 + index - Int(record.raised.uptime.nanoseconds / 1_000_000)
                    _ = roll.receive(record, ageMs: sinceRaise, now: .ms(upMs + index))
                }
                return roll.ordered(now: .ms(upMs + 5_000)).map(\.record.id)
            }
            let here = list(records.shuffled(using: &random), upMs: 50)
            let there = list(records.shuffled(using: &random), upMs: 7_000_000)
            #expect(here == there, "seed \(seed)")
        }
    }

    @Test func troublesGiveWay_oldestFirst_whenTheListIsFull() {
        var roll = AlarmRoll()
        let troubles = 3
        for index in 0..<Limits.rollMaxCount {
            let alarmClass = index < troubles ? AlarmClass.trouble : .cellCall
            // The middle one of the troubles is the oldest.
            let record = makeRecord(alarmClass, id: makeID(UInt64(index)))
            #expect(roll.receive(record, ageMs: index == 1 ? 9_000 : 1_000, now: .ms(0)) == .listed)
        }
        func receive(_ alarmClass: AlarmClass, _ sequence: UInt64) -> RollChange {
            roll.receive(makeRecord(alarmClass, id: makeID(sequence)), ageMs: 0, now: .ms(10))
        }
        #expect(receive(.trouble, 10_000) == .full, "a trouble makes room for nothing")
        for (sequence, gone) in zip(UInt64(20_000)..., [1, 0, 2] as [UInt64]) {
            #expect(receive(.cellCall, sequence) == .listed)
            #expect(roll.entries[makeID(gone)] == nil, "oldest first, then by id")
        }
        #expect(receive(.emergency, 30_000) == .full, "alarms never give way: its cell widens to other posts")
        #expect(roll.entries.count == Limits.rollMaxCount)
        #expect(!roll.entries.values.contains { $0.record.alarmClass == .trouble })
    }

    @Test func known_isStillUpdated_whenTheListIsFull() {
        var roll = AlarmRoll()
        for index in 0..<Limits.rollMaxCount {
            _ = roll.receive(makeRecord(.cellCall, id: makeID(UInt64(index))), ageMs: 0, now: .ms(0))
        }
        var record = makeRecord(.cellCall, id: makeID(7))
        (record.presses, record.revision) = (2, 2)
        #expect(roll.receive(record, ageMs: 5, now: .ms(5)) == .updated)
        #expect(roll.receive(cleared(record), ageMs: 9, now: .ms(9)) == .ended)
        #expect(roll.receive(makeRecord(id: makeID(90_000)), ageMs: 0, now: .ms(9)) == .listed)
    }

    // MARK: Lost cells

    @Test func alarms_stay_whenTheirCellIsLost() {
        var roll = AlarmRoll()
        let other = makeID(2, terminal: .named("cell-102"))
        _ = roll.receive(makeRecord(), ageMs: 0, now: .ms(0))
        _ = roll.receive(makeRecord(id: other), ageMs: 0, now: .ms(0))
        #expect(roll.mark(.cell, isLost: true) == [makeID()])
        #expect(roll.mark(.cell, isLost: true).isEmpty, "said once")
        #expect(roll.entries[makeID()]?.isCellLost == true && roll.entries[other]?.isCellLost == false)
        #expect(roll.sounding(now: .ms(10_000_000)) == .emergency)
        #expect(roll.mark(.cell, isLost: false) == [makeID()])
    }

    @Test func age_isWhole_whenThePostStartedAfterTheRaise() {
        var roll = AlarmRoll()
        _ = roll.receive(makeRecord(), ageMs: 3_600_000, now: .ms(10))
        #expect(roll.entries[makeID()]?.ageMs(.ms(20)) == 3_600_010)
    }
}
