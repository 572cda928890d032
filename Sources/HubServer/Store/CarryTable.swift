// SPDX-License-Identifier: Apache-2.0
package import Facility
import Journal
import Sync

// Hubs below: a hub is a terminal whose role is `hub`; `terminal.carrier` says whose records it may bring.

/// A terminal as a hub tells the one above of it.
struct CarriedTerminal: Hashable, Sendable {
    var id: TerminalID
    var proofMs: Int64?
    var uptime: Uptime?
    var generation: UInt64
}

extension HubSession {
    /// A facility's hub and its terminals, by the file of its site, as it is now. All of them are one zone
    /// here, the facility. Refused when somebody else has one of the names.
    package func setBelow(_ hub: TerminalID, _ site: Site) throws {
        guard let zone = ZoneID(hub.text) else { return }
        for name in [hub] + site.terminals.map(\.id) {
            let found = try row("SELECT carrier, role FROM terminal WHERE id = ? AND listed = 1", .id(name))
            guard let found else { continue }
            let isHub = name == hub && found.int(1) == Int64(TerminalRole.hub.rawValue)
            guard isHub || found.textOrNil(0) == hub.text else {
                throw Fault(
                    "list below", at: name.text, cause: "this name is another's here already",
                    hint: "A terminal's name is one of all below a hub: put the facility before it.")
            }
        }
        try run("UPDATE terminal SET listed = 0 WHERE carrier = ?", .id(hub))
        try list(hub, site.name, zone, .hub, ordinal: 0, carrier: nil)
        for (ordinal, terminal) in site.terminals.enumerated() {
            try list(terminal.id, terminal.title, zone, terminal.role, ordinal: ordinal + 1, carrier: hub)
        }
    }

    private func list(
        _ id: TerminalID, _ title: String, _ zone: ZoneID, _ role: TerminalRole, ordinal: Int,
        carrier: TerminalID?
    ) throws {
        try run(
            """
            INSERT INTO terminal(id, ordinal, title, zone, role, serial, boots, generation, config, listed,
                carrier)
            VALUES(?, ?, ?, ?, ?, '', '', 0, 0, 1, ?)
            ON CONFLICT(id) DO UPDATE SET ordinal = excluded.ordinal, title = excluded.title,
                zone = excluded.zone, role = excluded.role, listed = 1, carrier = excluded.carrier
            """, .id(id), .int(ordinal), .text(title), .id(zone), .int(role.rawValue),
            .text(orNull: carrier?.text))
    }

    /// How far each stream of these terminals is here; one without any has an empty list.
    package func cursors(of terminals: [TerminalID]) throws -> [TerminalID: [Stream: UInt64]] {
        guard !terminals.isEmpty else { return [:] }
        var cursors = Dictionary(terminals.map { ($0, [Stream: UInt64]()) }) { first, _ in first }
        let marks = repeatElement("?", count: terminals.count).joined(separator: ", ")
        let rows = try rows(
            "SELECT origin, stream, sequence FROM cursor WHERE origin IN (\(marks))",
            terminals.map(HubValue.id))
        for row in rows {
            guard let origin: TerminalID = row.id(0),
                let stream = UInt8(exactly: row.int(1)).flatMap(Stream.init(rawValue:))
            else { continue }
            cursors[origin]?[stream] = row.uint(2)
        }
        return cursors
    }

    // MARK: For the hub above

    /// Everybody whose records are here.
    func carriedTerminals() throws -> [CarriedTerminal] {
        try rows(
            """
            SELECT id, proof_ms, uptime_ns, generation FROM terminal WHERE listed = 1 AND role <> ?
            ORDER BY id
            """, .int(TerminalRole.hub.rawValue)
        ).compactMap { row in
            row.id(0).map {
                CarriedTerminal(
                    id: $0, proofMs: row.intOrNil(1),
                    uptime: row.intOrNil(2).map { Uptime(nanoseconds: UInt64(bitPattern: $0)) },
                    generation: row.uint(3))
            }
        }
    }

    /// What the terminal itself would say of its boot and its clock now: its uptime runs on from its last
    /// proof of life. Of one that is silent for long nobody knows; its entries are then judged by their time.
    func hello(of id: TerminalID, now: Moment) throws -> SyncHello {
        let row = try row("SELECT proof_ms, uptime_ns, generation FROM terminal WHERE id = ?", .id(id))
        let sinceMs = row?.intOrNil(0).map { now.wallMs - $0 } ?? .max
        let isKnown = row?.intOrNil(1) != nil && abs(sinceMs) < Int64(Limits.historyAfterMs)
        let uptime = Uptime(nanoseconds: row?.uint(1) ?? 0)
        return SyncHello(
            boot: isKnown ? try boots(of: id).last : nil,
            at: Moment(
                uptime: isKnown ? uptime.advanced(ms: Int(max(0, sinceMs))) : uptime, wallMs: now.wallMs,
                uncertaintyMs: Limits.wallUnknownMs),
            generation: row?.uint(2) ?? 0, heads: SyncHeads(try heads(of: id)))
    }
}
