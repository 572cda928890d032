// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 监室评比: the cells of a month, best first, each with its sum. A value; any thread.
package struct CellRanking: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package var cell: ZoneID
        /// Equal points, equal place.
        package var place: Int
        package var base: Points
        /// Items of the cell: entry and what of it counts.
        package var items: [(id: EventID, points: Points)]
        /// People whose month was spent here, and the share of their mean that counts.
        package var peopleCount: Int
        package var peopleShare: Points

        package var total: Points { items.reduce(base + peopleShare) { $0 + $1.points } }

        package static func == (a: Self, b: Self) -> Bool { a.text == b.text }
        package func hash(into hasher: inout Hasher) { hasher.combine(text) }

        package var text: String {
            let items = items.map { "\($0.id) \($0.points)" }.joined(separator: ", ")
            return "\(place) \(cell) \(total) = \(base) + \(peopleShare) of \(peopleCount) + [\(items)]"
        }
    }

    package var month: CivilMonth
    package var rows: [Row]
    package var text: String { (["ranking \(month)"] + rows.map(\.text)).joined(separator: "\n") + "\n" }
}

extension ConductLedger {
    /// nil: the pack of the month has no contest. `people`: their standings, where they are known already.
    package func ranking(in month: CivilMonth, people: [Standing]? = nil) -> CellRanking? {
        guard let pack = pack(on: month.last), let contest = pack.contest else { return nil }
        let standings = people ?? residents.compactMap { standing(of: $0, in: month) }
        var cells: [ZoneID: CellRanking.Row] = [:]
        let empty = { (cell: ZoneID) in
            CellRanking.Row(
                cell: cell, place: 0, base: contest.base, items: [], peopleCount: 0, peopleShare: .zero)
        }
        for (cell, theirs) in Dictionary(grouping: standings, by: \.cell) {
            var row = empty(cell)
            row.peopleCount = theirs.count
            let sum = theirs.reduce(Points.zero) { $0 + $1.total }
            row.peopleShare = sum.share(contest.meanPercent, of: 100 * Int64(theirs.count))
            cells[cell] = row
        }
        for case (.cell(let cell), let ids) in scoresOf {
            for id in ids {
                guard let posted = scores[id], let entry = score(id) else { continue }
                for (points, place) in moves(of: posted, entry) where place == month {
                    cells[cell, default: empty(cell)].items.append((id, points))
                }
            }
        }
        var rows = cells.values.map { row -> CellRanking.Row in
            var row = row
            row.items.sort { a, b in a.id == b.id ? a.points < b.points : a.id.isBefore(b.id) }
            return row
        }
        rows.sort { a, b in a.total == b.total ? a.cell < b.cell : a.total > b.total }
        for index in rows.indices {
            let isEqual = index > 0 && rows[index - 1].total == rows[index].total
            rows[index].place = isEqual ? rows[index - 1].place : index + 1
        }
        return CellRanking(month: month, rows: rows)
    }

    /// What an entry of a cell moves, and in which month: its points, and, when it was reversed after the
    /// month was closed, as much back later.
    private func moves(of posted: PostedEntry, _ entry: LedgerEntry) -> [(Points, CivilMonth)] {
        let month = month(of: posted, day: entry.day)
        guard let (reversing, reversal) = reversal(of: posted.id) else { return [(entry.points, month)] }
        guard let close = close(of: month), !close.has(reversing) else { return [] }
        let day = max(reversal.day, month.advanced(by: 1).first)
        return [(entry.points, month), (-entry.points, self.month(of: reversing, day: day))]
    }
}
