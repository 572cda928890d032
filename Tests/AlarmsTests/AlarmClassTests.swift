// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

struct AlarmClassTests {
    @Test func classes_riseInUrgency_whenOrdered() {
        #expect(
            [AlarmClass.emergency, .trouble, .officerDuress, .cellCall].sorted()
                == [.trouble, .cellCall, .emergency, .officerDuress])
        #expect(
            AlarmClass.allCases.map(\.rawValue) == [1, 2, 3, 4], "they stand on the wire and in journals")
    }

    @Test func causes_keepTheirNumbers_whenOthersAreAdded() {
        #expect(
            AlarmCause.allCases.map(\.rawValue) == [
                1, 15, 16, 17, 18, 19, 20, 32, 33, 34, 35, 36, 48, 49, 50,
            ])
    }

    @Test func causes_last_whenTheyAreConditions() {
        let once = AlarmCause.allCases.filter { !$0.lasts }
        #expect(once == [.press, .edgesLost, .journalLoss, .crashLoop])
    }

    @Test func openAlarms_haveRoom_whenEveryLineHasEveryCause() {
        let causesOfALine = AlarmCause.allCases.filter { $0.rawValue < 32 }.count
        #expect(Limits.openAlarmsMaxCount > Limits.linesMaxCount * causesOfALine)
    }

    @Test func points_differ_whenTerminalOrNameDiffers() {
        let point = AlarmPoint(terminal: .cell, name: .named("button"))
        #expect(point == AlarmPoint(terminal: .cell, name: .named("button")))
        #expect(point != AlarmPoint(terminal: .postA, name: .named("button")))
        #expect(point != AlarmPoint(terminal: .cell, name: .named("tamper")))
    }
}
