// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

/// `SoundPause` as its holders show it: it is no part of the room's signature.
struct SoundPauseTests {
    /// A post that lists one emergency and is told of `pauses`: when they began, and when the post hears of
    /// each.
    private func sounding(_ pauses: [(beganMs: Int, heardMs: Int)], at ages: [Int]) -> [Bool] {
        var roll = AlarmRoll()
        var record = makeRecord()
        _ = roll.receive(record, ageMs: 0, now: .ms(0))
        for pause in pauses {
            record.silenced = makeDeed(pause.beganMs)
            record.revision += 1
            _ = roll.receive(record, ageMs: pause.heardMs, now: .ms(pause.heardMs))
        }
        precondition(ages.allSatisfy { age in pauses.allSatisfy { age >= $0.heardMs } }, "the past is gone")
        return ages.map { roll.sounding(now: .ms($0)) == .emergency }
    }

    @Test func pause_lasts120s_whenGranted() {
        #expect(sounding([(7_000, 7_000)], at: [7_000, 126_999, 127_000]) == [false, false, true])
    }

    @Test func pause_isNotLonger_whenASecondOneOverlapsIt() {
        #expect(
            sounding([(0, 0), (119_999, 119_999)], at: [119_999, 120_000, 239_998]) == [false, true, true])
    }

    @Test func sound_isHeard5s_whenASecondPauseFollowsAtOnce() {
        let ages = [120_000, 124_999, 125_000, 239_999, 240_000]
        #expect(sounding([(0, 0), (120_000, 120_000)], at: ages) == [true, true, false, false, true])
    }

    @Test func pause_isGranted_whenItCameAfterTheSoundWasHeard() {
        #expect(
            sounding([(0, 0), (125_000, 125_000)], at: [125_000, 244_999, 245_000]) == [false, false, true])
    }

    @Test func pause_endsOnTime_whenThePostHearsOfItLate() {
        #expect(sounding([(10_000, 100_000)], at: [100_000, 129_999, 130_000]) == [false, false, true])
    }
}
