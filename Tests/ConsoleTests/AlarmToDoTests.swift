// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct AlarmToDoTests {
    private func toDo(_ alarm: DatedAlarm, isHistory: Bool = false, isCellLost: Bool = false) -> [String] {
        let standing = AlarmStanding(ageMs: 9, sounds: true, isHistory: isHistory, isCellLost: isCellLost)
        let view = AlarmView(alarm, standing, makeBook())
        #expect(view.todo.zh.count == view.todo.en.count)
        return view.todo.en
    }

    @Test func everyOpenAlarm_hasAStep_whateverItIs() {
        for alarmClass in AlarmClass.allCases {
            for cause in AlarmCause.allCases {
                #expect(!toDo(makeAlarm(1, alarmClass, cause: cause)).isEmpty)
            }
        }
    }

    @Test func clearedAlarm_asksForNothing_whateverItWas() {
        for alarmClass in AlarmClass.allCases {
            #expect(toDo(makeAlarm(1, alarmClass) { $0.cleared = makeDeed(9) }, isCellLost: true).isEmpty)
        }
    }

    @Test func emergency_isClearedOnlyAfterTheDoor_whenFollowed() {
        #expect(toDo(makeAlarm(1)).last == "At the door, press Attended")
        #expect(toDo(makeAlarm(1) { $0.attended = makeDeed(9) }) == ["When it is dealt with, press Clear"])
    }

    @Test func wiredCell_namesItsSwitch_whenSomebodyMustCome() {
        let wired = DatedAlarm(makeRecord(attendanceWired: true), raisedAtMs: 0)
        #expect(toDo(wired).last == "At the door, operate the attendance switch")
    }

    @Test func cellCall_isClearable_afterThreeSecondsOfSpeech() {
        #expect(toDo(makeAlarm(1, .cellCall) { $0.spokenMs = 2_999 }).last?.hasPrefix("Speak") == true)
        #expect(
            toDo(makeAlarm(1, .cellCall) { $0.spokenMs = 3_000 }) == ["When it is dealt with, press Clear"])
    }

    @Test func lostCellAndHistory_areSaidFirst_whenTheyAre() {
        #expect(toDo(makeAlarm(1), isCellLost: true).first?.contains("lost") == true)
        #expect(toDo(makeAlarm(1), isHistory: true).first?.contains("outage") == true)
    }
}
