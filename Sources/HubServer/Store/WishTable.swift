// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
package import Facility

// What people decided beside alarms: tables `cell_use` and `shelf`.

extension HubSession {
    /// Two entries within one millisecond both stay: the later one moves on by one.
    package func append(_ entry: CellUse.Entry, of cell: TerminalID, who: String) throws {
        let last = try row("SELECT max(at_ms) FROM cell_use WHERE terminal = ?", .id(cell))?.intOrNil(0)
        try run(
            """
            INSERT INTO cell_use(terminal, at_ms, state, reason, who, ground, causes, officer)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?)
            """, .id(cell), .int(max(entry.atMs, (last ?? 0) + 1)),
            .text(entry.use.rawValue), .text(entry.reason), .text(who), .text(entry.ground.rawValue),
            .text(entry.causes.map { "\($0.rawValue)" }.joined(separator: " ")),
            .text(orNull: entry.officer?.text))
    }

    /// Of every cell, the oldest first.
    package func uses() throws -> [TerminalID: [CellUse.Entry]] {
        var all: [TerminalID: [CellUse.Entry]] = [:]
        for row in try rows("SELECT \(Self.useColumns) FROM cell_use ORDER BY at_ms") {
            if let cell: TerminalID = row.id(0), let entry = CellUse.Entry(row: row) {
                all[cell, default: []].append(entry)
            }
        }
        return all
    }

    package func use(of cell: TerminalID) throws -> CellUse {
        let rows = try rows(
            "SELECT \(Self.useColumns) FROM cell_use WHERE terminal = ? ORDER BY at_ms", .id(cell))
        return CellUse(terminal: cell, entries: rows.compactMap(CellUse.Entry.init))
    }

    /// Entries are only added, so their count tells whether there is something new.
    package func countUses() throws -> Int64 { try row("SELECT count(*) FROM cell_use")?.int(0) ?? 0 }

    private static var useColumns: String { "terminal, at_ms, state, reason, ground, causes, officer" }

    // MARK: Shelved lines

    package func shelve(_ key: String, untilMs: Int64, reason: String, who: String, atMs: Int64) throws {
        try run(
            """
            INSERT INTO shelf(key, until_ms, reason, who, at_ms) VALUES(?, ?, ?, ?, ?)
            ON CONFLICT(key, at_ms) DO UPDATE SET until_ms = excluded.until_ms, reason = excluded.reason
            """, .text(key), .int(untilMs), .text(reason), .text(who), .int(atMs))
    }

    package func unshelve(_ key: String, atMs: Int64) throws {
        try run(
            "UPDATE shelf SET until_ms = ? WHERE key = ? AND until_ms > ?", .int(atMs), .text(key),
            .int(atMs))
    }

    /// What is shelved now: of each line the word that was said last. `who` is an officer's number.
    package func shelves(now: Moment) throws -> [AlarmShelf.Entry] {
        var latest: [FloodKey: AlarmShelf.Entry] = [:]
        let rows = try rows(
            "SELECT key, until_ms, reason, who FROM shelf WHERE until_ms > ? ORDER BY at_ms",
            .int(now.wallMs))
        for row in rows {
            guard let key = FloodKey(row.text(0)), let by: OfficerID = row.id(3) else { continue }
            latest[key] = AlarmShelf.Entry(
                key: key, untilMs: row.int(1), by: by, reason: row.text(2), now: now)
        }
        return Array(latest.values)
    }
}

extension CellUse.Entry {
    fileprivate init?(row: HubRow) {
        guard let use = Use(rawValue: row.text(2)) else { return nil }
        let causes = row.text(5).split(separator: " ").compactMap { UInt8($0) }
        self.init(
            atMs: row.int(1), use: use, ground: CellUse.Ground(rawValue: row.text(4)) ?? .officer,
            causes: causes.compactMap(AlarmCause.init(rawValue:)), officer: row.id(6), reason: row.text(3))
    }
}
