// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// Everything one terminal, or one process of a terminal, can say to another: one datagram, one message.
///
/// A value, used on the line thread and in the tool. Every message means the same however often it arrives:
/// it carries what is so, not what changed, or an id by which a repeat is known. The bytes are described in
/// WIRE.md.
package enum Message: Hashable, Sendable {
    // Between terminals, through `Link`.
    case annunciation(Annunciation)
    case receipt(Receipt)
    case heartbeat(Heartbeat)
    /// Made and taken by `Link` itself; nobody else sees one.
    case challenge(Challenge)
    case action(ActionRequest)
    case actionReply(ActionReply)
    case spoken(SpokenReport)

    // Between the processes of one terminal, through `LocalSocket`; `Link` neither sends nor takes them.
    case query(Query)
    /// `lost`: the cell whose alarm it is does not answer; the custodian speaks for it.
    case listed(token: UInt64, Annunciation, lost: Bool)
    case peer(token: UInt64, PeerStatus)
    case status(token: UInt64, TerminalStatus)
    /// The four texts are cut at `Limits.faultTextMaxBytes`.
    case fault(token: UInt64, Fault)
    /// The answer to `token` is complete: so many messages came before this one.
    case end(token: UInt64, count: UInt32)
    case buzzerTest(token: UInt64)
    /// From `watchpost-sound`, each `Limits.soundReportMs` and at every change.
    case sound(SoundState)

    package var kind: MessageKind {
        switch self {
        case .annunciation: .annunciation
        case .receipt: .receipt
        case .heartbeat: .heartbeat
        case .challenge: .challenge
        case .action: .action
        case .actionReply: .actionReply
        case .spoken: .spoken
        case .query: .query
        case .listed: .listed
        case .peer: .peer
        case .status: .status
        case .fault: .fault
        case .end: .end
        case .buzzerTest: .buzzerTest
        case .sound: .sound
        }
    }
}

/// The first byte of a message.
package enum MessageKind: UInt8, Sendable, CaseIterable, Hashable {
    case annunciation = 1
    case receipt = 2
    case heartbeat = 3
    case challenge = 4
    case action = 5
    case actionReply = 6
    case spoken = 7

    case query = 32
    case listed = 33
    case peer = 34
    case status = 35
    case fault = 36
    case end = 37
    case buzzerTest = 38
    case sound = 39

    /// Never travels between terminals.
    package var isLocal: Bool { rawValue >= 32 }
}

/// An alarm as its custodian knows it, for a list and a buzzer.
package struct Annunciation: Hashable, Sendable {
    package var record: AlarmRecord
    /// Milliseconds since the raise when this was sent: the receiver needs no clock of the sender's.
    package var ageMs: UInt32
    /// Who owns the truth now: the origin, or the post that keeps the alarm of a lost cell.
    package var custodian: TerminalID

    package init(record: AlarmRecord, ageMs: UInt32, custodian: TerminalID) {
        self.record = record
        self.ageMs = ageMs
        self.custodian = custodian
    }
}

/// What a post has really done with a revision of an alarm.
package struct Receipt: Hashable, Sendable {
    package var id: EventID
    package var revision: UInt32
    /// It stands on the post's list (or, cleared, has left it).
    package var listed: Bool
    package var sounding: Sounding

    package init(id: EventID, revision: UInt32, listed: Bool, sounding: Sounding) {
        self.id = id
        self.revision = revision
        self.listed = listed
        self.sounding = sounding
    }
}

/// Whether it can be heard at the post.
package enum Sounding: UInt8, Sendable, CaseIterable, Hashable {
    /// A buzzer or tone output was set without error.
    case confirmed = 1
    /// Silenced, attended or cleared: it shall not sound.
    case notRequired = 2
    /// It should sound and the output failed.
    case failed = 3
}

/// "I am here, and this is how I am", to every peer every `Limits.heartbeatMs`.
package struct Heartbeat: Hashable, Sendable {
    /// Counts from 1 within the run.
    package var number: UInt32
    /// Age of your last authentic heartbeat here; `.max`: none in this run. By it you know whether you are
    /// heard.
    package var heardYouMs: UInt32
    package var uptimeMs: UInt64
    package var wallMs: Int64
    /// Alarms standing at the sender.
    package var standing: UInt16
    package var journalHealthy: Bool
    package var linesHealthy: Bool
    package var configVersion: Int64

    package init(
        number: UInt32, heardYouMs: UInt32, uptimeMs: UInt64, wallMs: Int64, standing: UInt16,
        journalHealthy: Bool,
        linesHealthy: Bool, configVersion: Int64
    ) {
        self.number = number
        self.heardYouMs = heardYouMs
        self.uptimeMs = uptimeMs
        self.wallMs = wallMs
        self.standing = standing
        self.journalHealthy = journalHealthy
        self.linesHealthy = linesHealthy
        self.configVersion = configVersion
    }
}

/// "Your datagram did not name the session I gave you; name this one." Echoes what it answers.
package struct Challenge: Hashable, Sendable {
    package var echoRun: UInt64
    package var echoSequence: UInt64
    package var session: UInt64

    package init(echoRun: UInt64, echoSequence: UInt64, session: UInt64) {
        self.echoRun = echoRun
        self.echoSequence = echoSequence
        self.session = session
    }
}

/// What an officer does, on its way to the custodian; also the tool's command to its own daemon.
package struct ActionRequest: Hashable, Sendable {
    /// Random; a repeat gets the same reply.
    package var actionID: UInt64
    package var alarm: EventID
    package var action: OfficerAction
    package var source: ActionSource

    package init(actionID: UInt64, alarm: EventID, action: OfficerAction, source: ActionSource) {
        self.actionID = actionID
        self.alarm = alarm
        self.action = action
        self.source = source
    }
}

/// What became of it.
package struct ActionReply: Hashable, Sendable {
    package var actionID: UInt64
    /// `nil`: done.
    package var refusal: AlarmRefusal?
    /// The alarm's revision afterwards; 0 when there is no such alarm.
    package var revision: UInt32

    package init(actionID: UInt64, refusal: AlarmRefusal?, revision: UInt32) {
        self.actionID = actionID
        self.refusal = refusal
        self.revision = revision
    }
}

/// Two-way speech with the cell so far, from the process that carries the voice.
package struct SpokenReport: Hashable, Sendable {
    package var alarm: EventID
    package var ms: UInt32
    package var source: ActionSource

    package init(alarm: EventID, ms: UInt32, source: ActionSource) {
        self.alarm = alarm
        self.ms = ms
        self.source = source
    }
}
