// SPDX-License-Identifier: Apache-2.0
import Facility

/// RFC 3339 in UTC with milliseconds, `2026-11-22T07:09:52.123Z`. Namespace.
enum TimeText {
    /// 1970 to 9999; outside of it a moment has no text.
    private static let range: Range<Int64> = 0..<253_402_300_800_000
    static let count = 24

    static func isTellable(_ at: Moment) -> Bool {
        at.uncertaintyMs != Limits.wallUnknownMs && range.contains(at.wallMs)
    }

    /// Only for a moment that is tellable.
    static func put(wallMs: Int64, to text: inout WireText) {
        let (days, ms) = (wallMs / 86_400_000, UInt64(wallMs % 86_400_000))
        // Howard Hinnant's civil_from_days, for days since 1970 that are never negative: eras of 400 years
        // that begin on a first of March.
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        text.put(UInt64(year + era * 400 + (month <= 2 ? 1 : 0)), digits: 4)
        text.put(byte: 0x2d)
        text.put(UInt64(month), digits: 2)
        text.put(byte: 0x2d)
        text.put(UInt64(day), digits: 2)
        text.put(byte: UInt8(ascii: "T"))
        text.put(ms / 3_600_000, digits: 2)
        text.put(byte: 0x3a)
        text.put(ms / 60_000 % 60, digits: 2)
        text.put(byte: 0x3a)
        text.put(ms / 1_000 % 60, digits: 2)
        text.put(byte: 0x2e)
        text.put(ms % 1_000, digits: 3)
        text.put(byte: UInt8(ascii: "Z"))
    }
}
