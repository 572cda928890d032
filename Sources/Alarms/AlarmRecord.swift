// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What is known of one alarm: a set of facts, each written once, and a revision that grows with every
/// change.
///
/// The whole record travels in every datagram and stands in every journal entry, so a lost or doubled message
/// never matters: the highest revision of the terminal that owns the alarm is the truth. The phase is derived
/// from the facts, so that no two fields can disagree. All times are milliseconds since the raise, measured
/// by the owner's monotonic clock; nobody needs the same clock as anybody else.
package struct AlarmRecord: Hashable, Sendable {
    package let id: EventID
    package let point: AlarmPoint
    package let alarmClass: AlarmClass
    package let cause: AlarmCause
    /// First edge of the first press, by the origin's clocks.
    package let raised: Moment
    /// Nothing is shown or sounded at the origin (a duress button with the silent option).
    package let silentAtOrigin: Bool
    /// An attendance line is wired at the point, so that an officer's word alone is not enough.
    package let attendanceWired: Bool
    /// The contact was closed when the process started: it may be the same press as an alarm of the run
    /// before.
    package let heldAtStart: Bool

    package var revision: UInt32
    /// Presses seen while open, the first included; saturates.
    package var presses: UInt32
    /// Steps of the ladder taken so far; 0 = the point's own posts only.
    package var escalation: UInt8
    /// The longest two-way talk so far.
    package var spokenMs: UInt32
    /// First post that confirmed: on its list and sounding.
    package var annunciated: Deed?
    package var acknowledged: Deed?
    /// Start of the latest pause of the sound; with the ground `.automatic` its early end, because nothing
    /// was heard any more of the post that asked for it.
    package var silenced: Deed?
    /// Start of the first two-way speech.
    package var spoken: Deed?
    package var attended: Deed?
    package var cleared: Deed?

    package init(
        id: EventID, point: AlarmPoint, alarmClass: AlarmClass, cause: AlarmCause, raised: Moment,
        silentAtOrigin: Bool = false, attendanceWired: Bool = false, heldAtStart: Bool = false,
        revision: UInt32 = 1, presses: UInt32 = 1
    ) {
        self.id = id
        self.point = point
        self.alarmClass = alarmClass
        self.cause = cause
        self.raised = raised
        self.silentAtOrigin = silentAtOrigin
        self.attendanceWired = attendanceWired
        self.heldAtStart = heldAtStart
        self.revision = revision
        self.presses = presses
        escalation = 0
        spokenMs = 0
    }
}

/// One fact in the life of an alarm: when, by whom, from where, on what ground.
package struct Deed: Hashable, Sendable {
    /// How we know it.
    package enum Ground: UInt8, Sendable, CaseIterable, Hashable {
        /// An officer named himself.
        case officer = 1
        /// A key of the post's board, or a line at the cell: proven by a contact.
        case line = 2
        /// An officer's word where no attendance line is wired: *declared, unproven*.
        case declared = 3
        /// The terminal itself: a receipt came, a condition ended, a post fell silent.
        case automatic = 4
        /// Cleared after two-way speech, not attendance (cell calls only).
        case speech = 5
        /// The same press as an older open alarm of this point; cleared into it, nothing is hidden.
        case folded = 6
    }

    /// Milliseconds since the raise; saturates at 49 days.
    package let afterMs: UInt32
    /// Where it was done; for `annunciated` the post that confirmed.
    package let terminal: TerminalID
    package let officer: OfficerID?
    package let ground: Ground

    package init(afterMs: UInt32, terminal: TerminalID, officer: OfficerID?, ground: Ground) {
        self.afterMs = afterMs
        self.terminal = terminal
        self.officer = officer
        self.ground = ground
    }
}

/// Where an alarm stands, in the words of the field.
package enum AlarmPhase: UInt8, Sendable, CaseIterable, Hashable, Comparable {
    case raised = 1
    case annunciated = 2
    case acknowledged = 3
    case attended = 4
    case cleared = 5

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension AlarmRecord {
    package var phase: AlarmPhase {
        if cleared != nil { return .cleared }
        if attended != nil { return .attended }
        if acknowledged != nil { return .acknowledged }
        return annunciated != nil ? .annunciated : .raised
    }

    package var isOpen: Bool { cleared == nil }

    /// Should it be heard at a post now? Open, unattended, and not within a pause of the sound.
    package func sounds(atAgeMs age: Int) -> Bool {
        guard isOpen, attended == nil, !isMuted else { return false }
        guard let silenced, silenced.ground != .automatic else { return true }
        let pause = Int(silenced.afterMs)
        return age < pause || age >= pause + Limits.silenceMaxMs
    }

    /// An acknowledged trouble is quiet until its condition ends: nobody has to be called to it.
    package var isMuted: Bool { alarmClass == .trouble && acknowledged != nil }

    /// The order of a list: higher class first, then the older one; ties by id so that every list is the
    /// same.
    package static func comesBefore(_ a: AlarmRecord, ageMs aAge: Int, _ b: AlarmRecord, ageMs bAge: Int)
        -> Bool
    {
        if a.alarmClass != b.alarmClass { return a.alarmClass > b.alarmClass }
        if aAge != bAge { return aAge > bAge }
        let aID = (a.id.terminal, a.id.run, a.id.stream.rawValue, a.id.sequence)
        return aID < (b.id.terminal, b.id.run, b.id.stream.rawValue, b.id.sequence)
    }
}
