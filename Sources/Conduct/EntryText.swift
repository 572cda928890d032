// SPDX-License-Identifier: Apache-2.0
import Facility

/// An entry as it stands in the journal: UTF-8, a word and its value a line, in this order and no other, so
/// that one entry has one spelling (CONDUCT.md). Any thread.
extension ConductEntry {
    /// Its number in the journal; never used twice.
    package var kind: UInt16 {
        switch self {
        case .placed: 128
        case .scored: 129
        case .reversed: 130
        case .signed: 131
        case .objected: 132
        case .answered: 133
        case .reviewed: 134
        case .closed: 135
        case .published: 136
        }
    }

    package var payload: [UInt8] {
        var out = EntryWriter()
        switch self {
        case .placed(let one):
            out.add("resident", one.resident)
            out.add("cell", one.cell)
            out.add("profile", one.profile)
            out.add("from", one.from)
            if one.isEnd { out.add("left", "yes") }
        case .scored(let one):
            switch one.subject {
            case .resident(let id): out.add("resident", id)
            case .cell(let id): out.add("of-cell", id)
            }
            out.add("pack", one.pack)
            out.add("item", one.item)
            out.add("points", one.points)
            out.add("day", one.day)
            out.add("officer", one.officer)
            for piece in one.evidence {
                let source = piece.source.map(\.description) ?? "-"
                out.add("evidence", "\(piece.kind.rawValue) \(Hex.text(piece.sha256)) \(source)")
            }
            out.add("note", one.note)
        case .reversed(let one):
            out.add("entry", one.entry)
            out.add("day", one.day)
            out.add("officer", one.officer)
            out.add("reason", one.reason)
        case .signed(let one):
            out.add("entry", one.entry)
            out.add("day", one.day)
            out.add("officer", one.officer)
        case .objected(let one):
            out.add("entry", one.entry)
            out.add("resident", one.resident)
            out.add("stage", one.stage.rawValue)
            out.add("day", one.day)
            out.add("officer", one.officer)
            out.add("text", one.text)
        case .answered(let one):
            out.add("objection", one.objection)
            out.add("upheld", one.isUpheld ? "yes" : "no")
            out.add("day", one.day)
            for officer in one.officers { out.add("officer", officer) }
            out.add("reason", one.reason)
        case .reviewed(let one):
            out.add("week", one.week)
            out.add("day", one.day)
            for officer in one.officers { out.add("officer", officer) }
        case .closed(let one):
            out.add("month", one.month)
            out.add("day", one.day)
            for officer in one.officers { out.add("officer", officer) }
            for (terminal, sequence) in one.covers.sorted(by: { $0.key < $1.key }) {
                out.add("covers", "\(terminal) \(sequence)")
            }
        case .published(let one):
            out.add("month", one.month)
            out.add("cell", one.cell)
            out.add("day", one.day)
            out.add("officer", one.officer)
        }
        return out.bytes
    }

    /// nil: of another kind, damaged, or not in its one spelling.
    package init?(kind: UInt16, payload: [UInt8]) {
        guard payload.count <= Limits.conductEntryMaxBytes, var lines = EntryReader(payload),
            let entry = Self.read(kind, &lines), lines.isAtEnd, entry.payload == payload
        else { return nil }
        self = entry
    }

