// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 计分台账: everything that was ever entered, and what follows from it. A value; any thread.
///
///     journal ─> take(entry), in any order ─> ConductLedger ─> standing(of:in:), ranking(in:), road(…)
///
/// Always true: a set of entries, so whoever has the same ones has the same standings to the byte, in
/// whatever order they came; nothing is ever taken out or changed. Whether an entry may be made is
/// `refusal(of:by:)`'s to say, before it is written; once written, it counts by the rules alone.
package struct ConductLedger: Sendable {
    package private(set) var packs: [RulePack]
    package private(set) var count = 0

    private var known: Set<EventID> = []
    private(set) var scores: [EventID: PostedEntry] = [:]
    private(set) var scoresOf: [LedgerEntry.Subject: [EventID]] = [:]
    private(set) var placements: [ResidentID: [(posted: PostedEntry, placement: Placement)]] = [:]
    private(set) var reversals: [EventID: [(posted: PostedEntry, reversal: Reversal)]] = [:]
    private(set) var signers: [EventID: Set<OfficerID>] = [:]
    private(set) var objections: [EventID: [(id: EventID, objection: Objection)]] = [:]
    private(set) var answers: [EventID: [(id: EventID, answer: Answer)]] = [:]
    private(set) var reviews: [CivilDay: Set<OfficerID>] = [:]
    private(set) var closes: [CivilMonth: (id: EventID, close: MonthClose)] = [:]
    private(set) var publications: [CivilMonth: [ZoneID: (id: EventID, publication: Publication)]] = [:]

    /// `packs`: of all times; the day of an act chooses.
    package init(packs: [RulePack]) { self.packs = packs }

    /// A pack more, or a newer text of one: entries name their pack, so those made before keep theirs as long
    /// as its id is another.
    package mutating func add(_ pack: RulePack) {
        packs.removeAll { $0.id == pack.id }
        packs.append(pack)
    }

    package func pack(_ id: RulePackID) -> RulePack? { packs.first { $0.id == id } }

    /// The pack that decides acts of this day: the last one to come into force.
    package func pack(on day: CivilDay) -> RulePack? {
        packs.filter { $0.isInForce(on: day) }.max { ($0.from, $0.id) < ($1.from, $1.id) }
    }

    package func score(_ id: EventID) -> LedgerEntry? {
        guard case .scored(let entry)? = scores[id]?.entry else { return nil }
        return entry
    }

    /// An entry of a journal; one that is known is left alone.
    package mutating func take(_ posted: PostedEntry) {
        guard known.insert(posted.id).inserted else { return }
        count += 1
        let id = posted.id
        switch posted.entry {
        case .placed(let placement):
            placements[placement.resident, default: []].append((posted, placement))
            placements[placement.resident]?.sort {
                Self.isBefore(($0.placement.from, $0.posted.id), ($1.placement.from, $1.posted.id))
            }
        case .scored(let entry):
            scores[id] = posted
            scoresOf[entry.subject, default: []].append(id)
        case .reversed(let reversal):
            reversals[reversal.entry, default: []].append((posted, reversal))
            reversals[reversal.entry]?.sort {
                Self.isBefore(($0.reversal.day, $0.posted.id), ($1.reversal.day, $1.posted.id))
            }
        case .signed(let signature): signers[signature.entry, default: []].insert(signature.officer)
        case .objected(let objection):
            objections[objection.entry, default: []].append((id, objection))
            objections[objection.entry]?.sort {
                Self.isBefore(($0.objection.day, $0.id), ($1.objection.day, $1.id))
            }
        case .answered(let answer):
            answers[answer.objection, default: []].append((id, answer))
            answers[answer.objection]?.sort { Self.isBefore(($0.answer.day, $0.id), ($1.answer.day, $1.id)) }
        case .reviewed(let review): reviews[review.week, default: []].formUnion(review.officers)
        case .closed(let close):
            if let first = closes[close.month], Self.isBefore((first.close.day, first.id), (close.day, id)) {
                return
            }
            closes[close.month] = (id, close)
        case .published(let publication):
            let (month, cell) = (publication.month, publication.cell)
            if let first = publications[month]?[cell],
                Self.isBefore((first.publication.day, first.id), (publication.day, id))
            {
                return
            }
            publications[month, default: [:]][cell] = (id, publication)
        }
    }

    /// The one order that all agree on: by day, then by name.
    static func isBefore(_ a: (CivilDay, EventID), _ b: (CivilDay, EventID)) -> Bool {
        a.0 != b.0 ? a.0 < b.0 : a.1.isBefore(b.1)
    }

    /// Where the person is on that day; nil: not here. Of a closed month only what its close covers counts.
    package func placement(of resident: ResidentID, on day: CivilDay) -> Placement? {
        let close = close(of: CivilMonth(of: day))
        let last = placements[resident]?.last {
            $0.placement.from <= day && close?.has($0.posted) ?? true
        }
        return last.flatMap { $0.placement.isEnd ? nil : $0.placement }
    }

    package var residents: [ResidentID] { placements.keys.sorted() }

    /// The reversal that counts: the first of them.
    func reversal(of entry: EventID) -> (posted: PostedEntry, reversal: Reversal)? { reversals[entry]?.first }

    // MARK: Months

    package func close(of month: CivilMonth) -> MonthClose? { closes[month]?.close }

    /// The month in which something of that day counts: its own, or the first later one that was not closed
    /// without it.
    func month(of posted: PostedEntry, day: CivilDay) -> CivilMonth {
        var month = CivilMonth(of: day)
        while let close = closes[month]?.close, !close.has(posted) { month = month.advanced(by: 1) }
        return month
    }
}

extension MonthClose {
    func has(_ posted: PostedEntry) -> Bool { posted.sequence <= covers[posted.id.terminal] ?? 0 }
}

extension EventID {
    /// An order that all agree on, whatever it means.
    func isBefore(_ other: EventID) -> Bool {
        (terminal, run, sequence) < (other.terminal, other.run, other.sequence)
    }
}
