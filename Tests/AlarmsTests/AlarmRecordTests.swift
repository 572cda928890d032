// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

struct AlarmRecordTests {
    @Test func phase_isTheFurthestFact_whenFactsAreMissingInBetween() {
        var record = makeRecord()
        #expect(record.phase == .raised)
        record.annunciated = makeDeed(1)
        #expect(record.phase == .annunciated)
        record.annunciated = nil
        record.acknowledged = makeDeed(2)
        #expect(record.phase == .acknowledged, "acknowledged before any receipt came back")
        record.attended = makeDeed(3)
        #expect(record.phase == .attended)
        record.attended = nil
        record.cleared = makeDeed(4)
        #expect(record.phase == .cleared && !record.isOpen)
    }

    @Test func record_isOneOpenSoundingPress_whenFresh() {
        let record = makeRecord()
        #expect(record.presses == 1 && record.revision == 1 && record.escalation == 0 && record.spokenMs == 0)
        #expect(record.isOpen && record.sounds(atAgeMs: 0))
    }

    @Test(arguments: AlarmClass.allCases)
    func sound_isPausedOnlyWithinThePause_whenSilenced(_ alarmClass: AlarmClass) {
        var record = makeRecord(alarmClass)
        record.silenced = makeDeed(1_000)
        let ages = [0, 999, 1_000, 120_999, 121_000, 999_999_999]
        #expect(ages.map(record.sounds(atAgeMs:)) == [true, true, false, false, true, true])
    }

    @Test func sound_comesBack_whenTheAgeIsBeyondWhatADeedCanSay() {
        var record = makeRecord()
        record.silenced = makeDeed(.max)
        #expect(record.silenced?.afterMs == .max)
        #expect(record.sounds(atAgeMs: Int(UInt32.max) + Limits.silenceMaxMs))
    }

    @Test(arguments: AlarmClass.allCases)
    func acknowledged_mutesTroublesOnly_whenForALongTime(_ alarmClass: AlarmClass) {
        var record = makeRecord(alarmClass)
        record.acknowledged = makeDeed(5)
        #expect(record.isMuted == (alarmClass == .trouble))
        #expect(record.sounds(atAgeMs: 10) == (alarmClass != .trouble))
    }

    @Test func sound_ends_whenAttendedOrCleared() {
        var attended = makeRecord()
        attended.attended = makeDeed(5)
        var cleared = makeRecord()
        cleared.cleared = makeDeed(5)
        #expect(!attended.sounds(atAgeMs: 500_000) && !cleared.sounds(atAgeMs: 500_000))
    }

    @Test func order_putsClassBeforeAgeBeforeID_whenCompared() {
        func before(_ a: AlarmRecord, _ aAge: Int, _ b: AlarmRecord, _ bAge: Int) -> Bool {
            AlarmRecord.comesBefore(a, ageMs: aAge, b, ageMs: bAge)
        }
        #expect(before(makeRecord(.emergency), 0, makeRecord(.cellCall), 900_000))
        #expect(before(makeRecord(.officerDuress), 0, makeRecord(.emergency), 900_000))
        #expect(before(makeRecord(.cellCall), 2, makeRecord(.cellCall), 1))
        #expect(before(makeRecord(id: makeID(1)), 5, makeRecord(id: makeID(2)), 5))
    }

    @Test func order_isTotal_whenIDsDifferInOneFieldOnly() {
        let ids = [
            makeID(), makeID(2), makeID(stream: .health), makeID(run: 8), makeID(terminal: .postA),
        ]
        for a in ids {
            for b in ids where a != b {
                let (x, y) = (makeRecord(id: a), makeRecord(id: b))
                #expect(
                    AlarmRecord.comesBefore(x, ageMs: 1, y, ageMs: 1)
                        != AlarmRecord.comesBefore(y, ageMs: 1, x, ageMs: 1), "\(a) \(b)")
            }
        }
    }

    @Test func rawValues_areTheWire_whenWrittenDown() {
        #expect(Deed.Ground.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
        #expect(AlarmPhase.allCases.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect(AlarmPhase.allCases.sorted() == AlarmPhase.allCases)
        #expect(AlarmChange.allCases.map(\.rawValue) == Array(1...11))
    }
}
