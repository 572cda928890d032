// SPDX-License-Identifier: Apache-2.0
package import Facility

/// How much of the wall somebody sees. A value; any task.
package struct Sight: Hashable, Sendable {
    /// Zones; nil: all.
    package var areas: Set<ZoneID>?
    /// Troubles of devices, never the calls of people.
    package var devicesOnly: Bool

    package init(areas: Set<ZoneID>? = nil, devicesOnly: Bool = false) {
        self.areas = areas
        self.devicesOnly = devicesOnly
    }
}
