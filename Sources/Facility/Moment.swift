// SPDX-License-Identifier: Apache-2.0

/// Monotonic time of one machine, nanoseconds since it started (CLOCK_MONOTONIC, the clock that the kernel
/// stamps GPIO edges with). Never steps; means nothing on another machine.
package struct Uptime: Hashable, Comparable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    /// `ms` later; stays at the ends of its range, because a deadline that wrapped would be due at once.
    package func advanced(ms: Int) -> Uptime {
        let (product, isTooLong) = UInt64(ms.magnitude).multipliedReportingOverflow(by: 1_000_000)
        let span = isTooLong ? UInt64.max : product
        return ms >= 0
            ? Uptime(nanoseconds: nanoseconds + min(span, .max - nanoseconds))
            : Uptime(nanoseconds: nanoseconds - min(span, nanoseconds))
    }

    /// Whole milliseconds from `earlier` to here; 0 when `earlier` is later.
    package func ms(since earlier: Uptime) -> Int {
        nanoseconds > earlier.nanoseconds ? Int((nanoseconds - earlier.nanoseconds) / 1_000_000) : 0
    }
}

/// When something happened, as honestly as a terminal without a clock battery can say it.
package struct Moment: Hashable, Sendable {
    package var uptime: Uptime
    /// Unix milliseconds as this machine's wall clock then showed them; may be 1970.
    package var wallMs: Int64
    /// ± this much; `Limits.wallUnknownMs` when the clock had not been set since boot.
    package var uncertaintyMs: UInt32

    package init(uptime: Uptime, wallMs: Int64, uncertaintyMs: UInt32) {
        self.uptime = uptime
        self.wallMs = wallMs
        self.uncertaintyMs = uncertaintyMs
    }
}
