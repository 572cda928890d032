// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
package import GPIO
package import PanelLink

/// What the desks want done; performed in order by the agent, on the line thread, nothing of it waiting for
/// anything.
package enum DeskEffect: Hashable, Sendable {
    /// Keep the alarm as it is now where a killed process finds it again (memory, not disk).
    case latch(AlarmRecord)
    /// It is over: it need not be kept once the journal has stored what it was told before.
    case unlatch(EventID)
    case send(Message, to: TerminalID)
    /// Sealed already: a challenge.
    case sendSealed([UInt8], to: TerminalID)
    /// Sent only now, after the `show` before it: attests the list, and the buzzer as it really was set.
    case receipt(EventID, revision: UInt32, audible: Bool, to: TerminalID)
    case show(OutputPattern, on: LineDuty, reassert: Bool)
    /// An alarm's new state, for the journal: `standing` until it is over and everybody heard.
    case journal(JournalKind, Annunciation, standing: Bool)
    /// To a process of this machine, by the path of its socket.
    case reply(Message, to: String)
}

/// What an entry of the alarm and health streams tells. 1…63 are an `AlarmChange` of an alarm of ours.
package struct JournalKind: Hashable, Sendable {
    package let rawValue: UInt16

    package init(_ change: AlarmChange) { rawValue = UInt16(change.rawValue) }
    private init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// Every post that was told of the alarm has confirmed its end.
    package static let delivered = JournalKind(64)
    /// A post listed or updated the alarm of another terminal.
    package static let received = JournalKind(65)
    /// A post decided while the cell was lost.
    package static let custody = JournalKind(66)
}
