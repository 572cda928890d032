// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility

/// The hub's two clocks, handed to whoever needs the time. A value; any task. Tests hand in one that stands
/// still.
package struct HubClock: Sendable {
    package var now: @Sendable () -> Moment

    package init(now: @escaping @Sendable () -> Moment) { self.now = now }

    package static let machine = HubClock {
        Moment(
            uptime: Uptime(nanoseconds: wp_uptime_ns()), wallMs: wp_wall_ms(),
            uncertaintyMs: wp_wall_uncertainty_ms())
    }
}
