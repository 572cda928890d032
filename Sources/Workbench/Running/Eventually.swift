// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility

extension Uptime {
    /// This machine's monotonic clock, read now.
    package static var now: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }
}

/// Looks again and again until the answer is not nil, at most `ms`; nil when the time is over. Blocks its
/// thread: for the demo's story, the benches and tests, never for a daemon.
package func eventually<Answer>(
    ms: Int, every: Int = 2, _ look: () throws -> Answer?
) rethrows -> Answer? {
    let end = Uptime.now.advanced(ms: ms)
    while true {
        if let answer = try look() { return answer }
        if Uptime.now >= end { return nil }
        pause(ms: every)
    }
}

/// Lets time pass, by the monotonic clock.
package func pause(ms: Int) {
    let end = Uptime.now.advanced(ms: ms)
    while true {
        let now = Uptime.now
        guard now < end else { return }
        var none: [Int16] = []
        _ = wp_poll([], &none, 0, Int64(end.nanoseconds - now.nanoseconds))
    }
}
