// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct RoutineTests {
    @Test func days_hold_byTypeWeekdayAndDate() {
        let (monday, tuesday) = (Samples.monday, Samples.monday.advanced(by: 1))
        var days = RoutineDays(types: [DayTypes.holiday])
        #expect(days.hold(monday, DayTypes.holiday) && !days.hold(monday, DayTypes.weekday))
        days.weekdays = [.tuesday]
        #expect(days.hold(tuesday, DayTypes.weekday))
        days.except = [tuesday]
        #expect(!days.hold(tuesday, DayTypes.holiday))
        days.until = monday.advanced(by: -1)
        #expect(!days.hold(monday, DayTypes.holiday))
        days.on = [monday]
        #expect(days.hold(monday, DayTypes.weekday), "a day named by itself needs nothing else")
    }
}
