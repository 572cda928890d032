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
    static func put(wallMs: Int64, to text: inout WireText) { text.put(timeOf: wallMs) }
}
