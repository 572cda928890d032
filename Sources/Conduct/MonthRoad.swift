// SPDX-License-Identifier: Apache-2.0
package import Facility

/// How far a person's month is on its way to being final. A value of one day; any thread.
package enum MonthRoad: Hashable, Sendable {
    case open
    /// Summed; not hanging where the person can read it.
    case closed
    /// 公示: final on the day after `until`, if nothing stands against it.
    case published(until: CivilDay)
    /// Somebody's objection waits for its answer.
    case contested(EventID)
    case final(since: CivilDay)
}

extension ConductLedger {
    /// Never final before every publication day has passed and every objection is answered, a promised
    /// reversal made.
    package func road(of resident: ResidentID, in month: CivilMonth, on today: CivilDay) -> MonthRoad {
        guard close(of: month) != nil, let standing = standing(of: resident, in: month),
            let pack = pack(standing.pack)
        else { return .open }
        guard let day = publications[month]?[standing.cell]?.publication.day, day <= today else {
            return .closed
        }
        for case .entry(let id) in standing.lines.map(\.source) {
            let road = roadOfObjection(for: id, on: today)
            if case .awaits = road.next { return .contested(id) }
            if road.owesReversal { return .contested(id) }
        }
        let until = pack.calendar.end(of: pack.terms.publicationDays, after: day)
        return today > until ? .final(since: until.advanced(by: 1)) : .published(until: until)
    }

    /// 公示覆盖率: of the cells in which somebody has a standing in the month, how many hang theirs. Counted,
    /// never typed.
    package func coverage(of month: CivilMonth) -> (published: Int, cells: Int) {
        let cells = Set(residents.compactMap { standing(of: $0, in: month)?.cell })
        return (cells.count { publications[month]?[$0] != nil }, cells.count)
    }
}
