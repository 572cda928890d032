// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A question of the tool to the daemon of its own terminal. `token` stands in every answer.
package struct Query: Hashable, Sendable {
    package enum Subject: UInt8, Sendable, CaseIterable, Hashable {
        case alarms = 1
        case status = 2
        /// As `alarms`, and every change from now on, for `Limits.followerLeaseMs`; asked again to go on.
        case follow = 3
    }

    package var token: UInt64
    package var what: Subject

    package init(token: UInt64, what: Subject) {
        self.token = token
        self.what = what
    }
}

/// How one terminal stands with another.
package enum PeerState: UInt8, Sendable, CaseIterable, Hashable {
    case alive = 1
    /// No authentic heartbeat for `Limits.peerLostMs`.
    case lost = 2
    /// It is heard, and says for as long that it does not hear us.
    case oneWay = 3
    /// Never heard since our start.
    case never = 4
}

/// One line of a terminal's view of its peers.
package struct PeerStatus: Hashable, Sendable {
    package var terminal: TerminalID
    package var state: PeerState
    /// Age of its last authentic heartbeat; saturates, also when never heard.
    package var lastHeardMs: UInt32

    package init(terminal: TerminalID, state: PeerState, lastHeardMs: UInt32) {
        self.terminal = terminal
        self.state = state
        self.lastHeardMs = lastHeardMs
    }
}

/// How the journal of a daemon is.
package enum JournalState: UInt8, Sendable, CaseIterable, Hashable {
    case opening = 1
    case healthy = 2
    case faulted = 3
    case stalled = 4
}

/// A daemon about itself.
package struct TerminalStatus: Hashable, Sendable {
    package var terminal: TerminalID
    package var role: TerminalRole
    package var run: UInt64
    package var uptimeMs: UInt64
    /// From the start of the process until an alarm could leave.
    package var readyMs: UInt32
    package var journal: JournalState
    package var linesHealthy: Bool
    package var configVersion: Int64
    package var standing: UInt16
    /// Presses accepted in this run.
    package var presses: UInt64
    /// `nil`: the line library numbers no edges, so nobody can know.
    package var edgesLost: UInt64?
    /// Datagrams refused in this run.
    package var refused: UInt64

    package init(
        terminal: TerminalID, role: TerminalRole, run: UInt64, uptimeMs: UInt64, readyMs: UInt32,
        journal: JournalState, linesHealthy: Bool, configVersion: Int64, standing: UInt16, presses: UInt64,
        edgesLost: UInt64?, refused: UInt64
    ) {
        self.terminal = terminal
        self.role = role
        self.run = run
        self.uptimeMs = uptimeMs
        self.readyMs = readyMs
        self.journal = journal
        self.linesHealthy = linesHealthy
        self.configVersion = configVersion
        self.standing = standing
        self.presses = presses
        self.edgesLost = edgesLost
        self.refused = refused
    }
}

/// How the voice of this terminal is.
package struct SoundState: Hashable, Sendable {
    /// The card gives and takes frames.
    package var isWorking: Bool
    package var isMicrophoneOpen: Bool

    package init(isWorking: Bool, isMicrophoneOpen: Bool) {
        self.isWorking = isWorking
        self.isMicrophoneOpen = isMicrophoneOpen
    }
}
