// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One entry as a desk hands it to the journal. A value; the payload is bytes of the desk's own layout.
package struct JournalEvent: Hashable, Sendable {
    package let id: EventID
    package let at: Moment
    /// What the payload is; the desk's numbering. `JournalNotice.kinds` are the journal's own.
    package let kind: UInt16
    /// The thing whose latest payload matters (an alarm's id); empty when there is none.
    package let subject: [UInt8]
    /// True: this payload is the subject's latest, and it stands (is open). False: the subject is over.
    package let standing: Bool
    package let payload: [UInt8]

    package init(
        id: EventID, at: Moment, kind: UInt16, subject: [UInt8] = [], standing: Bool = false, payload: [UInt8]
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.subject = subject
        self.standing = standing
        self.payload = payload
    }
}

/// One entry as the file holds it: the event, its place in its stream across runs, and the chain.
package struct JournalEntry: Hashable, Sendable {
    package let event: JournalEvent
    /// Contiguous within stream and file, across runs (`JournalGeneration`).
    package let sequence: UInt64
    package let previousHash: [UInt8]
    package let hash: [UInt8]

    package init(event: JournalEvent, sequence: UInt64, previousHash: [UInt8], hash: [UInt8]) {
        self.event = event
        self.sequence = sequence
        self.previousHash = previousHash
        self.hash = hash
    }
}

/// A thing that was open when the process before ended: what `EventJournal` rebuilds the open alarms from.
package struct StandingEntry: Hashable, Sendable {
    package let event: JournalEvent
    package let sequence: UInt64
}

/// What the journal's thread tells the line thread; taken with `EventJournal.takeReports()` after a wake.
package enum JournalReport: Hashable, Sendable {
    /// The file is open for the first time in this process: what stood, and how many boots of this machine it
    /// knows.
    case opened(standing: [StandingEntry], boots: Int)
    /// This event's commit, and with it the disk's flush, returned.
    case stored(EventID)
    /// Storing stopped or is limited; entries wait in memory. Told again only when the fault changes.
    case faulted(Fault)
    case recovered
    /// So many entries were given up since the last such report: the queue was full, or it stopped on a
    /// broken disk.
    case dropped(Int)
    /// A damaged file was put aside under this name and a new one begun.
    case quarantined(String)
}
