// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

@testable import SiteCheck

struct TimetableTextTests {
    @Test func plan_comesBack_throughItsYAML() throws {
        var plan = try #require(TimetableSamples.check().value)
        for place in 0..<2 { plan.routines[place].title = "a \"b\" \\ c: #d" }
        plan.from = CivilDay(2026, 1, 1)
        plan.week[2] = DayTypes.visitDay
        let text = TimetableText.yaml(plan)
        let again = checkTimetable(text, file: "again.yaml")
        #expect(again.value == plan, "\(text)\n\(again.findings.rendered([.english]))")
        #expect(again.value.map(TimetableText.yaml) == text)
    }
}