    private static func read(_ kind: UInt16, _ lines: inout EntryReader) -> ConductEntry? {
        switch kind {
        case 128: readPlaced(&lines).map { .placed($0) }
        case 129: readScored(&lines).map { .scored($0) }
        case 130:
            if let entry = lines.event("entry"), let day = lines.day(), let officer = lines.officer(),
                let reason = lines.next("reason")
            {
                .reversed(Reversal(entry: entry, day: day, officer: officer, reason: reason))
            } else {
                nil
            }
        case 131:
            if let entry = lines.event("entry"), let day = lines.day(), let officer = lines.officer() {
                .signed(Signature(entry: entry, day: day, officer: officer))
            } else {
                nil
            }
        case 132: readObjected(&lines).map { .objected($0) }
        case 133: readAnswered(&lines).map { .answered($0) }
        case 134:
            if let week = lines.day("week"), let day = lines.day() {
                .reviewed(WeeklyReview(week: week, day: day, officers: lines.officers()))
            } else {
                nil
            }
        case 135: readClosed(&lines).map { .closed($0) }
        case 136:
            if let month = lines.month(), let cell: ZoneID = lines.identifier("cell"),
                let day = lines.day(), let officer = lines.officer()
            {
                .published(Publication(month: month, cell: cell, day: day, officer: officer))
            } else {
                nil
            }
        // A kind of a later release.
        default: nil
        }
    }

    private static func readPlaced(_ lines: inout EntryReader) -> Placement? {
        guard let resident: ResidentID = lines.identifier("resident"),
            let cell: ZoneID = lines.identifier("cell"),
            let profile: RuleProfileID = lines.identifier("profile"), let from = lines.day("from")
        else { return nil }
        let isEnd = lines.next("left") == "yes"
        return Placement(resident: resident, cell: cell, profile: profile, from: from, isEnd: isEnd)
    }

    private static func readScored(_ lines: inout EntryReader) -> LedgerEntry? {
        let resident: ResidentID? = lines.identifier("resident")
        let cell: ZoneID? = resident == nil ? lines.identifier("of-cell") : nil
        guard let subject = resident.map(LedgerEntry.Subject.resident) ?? cell.map(LedgerEntry.Subject.cell),
            let pack: RulePackID = lines.identifier("pack"), let item: RuleItemID = lines.identifier("item"),
            let points = lines.next("points").flatMap({ Points($0) }), let day = lines.day(),
            let officer = lines.officer()
        else { return nil }
        var evidence: [Evidence] = []
        while evidence.count < Limits.conductNamesMaxCount, let line = lines.next("evidence") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let kind = Evidence.Kind(rawValue: String(words[0])),
                let sha256 = Hex.bytes(words[1]), sha256.count == 32
            else { return nil }
            let source = EventID(words[2])
            guard source != nil || words[2] == "-" else { return nil }
            evidence.append(Evidence(kind: kind, source: source, sha256: sha256))
        }
        guard let note = lines.next("note") else { return nil }
        return LedgerEntry(
            subject: subject, pack: pack, item: item, points: points, day: day, officer: officer,
            evidence: evidence, note: note)
    }

    private static func readObjected(_ lines: inout EntryReader) -> Objection? {
        guard let entry = lines.event("entry"), let resident: ResidentID = lines.identifier("resident"),
            let stage = lines.next("stage").flatMap(Objection.Stage.init(rawValue:)), let day = lines.day(),
            let officer = lines.officer(), let text = lines.next("text")
        else { return nil }
        return Objection(
            entry: entry, resident: resident, stage: stage, day: day, officer: officer, text: text)
    }

    private static func readAnswered(_ lines: inout EntryReader) -> Answer? {
        guard let objection = lines.event("objection"), let upheld = lines.next("upheld"),
            let day = lines.day()
        else { return nil }
        let officers = lines.officers()
        guard let reason = lines.next("reason") else { return nil }
        return Answer(
            objection: objection, isUpheld: upheld == "yes", day: day, officers: officers, reason: reason)
    }

    private static func readClosed(_ lines: inout EntryReader) -> MonthClose? {
        guard let month = lines.month(), let day = lines.day() else { return nil }
        let officers = lines.officers()
        var covers: [TerminalID: UInt64] = [:]
        while covers.count < Limits.closeCoversMaxCount, let line = lines.next("covers") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, let terminal = TerminalID(words[0]), let sequence = UInt64(words[1])
            else { return nil }
            covers[terminal] = sequence
        }
        return MonthClose(month: month, day: day, officers: officers, covers: covers)
    }
}
