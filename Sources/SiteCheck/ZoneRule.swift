// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging

/// The rule at the end of a zone file: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX TZ with the hours of RFC 8536).
/// A value; nil where the text is none.
struct ZoneRule {
    /// A day of each year, and seconds from its midnight by the clock in force before.
    struct Day: Hashable {
        enum Form: Hashable {
            /// Month, week 1 to 5 (the last), weekday from Sunday.
            case weekday(Int, Int, Int)
            /// 1 to 365, February 29 never counted.
            case julian(Int)
            /// 0 to 365.
            case ordinal(Int)
        }
        var form: Form
        var seconds: Int64

        func localSecond(_ year: Int) -> Int64 {
            guard let new = CivilDay(year, 1, 1), let next = CivilDay(year + 1, 1, 1) else { return 0 }
            let isLeap = next.number - new.number == 366
            switch form {
            case .ordinal(let day): return new.advanced(by: Int32(day)).localStart + seconds
            case .julian(let day):
                return new.advanced(by: Int32(day - (isLeap && day > 59 ? 0 : 1))).localStart + seconds
            case .weekday(let month, let week, let weekday):
                guard let first = CivilDay(year, month, 1) else { return 0 }
                let wanted = (weekday + 6) % 7
                let ahead = (wanted - Int(first.weekday.rawValue) + 7) % 7
                var day = first.advanced(by: Int32(ahead + (week - 1) * 7))
                if day.date.month != month { day = day.advanced(by: -7) }
                return day.localStart + seconds
            }
        }
    }

    var standard: Int32
    var saving: (offset: Int32, from: Day, until: Day)?

    init?(_ text: String) {
        var scan = Scan(rest: Substring(text))
        guard scan.name(), let west = scan.seconds() else { return nil }
        standard = Int32(-west)
        if scan.rest.isEmpty { return }
        guard scan.name() else { return nil }
        var offset = standard + 3_600
        if scan.rest.first != "," {
            guard let west = scan.seconds() else { return nil }
            offset = Int32(-west)
        }
        guard let from = scan.day(), let until = scan.day(), scan.rest.isEmpty else { return nil }
        saving = (offset, from, until)
    }

    /// Rising.
    func transitions(_ years: ClosedRange<Int>) -> [ZoneOffsets.Transition] {
        guard let saving else { return [] }
        return years.flatMap { year in
            [
                ZoneOffsets.Transition(
                    at: saving.from.localSecond(year) - Int64(standard), offset: saving.offset),
                .init(at: saving.until.localSecond(year) - Int64(saving.offset), offset: standard),
            ]
        }.sorted { $0.at < $1.at }
    }

    private struct Scan {
        var rest: Substring

        /// `CET` or `<+03>`.
        mutating func name() -> Bool {
            if rest.first == "<" {
                guard let end = rest.firstIndex(of: ">") else { return false }
                rest = rest[rest.index(after: end)...]
                return true
            }
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        /// `[+-]h[h[h]][:mm[:ss]]`
        mutating func seconds() -> Int64? {
            var sign: Int64 = 1
            if let first = rest.first, first == "+" || first == "-" {
                sign = first == "-" ? -1 : 1
                rest = rest.dropFirst()
            }
            guard var total = number().map({ Int64($0) * 3_600 }), total <= 168 * 3_600 else { return nil }
            for unit in [Int64(60), 1] where rest.first == ":" {
                rest = rest.dropFirst()
                guard let part = number() else { return nil }
                total += Int64(part) * unit
            }
            return sign * total
        }

        mutating func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return Int(digits)
        }

        /// `,M3.5.0/2`
        mutating func day() -> Day? {
            guard rest.first == "," else { return nil }
            rest = rest.dropFirst()
            let form: Day.Form
            if rest.first == "M" {
                var parts: [Int] = []
                for _ in 0..<3 {
                    rest = rest.dropFirst()
                    guard let part = number() else { return nil }
                    parts.append(part)
                }
                guard (1...12).contains(parts[0]), (1...5).contains(parts[1]), parts[2] < 7 else {
                    return nil
                }
                form = .weekday(parts[0], parts[1], parts[2])
            } else if rest.first == "J" {
                rest = rest.dropFirst()
                guard let day = number(), (1...365).contains(day) else { return nil }
                form = .julian(day)
            } else {
                guard let day = number(), day <= 365 else { return nil }
                form = .ordinal(day)
            }
            guard rest.first == "/" else { return Day(form: form, seconds: 7_200) }
            rest = rest.dropFirst()
            return seconds().map { Day(form: form, seconds: $0) }
        }
    }
}
