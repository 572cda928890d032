// SPDX-License-Identifier: Apache-2.0
import Console
import Foundation
import Testing

struct LocalTimeTests {
    @Test func day_isChinas_acrossMidnight() {
        let midnight = LocalTime.china.start(of: LocalDay("2026-11-22") ?? LocalDay(daysSince1970: 0))
        #expect(LocalTime.china.day(midnight).description == "2026-11-22")
        #expect(LocalTime.china.day(midnight - 1).description == "2026-11-21")
        #expect(LocalTime.china.text(beginMs) == "2026-11-22 08:00:00")
    }

    @Test func calendar_agreesWithFoundation_forTwoCenturies() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for days in stride(from: -40_000, through: 60_000, by: 13) {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            let day = LocalDay(daysSince1970: days)
            #expect((day.year, day.month, day.day) == (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            #expect(day.daysSince1970 == days)
        }
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "x", "2026-11-31", "+026-11-01"])
    func text_isNoDay_whenNoCalendarHasIt(text: String) {
        #expect(LocalDay(text) == nil)
    }

    @Test func month_endsWhereTheNextBegins() throws {
        let february = try #require(LocalMonth("2028-02"))
        let span = LocalTime.china.span(of: february)
        #expect(span.upperBound - span.lowerBound == 29 * 86_400_000)
        let halves = [1, 2].map { LocalTime.china.span(of: february, half: $0) }
        #expect(halves[0].upperBound == halves[1].lowerBound)
        #expect(LocalTime.china.text(halves[1].lowerBound) == "2028-02-16 00:00:00")
        #expect(LocalMonth("2026-12")?.next.description == "2027-01")
        #expect(LocalMonth("2026-7") == nil)
    }

    @Test func day_startsOnce_whereTheClockChanges() {
        // Clocks go from +1 h to +2 h at 02:00 of 1970-01-11.
        let change: Int64 = 10 * 86_400_000 + 3_600_000
        let time = LocalTime { $0 < change ? 3_600_000 : 7_200_000 }
        #expect(time.start(of: LocalDay(daysSince1970: 10)) == 10 * 86_400_000 - 3_600_000)
        #expect(time.start(of: LocalDay(daysSince1970: 11)) == 11 * 86_400_000 - 7_200_000)
    }
}
