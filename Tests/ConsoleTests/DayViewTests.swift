// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import TestBoard
import Testing

struct DayViewTests {
    @Test func states_haveWordsInBothLanguages_andTheirOwn() {
        #expect(Set(PlayState.allCases.map(\.phrase.zh)).count == PlayState.allCases.count)
        #expect(Set(PlayState.allCases.map(\.phrase.en)).count == PlayState.allCases.count)
        #expect(PlayState.allCases.filter(\.isFine) == [.planned, .playing, .played, .heard])
    }

    @Test func csv_hasARow_forEachUnitOfEachTerminal() {
        let units = [
            DayUnit(title: "=起床", at: "06:30", start: 0, end: 1, unit: "wake-up"),
            DayUnit(title: "点名", at: "08:00", start: nil, end: nil, unit: ""),
        ]
        let note = DayNote(unit: 1, why: nil, beganAt: 0, levelDb: -31.5)
        let view = DayView(
            day: "2026-11-23",
            strips: [
                DayStrip(
                    zone: .named("ward-1"), title: "一监区", kind: "", units: units,
                    terminals: [
                        DayTerminal(id: .cell, title: "101", states: [.heard, .notHeard], notes: [note])
                    ])
            ])
        let lines = view.csv(time: .china).split(whereSeparator: \.isNewline)
        #expect(lines.count == 3 && lines[2].contains("未听到 not heard") && lines[2].contains("-31.5"))
        #expect(lines[2].contains("1970-01-01 08:00:00") && !lines[1].contains(",="))
    }
}
