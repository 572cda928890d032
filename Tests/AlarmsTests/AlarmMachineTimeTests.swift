// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

/// `AlarmMachine` and time: counting, pauses of the sound, the ladder, and when it wants to be asked.
struct AlarmMachineTimeTests {
    private func makeMachine(_ alarmClass: AlarmClass = .emergency, ladderMs: [Int] = []) -> AlarmMachine {
        AlarmMachine(raising: makeRecord(alarmClass), ladderMs: ladderMs)
    }

    // MARK: Presses

    @Test func presses_areCountedExactlyAndToldOnceASecond_whenHammeredFor10Minutes() {
        var machine = makeMachine()
        var told = 0
        for index in 1...12_000 {
            let now = Uptime.ms(index * 50)
            if let due = machine.deadline, due <= now { told += machine.elapsed(now: now).count }
            if machine.press(now: now) != nil { told += 1 }
            #expect(machine.record.presses == UInt32(index + 1))
        }
        #expect(told <= 601 && told >= 590)
    }

    @Test func press_isToldByElapsed_whenItCameTooSoonToBeToldAtOnce() {
        var machine = makeMachine()
        #expect(machine.press(now: .ms(10)) == nil)
        #expect(machine.record.presses == 2, "counted at once all the same")
        #expect(machine.deadline == .ms(Limits.pressUpdateMinMs))
        #expect(machine.elapsed(now: .ms(Limits.pressUpdateMinMs - 1)).isEmpty)
        #expect(machine.elapsed(now: .ms(Limits.pressUpdateMinMs)) == [.pressed])
        #expect(machine.deadline == nil)
    }

    @Test func presses_saturate_whenTheyCannotBeCountedFurther() {
        var machine = AlarmMachine(raising: makeRecord(presses: .max), ladderMs: [])
        _ = machine.press(now: .ms(5_000))
        #expect(machine.record.presses == .max)
    }

    @Test func press_isRememberedAsAfterTheClear_whenAnotherCopyWasClearedBefore() {
        func merged(lastPressMs: Int?) -> AlarmMachine {
            var machine = makeMachine()
            if let lastPressMs { _ = machine.press(now: .ms(lastPressMs)) }
            var copy = makeRecord()
            (copy.attended, copy.cleared) = (makeDeed(20_000, ground: .declared), makeDeed(30_000))
            #expect(machine.merge(copy, now: .ms(30_000)) == .merged)
            return machine
        }
        #expect(!merged(lastPressMs: nil).wasPressedAfterClear)
        #expect(!merged(lastPressMs: 29_999).wasPressedAfterClear)
        #expect(merged(lastPressMs: 30_001).wasPressedAfterClear)
        #expect(merged(lastPressMs: 30_001).record.presses == 2)
    }

    // MARK: The sound

