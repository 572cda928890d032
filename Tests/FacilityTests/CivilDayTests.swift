// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct CivilDayTests {
    @Test func days_followEachOther_throughFourHundredYears() throws {
        var day = try #require(CivilDay(1900, 1, 1))
        #expect(day.weekday == .monday)
        var weekday = 0
        for year in 1900..<2300 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for date in 1...days {
                    guard day.date == (year, month + 1, date), day == CivilDay(year, month + 1, date),
                        Int(day.weekday.rawValue) == weekday % 7
                    else {
                        Issue.record("\(year)-\(month + 1)-\(date): \(day)")
                        return
                    }
                    day = day.advanced(by: 1)
                    weekday += 1
                }
            }
        }
        #expect(day.description == "2300-01-01")
    }

    @Test func texts_areRead_whenTheyAreDays() {
        #expect(CivilDay("2024-02-29")?.description == "2024-02-29")
        for text in ["2023-02-29", "2024-2-29", "2024-13-01", "2024-00-10", "x", "", "2024-02-2９"] {
            #expect(CivilDay(text) == nil, "\(text)")
        }
        #expect(CivilDay(ofLocal: -1).description == "1969-12-31")
    }

    @Test func times_areRead_whenTheyStandOnAClock() {
        #expect(ClockTime("06:30")?.seconds == 23_400 && ClockTime("6:30") == ClockTime("06:30:00"))
        #expect(ClockTime("23:59:59")?.description == "23:59:59")
        for text in ["24:00", "12:60", "12", "12:5", "-1:00", "", "12:30:61"] {
            #expect(ClockTime(text) == nil, "\(text)")
        }
    }
}
