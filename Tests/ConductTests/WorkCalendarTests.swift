// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct WorkCalendarTests {
    /// National Day 2026: 1 to 7 October free, Saturday 10 October worked.
    private let calendar = WorkCalendar(
        holidays: Set((1...7).compactMap { CivilDay(2026, 10, $0) }),
        exchangedWorkdays: Set([CivilDay(2026, 10, 10)].compactMap(\.self)))

    @Test(arguments: [
        ("2026-09-28", 3, "2026-10-08"), ("2026-09-30", 3, "2026-10-10"), ("2026-10-08", 1, "2026-10-09"),
        ("2026-10-09", 2, "2026-10-12"), ("2026-11-20", 0, "2026-11-20"), ("2026-11-20", 1, "2026-11-23"),
    ])
    func term_endsOnAWorkday_holidaysNotCounted(from: String, days: Int, end: String) {
        #expect(calendar.end(of: days, after: Sample.day(from)) == Sample.day(end))
        #expect(calendar.workingDays(after: Sample.day(from), to: Sample.day(end)) == days)
    }

    @Test func weeks_coverTheMonth_fromMondayOn() {
        let weeks = Sample.month("2026-11").weeks.map(\.description)
        #expect(
            weeks == ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"])
        #expect(Sample.month("2028-02").daysCount == 29 && Sample.month("2028-02").description == "2028-02")
    }
}
