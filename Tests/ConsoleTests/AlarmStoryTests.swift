// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct AlarmStoryTests {
    let alarm = makeAlarm(1, presses: 2) {
        $0.attended = makeDeed(20_000, officer: .named("P1042"), ground: .declared)
        $0.annunciated = makeDeed(40, ground: .automatic)
    }
    let standing = AlarmStanding(ageMs: 30_000, sounds: false)

    @Test func story_isToldInOrder_withWhoAndHow() {
        let story = AlarmStory(alarm, standing, makeBook())
        #expect(story.entries.map(\.at) == [beginMs, beginMs + 40, beginMs + 20_000])
        #expect(
            story.entries.map(\.text.en) == [
                "Emergency at 室 cell-1001: Button pressed, pressed 2 times",
                "室 post-a: shows and sounds it (by itself)",
                "王 (P1042) at 室 post-a: attended (declared, unproven)",
            ])
        #expect(story.entries.last?.text.zh == "王 (P1042) 在室 post-a：到场（口头声明，未经证实）")
    }

    @Test func list_isATable_withEmptyFieldsWhereNothingWasDone() {
        let list = AlarmList(alarms: [AlarmView(alarm, standing, makeBook())], next: nil)
        #expect(
            list.csv(time: .china).split(separator: "\r\n").last == """
                cell-1001/alarm/0000000000000007/1,2026-11-22 08:00:00,0,室 cell-1001,emergency,press,\
                attended,2,,20000,
                """)
    }
}
