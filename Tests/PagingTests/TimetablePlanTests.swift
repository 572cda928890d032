// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct TimetablePlanTests {
    @Test func days_areOfTheirType_unlessNamed() {
        var plan = Samples.plan([])
        #expect(plan.type(of: Samples.monday) == DayTypes.weekday)
        #expect(plan.type(of: Samples.monday.advanced(by: 5)) == DayTypes.saturday)
        plan.dates[Samples.monday] = DayTypes.holiday
        #expect(plan.type(of: Samples.monday) == DayTypes.holiday)
    }

    @Test func patch_replacesAddsAndTakesAway_andKeepsTheRest() {
        let template = Samples.plan([
            Samples.routine("wake-up", "06:30"), Samples.routine("bell", "08:00"),
            Samples.routine("bell", "12:00"), Samples.routine("news", "19:00"),
        ])
        var patch = TimetablePatch()
        patch.without = [Samples.routine("news", "19:00").id]
        patch.routines = [Samples.routine("bell", "09:00"), Samples.routine("visit", "10:00")]
        patch.dates = [Samples.monday: DayTypes.visitDay]
        let plan = template.patched(by: patch)
        #expect(plan.routines.map { "\($0.id) \($0.at)" } == ["wake-up 06:30", "bell 09:00", "visit 10:00"])
        #expect(plan.type(of: Samples.monday) == DayTypes.visitDay && plan.name == "Test")
        #expect(template.patched(by: TimetablePatch()) == template)
    }
}
