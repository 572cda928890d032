// SPDX-License-Identifier: Apache-2.0
package import Facility

/// How urgent an alarm is. The raw value is its order on every list and on the wire: higher overtakes lower.
package enum AlarmClass: UInt8, Sendable, CaseIterable, Hashable, Comparable {
    /// 故障: something of ours is ill. Ends by itself when the condition ends.
    case trouble = 1
    /// 报告呼叫: a detainee asks for an officer.
    case cellCall = 2
    /// 紧急报警: a detainee's one-key alarm.
    case emergency = 3
    /// 民警胁迫/紧急: an officer in danger.
    case officerDuress = 4

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Why an alarm was raised.
package enum AlarmCause: UInt8, Sendable, CaseIterable, Hashable {
    case press = 1

    // Troubles of a terminal's own lines.
    /// Both contacts of a supervised point closed; a press is raised beside it, fail-safe.
    case wireShort = 15
    case wireCut = 16
    case stuck = 17
    case tamper = 18
    case lineFault = 19
    case edgesLost = 20

    // Troubles of a terminal itself.
    case journalFault = 32
    case journalLoss = 33
    case configuration = 34
    case soundFault = 35
    case crashLoop = 36

    // Troubles that one terminal sees of another.
    case peerLost = 48
    case peerOneWay = 49
    /// Known to a hub alone, never raised by a terminal: two machines speak under this terminal's name.
    case cloned = 50

    /// Every post sees it for itself, so nobody has to be told.
    package var isSeenByEach: Bool { self == .peerLost || self == .peerOneWay }

    /// A condition that ends by itself; the others are noticed once and cleared by an officer.
    package var lasts: Bool {
        switch self {
        case .press, .edgesLost, .journalLoss, .crashLoop: false
        case .wireShort, .wireCut, .stuck, .tamper, .lineFault, .journalFault, .configuration, .soundFault,
            .peerLost, .peerOneWay, .cloned:
            true
        }
    }
}

/// 报警点: one button, supervised line or condition, with its place. `terminal` is where it *is*, which for a
/// lost terminal is another one than the terminal that says so.
package struct AlarmPoint: Hashable, Sendable {
    package let terminal: TerminalID
    package let name: PointName

    package init(terminal: TerminalID, name: PointName) {
        self.terminal = terminal
        self.name = name
    }
}
