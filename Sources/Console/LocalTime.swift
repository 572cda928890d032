// SPDX-License-Identifier: Apache-2.0

/// One day of the facility's calendar: `2026-11-22`.
package struct LocalDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Days since 1970-01-01, by the Gregorian calendar. (Counted in eras of 400 years that begin in March,
    /// so that the leap day is the last of its year.)
    package init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var daysSince1970: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }

    package var localMonth: LocalMonth { LocalMonth(unchecked: year, month) }

    package var description: String { "\(localMonth)-\(day.twoDigits)" }

    /// `2026-11-22` and nothing else; `nil` for a day that no calendar has.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let first = LocalMonth(unchecked: year, month).firstDay
        self.init(daysSince1970: first.daysSince1970 + day - 1)
        guard description == text else { return nil }
    }

    fileprivate init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }
}

/// One month of the facility's calendar: `2026-11`.
package struct LocalMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int

    fileprivate init(unchecked year: Int, _ month: Int) {
        self.year = year
        self.month = month
    }

    /// `2026-11` and nothing else.
    package init?(_ text: some StringProtocol) {
        guard let day = LocalDay("\(text)-01") else { return nil }
        self = day.localMonth
    }

    package static func < (a: Self, b: Self) -> Bool { (a.year, a.month) < (b.year, b.month) }

    package var next: LocalMonth {
        month == 12 ? LocalMonth(unchecked: year + 1, 1) : LocalMonth(unchecked: year, month + 1)
    }

    package var firstDay: LocalDay { LocalDay(unchecked: year, month, 1) }

    package var description: String {
        let text = String(year)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text + "-\(month.twoDigits)"
    }
}

/// 当地时间: the facility's own time, for reports. Whoever knows time zones hands in the offset; the values of
/// this room know none. A value; any thread.
package struct LocalTime: Sendable {
    /// Milliseconds to add to Unix time at this Unix time.
    package let offsetMs: @Sendable (Int64) -> Int64

    package init(offsetMs: @escaping @Sendable (Int64) -> Int64) { self.offsetMs = offsetMs }

    /// China has had no other since 1991.
    package static let china = LocalTime { _ in 8 * 3_600_000 }

    private static let dayMs: Int64 = 86_400_000

    package func day(_ ms: Int64) -> LocalDay {
        let local = ms + offsetMs(ms)
        let days = local >= 0 ? local / Self.dayMs : (local - Self.dayMs + 1) / Self.dayMs
        return LocalDay(daysSince1970: Int(days))
    }

    /// `2026-11-22 15:09:52`.
    package func text(_ ms: Int64) -> String {
        let day = day(ms)
        let second = Int((ms + offsetMs(ms) - Int64(day.daysSince1970) * Self.dayMs) / 1_000)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map(\.twoDigits)
        return "\(day) \(clock.joined(separator: ":"))"
    }

    /// The first Unix millisecond of a day, also where the clock is changed on it.
    package func start(of day: LocalDay) -> Int64 {
        let midnight = Int64(day.daysSince1970) * Self.dayMs
        let guess = midnight - offsetMs(midnight)
        return midnight - offsetMs(guess)
    }

    /// From the first millisecond of the month to the first of the next.
    package func span(of month: LocalMonth) -> Range<Int64> {
        start(of: month.firstDay)..<start(of: month.next.firstDay)
    }

    /// 半月: the first half ends with the 15th day.
    package func span(of month: LocalMonth, half: Int) -> Range<Int64> {
        let whole = span(of: month)
        let middle = start(of: LocalDay(daysSince1970: month.firstDay.daysSince1970 + 15))
        return half == 1 ? whole.lowerBound..<middle : middle..<whole.upperBound
    }
}

extension Int {
    fileprivate var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}
