// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility

extension Uptime {
    /// This machine's monotonic clock, read now.
    package static var now: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }
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