    @Test func sound_comesBackAfter120s_whenAcknowledgedAndNobodyAttends() throws {
        var machine = makeMachine()
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(7_000))
        #expect(machine.record.sounds(atAgeMs: 6_999) && !machine.record.sounds(atAgeMs: 7_000))
        #expect(!machine.record.sounds(atAgeMs: 126_999) && machine.record.sounds(atAgeMs: 127_000))
        #expect(machine.deadline == .ms(127_000))
        #expect(machine.elapsed(now: .ms(126_999)).isEmpty)
        #expect(machine.elapsed(now: .ms(127_000)) == [.resounded])
        #expect(machine.deadline == nil)
    }

    @Test func silence_isRefusedFor5s_whenAPauseLapsed() throws {
        for again in [OfficerAction.silence, .acknowledge] {
            var machine = makeMachine()
            _ = try machine.perform(.acknowledge, source: .officer, now: .ms(0))
            for now in [120_000, 124_999] {
                #expect(throws: AlarmRefusal.mustSoundFirst) {
                    try machine.perform(again, source: .officer, now: .ms(now))
                }
            }
            #expect(try machine.perform(again, source: .officer, now: .ms(125_000)) == .silenced)
            #expect(machine.record.acknowledged?.afterMs == 0, "the first acknowledgement stays the fact")
            #expect(!machine.record.sounds(atAgeMs: 244_999) && machine.record.sounds(atAgeMs: 245_000))
        }
    }

    @Test func acknowledge_neverLengthensThePause_whenItWasSilencedBefore() throws {
        var machine = makeMachine()
        _ = try machine.perform(.silence, source: .officer, now: .ms(1_000))
        #expect(try machine.perform(.acknowledge, source: .officer, now: .ms(100_000)) == .acknowledged)
        #expect(machine.record.sounds(atAgeMs: 121_000))
    }

    @Test func acknowledge_countsButDoesNotPause_whenAPauseJustLapsed() throws {
        var machine = makeMachine()
        _ = try machine.perform(.silence, source: .officer, now: .ms(0))
        #expect(try machine.perform(.acknowledge, source: .officer, now: .ms(121_000)) == .acknowledged)
        #expect(machine.record.sounds(atAgeMs: 121_000))
    }

    @Test func trouble_staysQuiet_whenAcknowledged() throws {
        var machine = makeMachine(.trouble, ladderMs: Limits.ladderDefaultMs)
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(1_000))
        #expect(!machine.record.sounds(atAgeMs: 10_000_000))
        #expect(machine.deadline == nil)
        #expect(machine.record.isOpen)
    }

    // MARK: The ladder

    @Test func ladder_takesEachStepExactlyAtItsDeadline_whenNobodyAnswers() {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        for (index, step) in [30_000, 60_000, 120_000, 300_000].enumerated() {
            #expect(machine.deadline == .ms(step))
            #expect(machine.elapsed(now: .ms(step - 1)).isEmpty)
            #expect(machine.elapsed(now: .ms(step)) == [.escalated])
            #expect(machine.record.escalation == UInt8(index + 1))
        }
        #expect(machine.deadline == nil)
        #expect(machine.elapsed(now: .ms(100_000_000)).isEmpty)
    }

    @Test func ladder_waitsAndGoesOn_whenTheSoundIsPaused() throws {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(20_000))
        #expect(machine.elapsed(now: .ms(60_000)).isEmpty)
        #expect(machine.deadline == .ms(140_000))
        #expect(machine.elapsed(now: .ms(140_000)) == [.resounded, .escalated])
        #expect(machine.record.escalation == 3, "everything that came due meanwhile")
        #expect(machine.deadline == .ms(300_000))
    }

    @Test func ladder_stops_whenAttended() throws {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        _ = try machine.perform(.attend, source: .officer, now: .ms(20_000))
        #expect(machine.deadline == nil)
        #expect(machine.elapsed(now: .ms(400_000)).isEmpty)
    }

    @Test func deadline_doesNotStandStill_whenAStepCameDueJustBeforeThePause() throws {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        // The officer's key was read before the timer: the step of 30 s is due and not taken.
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(30_005))
        #expect(machine.elapsed(now: .ms(30_006)).isEmpty)
        #expect(machine.deadline == .ms(150_005))
        #expect(machine.elapsed(now: .ms(150_005)) == [.resounded, .escalated])
    }

    @Test func ladder_catchesUpAtOnce_whenTheAlarmIsTakenOverLate() {
        var machine = AlarmMachine(
            taking: makeRecord(), ageMs: 100_000, now: .ms(500), ladderMs: Limits.ladderDefaultMs)
        #expect(machine.ageMs(.ms(500)) == 100_000)
        #expect(machine.deadline == .ms(0), "older than this machine's uptime: due now")
        #expect(machine.elapsed(now: .ms(500)) == [.escalated])
        #expect(machine.record.escalation == 2)
        #expect(machine.deadline == .ms(20_500))
    }

    @Test func ladder_endsQuietly_whenItHasMoreStepsThanCanBeCounted() {
        var machine = makeMachine(ladderMs: (1...300).map { $0 * 1_000 })
        #expect(machine.elapsed(now: .ms(400_000)) == [.escalated])
        #expect(machine.deadline == nil)
        #expect(machine.elapsed(now: .ms(400_001)).isEmpty)
    }

    // MARK: Copies

    @Test func ladder_goesOnAfter120s_whenAMergedCopyWasPausedLater() throws {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        _ = try machine.perform(.silence, source: .officer, now: .ms(10_000))
        var copy = makeRecord()
        copy.silenced = makeDeed(129_000, .postB)
        #expect(machine.merge(copy, now: .ms(129_500)) == .merged)
        #expect(machine.elapsed(now: .ms(130_000)) == [.resounded, .escalated])
    }

    @Test func sound_returns_whenThePostThatPausedItFellSilent() throws {
        var machine = makeMachine(ladderMs: Limits.ladderDefaultMs)
        let early = machine.pauseAbandoned(at: .cell, now: .ms(1_000))
        #expect(early == nil, "no pause runs")
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(10_000))
        #expect(machine.pausedAt(for: 4_000, now: .ms(13_999)) == nil)
        #expect(machine.pausedAt(for: 4_000, now: .ms(14_000)) == ActionSource.officer.post)
        let change = machine.pauseAbandoned(at: .cell, now: .ms(14_000))
        #expect(change == .resounded && machine.record.sounds(atAgeMs: 14_000))
        #expect(machine.record.acknowledged != nil, "what was done stays on record")
        #expect(machine.pausedAt(for: 0, now: .ms(14_001)) == nil)
        #expect(throws: AlarmRefusal.mustSoundFirst) {
            try machine.perform(.silence, source: .key, now: .ms(18_999))
        }
        #expect(try machine.perform(.acknowledge, source: .key, now: .ms(19_000)) == .silenced)
        #expect(machine.elapsed(now: .ms(139_000)) == [.resounded, .escalated])
    }

    @Test func sound_returnsInEveryCopy_whenOneTellsThatThePauseWasAbandoned() throws {
        var (cell, post) = (makeMachine(), makeMachine())
        _ = try cell.perform(.acknowledge, source: .officer, now: .ms(10_000))
        _ = post.merge(cell.record, now: .ms(10_010))
        let paused = cell.record
        _ = cell.pauseAbandoned(at: .cell, now: .ms(14_000))
        #expect(post.merge(cell.record, now: .ms(14_010)) == .merged)
        #expect(post.record.sounds(atAgeMs: 14_010) && post.deadline == nil)
        #expect(post.merge(paused, now: .ms(14_020)) == nil, "an older copy does not quieten it again")
        let rebuilt = AlarmMachine(taking: cell.record, ageMs: 15_000, now: .ms(15_000), ladderMs: [])
        #expect(rebuilt.record.sounds(atAgeMs: 15_000) && rebuilt.deadline == nil)
    }

    @Test func merge_settles_whenTwoOwnersSendEachOtherTheirCopies() throws {
        var (cell, post) = (makeMachine(), makeMachine())
        _ = cell.confirm(by: .postA, now: .ms(20))
        _ = try post.perform(.acknowledge, source: .officer, now: .ms(3_000))
        var exchanges = 0
        let now = Uptime.ms(4_000)
        while exchanges < 10,
            cell.merge(post.record, now: now) != nil || post.merge(cell.record, now: now) != nil
        {
            exchanges += 1
        }
        #expect(exchanges < 3)
        #expect(cell.record == post.record)
    }

    @Test func merge_saysNothingButTakesTheRevision_whenTheCopyKnowsNothingNew() {
        var machine = makeMachine()
        #expect(machine.merge(machine.record, now: .ms(1)) == nil)
        var copy = makeRecord(revision: 9)
        #expect(machine.merge(copy, now: .ms(1)) == nil)
        #expect(machine.record.revision == 9, "its next change is above every revision seen")
        copy.presses = 4
        #expect(machine.merge(copy, now: .ms(1)) == .merged)
        #expect(machine.record.revision == 10)
    }
}
