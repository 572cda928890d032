// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
package import Facility

/// Whether each cell may be used: troubles of its alarm path cast doubt, an officer decides.
///
/// A value over `CellUse` values as the store has them, so hubs that share it agree. Any task. Always true:
/// what it says is written in the store before anybody is told; a cause stands as long as one open trouble
/// of that cause stands at the cell.
package struct UseDesk: Sendable {
    private let store: any HubStore
    private let places: HubPlaces

    package init(store: any HubStore, places: HubPlaces) {
        self.store = store
        self.places = places
    }

    /// Cells of hubs below are decided about there.
    private var cells: Set<TerminalID> {
        let terminals = places.site.terminals
        let below = Set(terminals.filter { $0.role == .hub }.map(\.zone))
        return Set(terminals.filter { $0.role == .cell && !below.contains($0.zone) }.map(\.id))
    }

    /// Nil: no cell of this hub's.
    package func use(of cell: TerminalID) async throws -> CellUse? {
        guard cells.contains(cell) else { return nil }
        return try await store.read { try $0.use(of: cell) }
    }

    /// Of every cell about which something was said.
    package func uses() async throws -> [TerminalID: Use] {
        let (store, cells) = (store, cells)
        return try await store.read { session in
            try session.uses().filter { cells.contains($0.key) }.reduce(into: [:]) { all, found in
                all[found.key] = CellUse(terminal: found.key, entries: found.value).use
            }
        }
    }

    /// Troubles that began or ended; which cells are seen otherwise now.
    package func see(_ alarms: [HubAlarm], now: Moment) async throws -> [TerminalID: Use] {
        let told = alarms.map(\.record).filter {
            $0.alarmClass == .trouble && cells.contains($0.point.terminal)
        }
        guard !told.isEmpty else { return [:] }
        return try await store.write { session in
            var changed: [TerminalID: Use] = [:]
            for cell in Set(told.map(\.point.terminal)).sorted() {
                try session.holdTerminal(cell)
                var use = try session.use(of: cell)
                let open = try session.openAlarms(at: cell).filter { $0.record.alarmClass == .trouble }
                for cause in told.filter({ $0.point.terminal == cell }).map(\.cause) {
                    let stands = open.contains { $0.record.cause == cause }
                    let entry = stands ? use.trouble(cause, now: now) : use.troubleEnded(cause, now: now)
                    guard let entry else { continue }
                    try session.append(entry, of: cell, who: "-")
                    changed[cell] = entry.use
                }
            }
            return changed
        }
    }

    package func decide(
        _ cell: TerminalID, isUsable: Bool, reason: String, by officer: OfficerID, who: String, now: Moment
    ) async throws -> CellUse.Entry {
        guard cells.contains(cell) else { throw ConsoleRefusal.notACell }
        return try await store.write { session in
            try session.holdTerminal(cell)
            var use = try session.use(of: cell)
            let entry = try use.decide(isUsable: isUsable, reason: reason, by: officer, now: now)
            try session.append(entry, of: cell, who: who)
            return entry
        }
    }
}
