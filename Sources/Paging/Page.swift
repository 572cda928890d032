// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 广播: one page: a voice from one place to a set of zones. A value; any thread.
package struct Page: Hashable, Sendable {
    /// What is said.
    package enum Voice: Hashable, Sendable {
        /// Somebody speaks: what was not heard cannot be heard later.
        case live
        /// A clip of the library.
        case unit(String)
    }

    package var id: EventID
    package var zones: Set<ZoneID>
    package var voice: Voice
    package var isEmergency: Bool

    package init(id: EventID, zones: Set<ZoneID>, voice: Voice, isEmergency: Bool) {
        self.id = id
        self.zones = zones
        self.voice = voice
        self.isEmergency = isEmergency
    }

    package var rank: SoundRank { isEmergency ? .emergencyPage : .livePage }

    /// What becomes of it when something more urgent comes.
    package var manners: ZoneClaim.Manners {
        switch voice {
        case .live: .leaves
        case .unit: .waits
        }
    }
}
