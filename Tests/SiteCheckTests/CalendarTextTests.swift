// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

@testable import SiteCheck

struct CalendarTextTests {
    @Test func lines_foldAndUnfold_withinSeventyFiveBytes() {
        for count in [0, 1, 74, 75, 76, 200] {
            let line = "SUMMARY:" + String(repeating: "起a", count: count)
            let folded = CalendarText.folded(line)
            #expect(folded.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
            #expect(CalendarText.unfolded(folded).map(\.text) == [line])
        }
        #expect(CalendarText.unfolded("A:1\r\n\tb\r\nC:2\n").map(\.number) == [1, 3])
    }

    @Test func texts_areEscaped_andBack() {
        for text in ["a;b,c\\d", "起床\\n", "\\\\"] {
            #expect(CalendarText.unescaped(CalendarText.escaped(text)) == text)
        }
    }

    @Test func lines_arePartedAtTheirColon_notInQuotes() throws {
        let line = try #require(CalendarLine("dtstart;tzid=\"A:B\":20260101T000000", number: 4))
        #expect(line.name == "DTSTART" && line.parameters == ["TZID": "A:B"] && line.value.hasPrefix("2026"))
        for text in ["", "x", ":1", "A;b:1", "A B:1"] {
            #expect(CalendarLine(text, number: 1) == nil, "\(text)")
        }
    }

    @Test func durations_areRead_inTheirForms() {
        #expect(CalendarText.seconds(ofDuration: "PT1H30M5S") == 5_405)
        for text in ["P1D", "PT", "PTS", "PT5", "PT1S1S", "-PT5S"] where text != "PT" {
            #expect(CalendarText.seconds(ofDuration: text) == nil, "\(text)")
        }
        #expect(CalendarText.local("20260229T000000") == nil)
        #expect(CalendarText.stamp(CivilDay(2026, 1, 2)!, ClockTime("6:05")!) == "20260102T060500")
    }
}
