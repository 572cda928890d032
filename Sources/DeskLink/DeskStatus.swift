// SPDX-License-Identifier: Apache-2.0
package import Facility
package import PanelLink

/// A daemon about itself, its peers and what is wrong.
package struct DeskStatus: Hashable, Sendable {
    package var own: TerminalStatus
    package var peers: [PeerStatus]
    package var faults: [Fault]

    package init(own: TerminalStatus, peers: [PeerStatus], faults: [Fault]) {
        self.own = own
        self.peers = peers
        self.faults = faults
    }
}
