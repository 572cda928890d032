// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
package import Facility

/// Whether each cell may be used: troubles of its alarm path cast doubt, an officer decides.
///
/// An actor over `CellUse` values. Always true: what it says is written in the store before anybody is told;
/// a cause stands as long as one open trouble of that cause stands at the cell.
package actor UseDesk {
    private let store: any HubStore
    private let book: PlaceBook
    private var cells: [TerminalID: CellUse] = [:]
    private var open: [TerminalID: [AlarmCause: Set<EventID>]] = [:]

    package init(store: any HubStore, book: PlaceBook, entries: [TerminalID: [CellUse.Entry]]) {
        self.store = store
        self.book = book
        for place in book.places where place.role == .cell {
            cells[place.id] = CellUse(terminal: place.id, entries: entries[place.id] ?? [])
        }
    }

    package func use(of cell: TerminalID) -> CellUse? { cells[cell] }
    package var uses: [TerminalID: Use] { cells.mapValues(\.use) }

    /// Troubles that began or ended; which cells are seen otherwise now.
    package func see(_ alarms: [HubAlarm], now: Moment) async throws -> [TerminalID: Use] {
        var entries: [(TerminalID, CellUse.Entry)] = []
        for alarm in alarms where alarm.record.alarmClass == .trouble {
            let (terminal, cause) = (alarm.record.point.terminal, alarm.record.cause)
            guard cells[terminal] != nil else { continue }
            if alarm.record.isOpen {
                open[terminal, default: [:]][cause, default: []].insert(alarm.record.id)
                if let entry = cells[terminal]?.trouble(cause, now: now) { entries.append((terminal, entry)) }
            } else {
                open[terminal]?[cause]?.remove(alarm.record.id)
                guard open[terminal]?[cause]?.isEmpty != false else { continue }
                if let entry = cells[terminal]?.troubleEnded(cause, now: now) {
                    entries.append((terminal, entry))
                }
            }
        }
        guard !entries.isEmpty else { return [:] }
        let written = entries
        try await store.write { session in
            for (cell, entry) in written { try session.append(entry, of: cell, who: "-") }
        }
        return Dictionary(written.map { ($0.0, $0.1.use) }) { $1 }
    }

    package func decide(
        _ cell: TerminalID, isUsable: Bool, reason: String, by officer: OfficerID, who: String, now: Moment
    ) async throws -> CellUse.Entry {
        guard var decided = cells[cell] else { throw ConsoleRefusal.notACell }
        let entry = try decided.decide(isUsable: isUsable, reason: reason, by: officer, now: now)
        try await store.write { try $0.append(entry, of: cell, who: who) }
        // A trouble may have come while it was written; it is kept.
        _ = try cells[cell]?.decide(isUsable: isUsable, reason: reason, by: officer, now: now)
        return entry
    }
}
