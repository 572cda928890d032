// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which days are worked: Monday to Friday but for the holidays, and the weekends that were exchanged for
/// them (调休, as the State Council announces them each year). A value; any thread.
package struct WorkCalendar: Hashable, Sendable {
    package var holidays: Set<CivilDay>
    package var exchangedWorkdays: Set<CivilDay>

    package init(holidays: Set<CivilDay> = [], exchangedWorkdays: Set<CivilDay> = []) {
        self.holidays = holidays
        self.exchangedWorkdays = exchangedWorkdays
    }

    package func isWorkday(_ day: CivilDay) -> Bool {
        if exchangedWorkdays.contains(day) { return true }
        return day.weekday != .saturday && day.weekday != .sunday && !holidays.contains(day)
    }

    /// The last day of a term of so many working days that begins on the day after `day`: its own day is not
    /// counted. With none, `day` itself.
    package func end(of workingDays: Int, after day: CivilDay) -> CivilDay {
        var (last, left) = (day, workingDays)
        for _ in 0..<Limits.workingDaysMaxCount where left > 0 {
            last = last.advanced(by: 1)
            if isWorkday(last) { left -= 1 }
        }
        return last
    }

    /// Working days from the day after `day` to `last`; 0 when it has passed.
    package func workingDays(after day: CivilDay, to last: CivilDay) -> Int {
        guard day < last else { return 0 }
        let count = min(Int(last.number) - Int(day.number), Limits.workingDaysMaxCount)
        return (1...count).count { isWorkday(day.advanced(by: Int32($0))) }
    }
}

/// A month of the calendar. A value; any thread.
package struct CivilMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Months since January of the year 0.
    package let number: Int32

    package init(number: Int32) { self.number = number }
    package init(of day: CivilDay) { number = Int32(day.date.year * 12 + day.date.month - 1) }

    /// `2026-11`.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 7, let day = CivilDay(text + "-01") else { return nil }
        self.init(of: day)
    }

    package var year: Int { Int(number) / 12 }
    package var first: CivilDay { CivilDay(year, Int(number) % 12 + 1, 1) ?? CivilDay(number: 0) }
    package var last: CivilDay { advanced(by: 1).first.advanced(by: -1) }
    package var daysCount: Int { Int(advanced(by: 1).first.number - first.number) }
    package func advanced(by months: Int32) -> CivilMonth { CivilMonth(number: number + months) }
    package static func < (a: Self, b: Self) -> Bool { a.number < b.number }
    package var description: String { String(first.description.prefix(7)) }

    /// The Mondays of the weeks that have a day in it: each of them was reviewed before it is closed.
    package var weeks: [CivilDay] {
        let monday = first.advanced(by: -Int32(first.weekday.rawValue))
        return stride(from: monday.number, through: last.number, by: 7).map { CivilDay(number: $0) }
    }
}
