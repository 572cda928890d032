// SPDX-License-Identifier: Apache-2.0
package import Console
import ConsoleServer
import Facility

// What is known of equipment over time: tables `round` and `outage`.

extension HubSession {
    /// A round as it stands; written again with every change.
    package func put(_ round: RoundView) throws {
        try run(
            """
            INSERT INTO round(id, zone, begun_ms, body) VALUES(?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET body = excluded.body
            """, .text(round.id), .text(round.zone), .int(round.startedAt),
            .text(try JSONText.encode(round)))
    }

    package func round(_ id: String) throws -> RoundView? {
        try row("SELECT body FROM round WHERE id = ?", .text(id)).flatMap { RoundView(body: $0.text(0)) }
    }

    /// Begun within a time, the oldest first.
    package func rounds(from fromMs: Int64, to toMs: Int64) throws -> [RoundView] {
        try rows(
            "SELECT body FROM round WHERE begun_ms >= ? AND begun_ms < ? ORDER BY begun_ms", .int(fromMs),
            .int(toMs)
        ).compactMap { RoundView(body: $0.text(0)) }
    }

    // MARK: Silence of terminals

    package func note(_ change: ProofChange, atMs: Int64) throws {
        // Of a terminal below, this hub only knows whether word of it came; its own hub keeps its silences.
        let below = "SELECT 1 FROM terminal WHERE id = ? AND carrier IS NOT NULL"
        guard try row(below, .id(change.terminal)) == nil else { return }
        try holdTerminal(change.terminal)
        switch change.proof {
        case .lost:
            // Another hub on the store may have noticed it, too.
            let open = "SELECT 1 FROM outage WHERE terminal = ? AND to_ms IS NULL"
            guard try row(open, .id(change.terminal)) == nil else { return }
            try run(
                """
                INSERT INTO outage(terminal, from_ms, to_ms) VALUES(?, ?, NULL)
                ON CONFLICT(terminal, from_ms) DO NOTHING
                """, .id(change.terminal), .int(change.lastHeardAtMs ?? atMs))
        case .alive:
            try run(
                "UPDATE outage SET to_ms = ? WHERE terminal = ? AND to_ms IS NULL", .int(atMs),
                .id(change.terminal))
        case .late, .never: break
        }
    }

    /// Those that reach into a time.
    package func outages(from fromMs: Int64, to toMs: Int64) throws -> [EquipmentCertificate.Outage] {
        try rows(
            "SELECT terminal, from_ms, to_ms FROM outage WHERE from_ms < ? AND (to_ms IS NULL OR to_ms > ?)",
            .int(toMs), .int(fromMs)
        ).compactMap { row in
            row.id(0).map { .init(terminal: $0, fromMs: row.int(1), toMs: row.intOrNil(2)) }
        }
    }
}

extension RoundView {
    fileprivate init?(body: String) {
        guard let found = JSONText.decode(RoundView.self, from: body) else { return nil }
        self = found
    }
}
