// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What stands behind an entry: by its hash it can be found and checked for ever. A value; any thread.
package struct Evidence: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable, Hashable {
        case recording, alarm, note, picture
    }

    package var kind: Kind
    /// The event it was made in; nil where it came from elsewhere.
    package var source: EventID?
    /// SHA-256 of the file or of the journal's entry: 32 bytes.
    package var sha256: [UInt8]

    package init(kind: Kind, source: EventID?, sha256: [UInt8]) {
        self.kind = kind
        self.source = source
        self.sha256 = sha256
    }
}

/// 安置: from this day on the person is in this cell and is scored by this profile. Written when a roster is
/// taken in; the newest one that has begun decides.
package struct Placement: Hashable, Sendable {
    package var resident: ResidentID
    package var cell: ZoneID
    package var profile: RuleProfileID
    package var from: CivilDay
    /// Left: nothing is scored from this day on.
    package var isEnd: Bool

    package init(
        resident: ResidentID, cell: ZoneID, profile: RuleProfileID, from: CivilDay, isEnd: Bool = false
    ) {
        self.resident = resident
        self.cell = cell
        self.profile = profile
        self.from = from
        self.isEnd = isEnd
    }
}

/// 记分: one act, scored. Of a person; where the item is the cell's, of the cell.
package struct LedgerEntry: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case resident(ResidentID)
        case cell(ZoneID)
    }

    package var subject: Subject
    package var pack: RulePackID
    package var item: RuleItemID
    package var points: Points
    /// The day of the act.
    package var day: CivilDay
    package var officer: OfficerID
    package var evidence: [Evidence]
    package var note: String

    package init(
        subject: Subject, pack: RulePackID, item: RuleItemID, points: Points, day: CivilDay,
        officer: OfficerID, evidence: [Evidence] = [], note: String = ""
    ) {
        self.subject = subject
        self.pack = pack
        self.item = item
        self.points = points
        self.day = day
        self.officer = officer
        self.evidence = evidence
        self.note = note
    }
}

/// 冲正: an entry was a mistake. Both stay in view.
package struct Reversal: Hashable, Sendable {
    package var entry: EventID
    package var day: CivilDay
    package var officer: OfficerID
    package var reason: String

    package init(entry: EventID, day: CivilDay, officer: OfficerID, reason: String) {
        self.entry = entry
        self.day = day
        self.officer = officer
        self.reason = reason
    }
}

/// 联署: one more officer stands by an entry.
package struct Signature: Hashable, Sendable {
    package var entry: EventID
    package var day: CivilDay
    package var officer: OfficerID

    package init(entry: EventID, day: CivilDay, officer: OfficerID) {
        self.entry = entry
        self.day = day
        self.officer = officer
    }
}

/// 异议: the person scored objects, in their own words. `stage` says to whom.
package struct Objection: Hashable, Sendable {
    /// 复查, then 复核.
    package enum Stage: String, CaseIterable, Sendable, Hashable {
        case review, secondReview
    }

    package var entry: EventID
    package var resident: ResidentID
    package var stage: Stage
    package var day: CivilDay
    /// Who wrote it down.
    package var officer: OfficerID
    package var text: String

    package init(
        entry: EventID, resident: ResidentID, stage: Stage, day: CivilDay, officer: OfficerID, text: String
    ) {
        self.entry = entry
        self.resident = resident
        self.stage = stage
        self.day = day
        self.officer = officer
        self.text = text
    }
}

/// 答复: what became of an objection. That it was upheld changes no points: the reversal does, and names it.
package struct Answer: Hashable, Sendable {
    package var objection: EventID
    package var isUpheld: Bool
    package var day: CivilDay
    package var officers: [OfficerID]
    package var reason: String

    package init(
        objection: EventID, isUpheld: Bool, day: CivilDay, officers: [OfficerID], reason: String
    ) {
        self.objection = objection
        self.isUpheld = isUpheld
        self.day = day
        self.officers = officers
        self.reason = reason
    }
}

/// 周评议: the officers named went through the week's entries together.
package struct WeeklyReview: Hashable, Sendable {
    /// The week's Monday.
    package var week: CivilDay
    package var day: CivilDay
    package var officers: [OfficerID]

    package init(week: CivilDay, day: CivilDay, officers: [OfficerID]) {
        self.week = week
        self.day = day
        self.officers = officers
    }
}

/// 月结: the month is summed over what these journals hold up to here; what comes later goes into a later
/// month, whoever hears of it first.
package struct MonthClose: Hashable, Sendable {
    package var month: CivilMonth
    package var day: CivilDay
    package var officers: [OfficerID]
    /// Of each terminal the last entry of stream `conduct` that is in.
    package var covers: [TerminalID: UInt64]

    package init(
        month: CivilMonth, day: CivilDay, officers: [OfficerID], covers: [TerminalID: UInt64]
    ) {
        self.month = month
        self.day = day
        self.officers = officers
        self.covers = covers
    }
}

/// 公示: a closed month hangs in a cell for all to read.
package struct Publication: Hashable, Sendable {
    package var month: CivilMonth
    package var cell: ZoneID
    package var day: CivilDay
    package var officer: OfficerID

    package init(month: CivilMonth, cell: ZoneID, day: CivilDay, officer: OfficerID) {
        self.month = month
        self.cell = cell
        self.day = day
        self.officer = officer
    }
}

/// One entry of the stream `conduct`. A value; any thread.
package enum ConductEntry: Hashable, Sendable {
    case placed(Placement)
    case scored(LedgerEntry)
    case reversed(Reversal)
    case signed(Signature)
    case objected(Objection)
    case answered(Answer)
    case reviewed(WeeklyReview)
    case closed(MonthClose)
    case published(Publication)
}

/// An entry with its name and its place in its terminal's journal. A value; any thread.
package struct PostedEntry: Hashable, Sendable {
    package var id: EventID
    /// Its number in the journal's stream.
    package var sequence: UInt64
    package var entry: ConductEntry

    package init(id: EventID, sequence: UInt64, entry: ConductEntry) {
        self.id = id
        self.sequence = sequence
        self.entry = entry
    }
}
