// SPDX-License-Identifier: Apache-2.0

/// Days of the week, Monday first, as both calendars and this house count them.
package enum Weekday: UInt8, CaseIterable, Sendable, Hashable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// As timetables write it; iCalendar takes the first two letters.
    package var word: String {
        switch self {
        case .monday: "mon"
        case .tuesday: "tue"
        case .wednesday: "wed"
        case .thursday: "thu"
        case .friday: "fri"
        case .saturday: "sat"
        case .sunday: "sun"
        }
    }
}

/// A day of the calendar, without any hour or zone. A value, one number; any thread.
package struct CivilDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01, a Thursday.
    package var number: Int32

    package init(number: Int32) { self.number = number }

    /// nil: there is no such day.
    package init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.number = Self.number(year, month, day)
        guard date == (year, month, day) else { return nil }
    }

    /// `2026-11-22`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year, month, day)
    }

    /// The day in which this second lies; both count from the same midnight.
    package init(ofLocal second: Int64) {
        number = Int32(clamping: second >= 0 ? second / 86_400 : (second - 86_399) / 86_400)
    }

    package static func < (a: Self, b: Self) -> Bool { a.number < b.number }
    package func advanced(by days: Int32) -> CivilDay { CivilDay(number: number &+ days) }

    package var weekday: Weekday {
        Weekday(rawValue: UInt8(((Int(number) + 3) % 7 + 7) % 7)) ?? .monday
    }

    /// Seconds from 1970-01-01 00:00 to this day's midnight on the same wall clock.
    package var localStart: Int64 { Int64(number) * 86_400 }

    // Years are counted from March, so that the leap day is the last of its year: a month then begins
    // (153 m + 2) / 5 days into it. A cycle of 400 years has 146,097 days.

    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        let march = month > 2 ? year : year - 1
        let era = march >= 0 ? march / 400 : (march - 399) / 400
        let yearOfEra = march - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(era * 146_097 + dayOfEra - 719_468)
    }

    package var date: (year: Int, month: Int, day: Int) {
        let days = Int(number) + 719_468
        let era = days >= 0 ? days / 146_097 : (days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    package var description: String {
        let date = date
        return "\(Digits.padded(date.year, 4))-\(Digits.padded(date.month, 2))-\(Digits.padded(date.day, 2))"
    }
}

/// A time on the wall clock's face: seconds since midnight. A value; any thread.
package struct ClockTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 0 to 86,399.
    package var seconds: Int32

    package init?(seconds: Int32) {
        guard (0..<86_400).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// `06:30` or `06:30:15`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }),
            (1...2).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int32($0) }
        guard numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        seconds = numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    package static func < (a: Self, b: Self) -> Bool { a.seconds < b.seconds }

    package var description: String {
        let (hour, minute, second) = (Int(seconds / 3_600), Int(seconds / 60 % 60), Int(seconds % 60))
        let text = "\(Digits.padded(hour, 2)):\(Digits.padded(minute, 2))"
        return second == 0 ? text : text + ":\(Digits.padded(second, 2))"
    }
}

/// Numbers with leading zeros. Pure.
package enum Digits {
    package static func padded(_ number: Int, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
