// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Sync

/// One terminal as the hub lists it.
package struct HubTerminal: Hashable, Sendable {
    package var id: TerminalID
    package var title: String
    package var zone: ZoneID
    package var role: TerminalRole
    /// The machine's serial number, once it has joined.
    package var serial = ""
    package var generation: UInt64 = 0
    package var config: Int64 = 0
    /// The last request that it signed by its certificate; nil: never.
    package var proofMs: Int64?
    /// Two machines were seen under this name; stands until a technician revokes.
    package var clonedMs: Int64?
    /// The hub below that brings its records; nil: it speaks for itself.
    package var carrier: TerminalID?
    /// As it last said: entries that it has yet to send, ± of its clock (nil: never set), its program.
    package var behind: Int64 = 0
    package var clockUncertaintyMs: Int64?
    package var version = ""

    package init(id: TerminalID, title: String, zone: ZoneID, role: TerminalRole) {
        self.id = id
        self.title = title
        self.zone = zone
        self.role = role
    }
}

// Tables `terminal`, `zone`, `join_code`, `certificate` and `setting`.

extension HubSession {
    /// The site as it is now: what it does not name is no longer listed, and may not sync.
    package func setSite(_ site: Site, zoneTitles: [ZoneID: String] = [:]) throws {
        try setSetting("facility", site.name)
        for table in ["zone", "officer", "ring"] { try run("DELETE FROM \(table)") }
        for (zone, title) in zoneTitles {
            try run("INSERT INTO zone(id, title) VALUES(?, ?)", .id(zone), .text(title))
        }
        for officer in site.officers {
            try run("INSERT INTO officer(id, name) VALUES(?, ?)", .id(officer.id), .text(officer.name))
        }
        for (zone, rings) in site.rings {
            for (number, posts) in rings.enumerated() {
                for post in posts {
                    try run(
                        "INSERT INTO ring(zone, number, post) VALUES(?, ?, ?)", .id(zone), .int(number),
                        .id(post))
                }
            }
        }
        try run(
            "UPDATE terminal SET listed = 0 WHERE carrier IS NULL AND role <> ?",
            .int(TerminalRole.hub.rawValue))
        for (ordinal, terminal) in site.terminals.enumerated() {
            try run(
                """
                INSERT INTO terminal(id, ordinal, title, zone, role, serial, boots, generation, config,
                    listed)
                VALUES(?, ?, ?, ?, ?, '', '', 0, 0, 1)
                ON CONFLICT(id) DO UPDATE SET ordinal = excluded.ordinal, title = excluded.title,
                    zone = excluded.zone, role = excluded.role, listed = 1, carrier = NULL
                """, .id(terminal.id), .int(ordinal), .text(terminal.title), .id(terminal.zone),
                .int(terminal.role.rawValue))
        }
    }

    /// The site as far as a hub needs it: no addresses, no keys.
    package func site() throws -> (site: Site, zoneTitles: [ZoneID: String]) {
        var titles: [ZoneID: String] = [:]
        for row in try rows("SELECT id, title FROM zone") {
            if let id: ZoneID = row.id(0) { titles[id] = row.text(1) }
        }
        let listed = try terminals()
        for hub in listed where hub.role == .hub { titles[hub.zone] = hub.title }
        var rings: [ZoneID: [[TerminalID]]] = [:]
        for row in try rows("SELECT zone, number, post FROM ring ORDER BY zone, number, post") {
            guard let zone: ZoneID = row.id(0), let post: TerminalID = row.id(2) else { continue }
            while rings[zone, default: []].count <= Int(row.int(1)) { rings[zone, default: []].append([]) }
            rings[zone]?[Int(row.int(1))].append(post)
        }
        let officers = try rows("SELECT id, name FROM officer ORDER BY id").compactMap { row in
            row.id(0).map { Officer(id: $0, name: row.text(1)) }
        }
        let terminals = listed.map {
            Terminal(
                id: $0.id, role: $0.role, zone: $0.zone, title: $0.title, address: 0, port: 0, publicKey: [])
        }
        let site = Site(
            name: try setting("facility") ?? "", terminals: terminals, rings: rings,
            ladderMs: Limits.ladderDefaultMs, officers: officers)
        return (site, titles)
    }

    package func terminals() throws -> [HubTerminal] {
        try rows(
            """
            SELECT id, title, zone, role, serial, generation, config, proof_ms, cloned_ms, carrier, behind,
                clock_ms, version
            FROM terminal WHERE listed = 1 ORDER BY ordinal
            """
        ).compactMap { row in
            guard let id: TerminalID = row.id(0), let zone: ZoneID = row.id(2),
                let role = UInt8(exactly: row.int(3)).flatMap(TerminalRole.init)
            else { return nil }
            var terminal = HubTerminal(id: id, title: row.text(1), zone: zone, role: role)
            terminal.serial = row.text(4)
            terminal.generation = row.uint(5)
            terminal.config = row.int(6)
            terminal.proofMs = row.intOrNil(7)
            terminal.clonedMs = row.intOrNil(8)
            terminal.carrier = row.id(9)
            terminal.behind = row.int(10)
            terminal.clockUncertaintyMs = row.intOrNil(11)
            terminal.version = row.text(12)
            return terminal
        }
    }

    /// It spoke then; its uptime was that. As the hub below tells of its own.
    package func setProof(of id: TerminalID, atMs: Int64, uptime: Uptime, generation: UInt64) throws {
        try run(
            "UPDATE terminal SET proof_ms = ?, uptime_ns = ?, generation = ? WHERE id = ?", .int(atMs),
            .int(uptime.nanoseconds), .int(generation), .id(id))
    }

    /// It spoke, and said how it is. `behind`: what it had and the hub had not, after what came with it.
    package func setProof(of id: TerminalID, atMs: Int64, hello: SyncHello, behind: Int64) throws {
        let isSet = hello.at.uncertaintyMs != Limits.wallUnknownMs
        try run(
            """
            UPDATE terminal SET proof_ms = ?, uptime_ns = ?, generation = ?, behind = ?, clock_ms = ?,
                version = ?
            WHERE id = ?
            """, .int(atMs), .int(hello.at.uptime.nanoseconds), .int(hello.generation), .int(behind),
            .int(orNull: isSet ? Int64(hello.at.uncertaintyMs) : nil), .text(hello.version), .id(id))
    }

    /// The boots that spoke lately, the last one last.
    package func boots(of id: TerminalID) throws -> [BootID] {
        let text = try row("SELECT boots FROM terminal WHERE id = ?", .id(id))?.text(0) ?? ""
        return text.split(separator: " ").compactMap { BootID($0) }
    }

    package func setBoots(_ boots: [BootID], of id: TerminalID) throws {
        let text = boots.map(\.description).joined(separator: " ")
        try run("UPDATE terminal SET boots = ? WHERE id = ?", .text(text), .id(id))
    }

    package func setCloned(_ id: TerminalID, atMs: Int64?) throws {
        try run("UPDATE terminal SET cloned_ms = ? WHERE id = ?", .int(orNull: atMs), .id(id))
    }

    // MARK: Join codes, kept as hashes

    package func putJoinCode(_ hash: [UInt8], terminal: TerminalID, serial: String?, expiresMs: Int64) throws
    {
        try run(
            "INSERT INTO join_code(code, terminal, serial, expires_ms) VALUES(?, ?, ?, ?)", .bytes(hash),
            .id(terminal),
            .text(orNull: serial), .int(expiresMs))
    }

    /// What is kept of the codes that are unused and in time.
    package func openJoinCodes(nowMs: Int64) throws -> [[UInt8]] {
        try rows("SELECT code FROM join_code WHERE used_ms IS NULL AND expires_ms > ?", .int(nowMs)).map {
            $0.bytes(0)
        }
    }

    /// Takes a code so that nobody can take it again; nil when there is none that is unused, in time, for
    /// this machine and for a terminal that the site lists.
    package func takeJoinCode(_ hash: [UInt8], serial: String, nowMs: Int64) throws -> TerminalID? {
        let taken = try rows(
            """
            UPDATE join_code SET used_ms = ?
            WHERE code = ? AND used_ms IS NULL AND expires_ms > ? AND (serial IS NULL OR serial = ?)
                AND terminal IN (SELECT id FROM terminal WHERE listed = 1)
            RETURNING terminal
            """, .int(nowMs), .bytes(hash), .int(nowMs), .text(serial))
        return taken.first?.id(0)
    }

    package func setSerial(_ serial: String, of id: TerminalID) throws {
        try run("UPDATE terminal SET serial = ? WHERE id = ?", .text(serial), .id(id))
    }

    // MARK: Certificates

    package func putCertificate(serial: String, terminal: TerminalID, notAfterMs: Int64) throws {
        try run(
            "INSERT INTO certificate(serial, terminal, not_after_ms) VALUES(?, ?, ?)", .text(serial),
            .id(terminal),
            .int(notAfterMs))
    }

    /// Every certificate of a terminal that is still good; their serial numbers.
    package func revokeCertificates(of terminal: TerminalID, atMs: Int64) throws -> [String] {
        try rows(
            """
            UPDATE certificate SET revoked_ms = ?
            WHERE terminal = ? AND (revoked_ms IS NULL OR revoked_ms > ?)
            RETURNING serial
            """,
            .int(atMs), .id(terminal), .int(atMs)
        ).map { $0.text(0) }
    }

    /// The certificates before a renewed one end when the overlap does.
    package func supersede(by serial: String, of terminal: TerminalID, atMs: Int64) throws -> [String] {
        try rows(
            """
            UPDATE certificate SET revoked_ms = ? WHERE terminal = ? AND serial <> ? AND revoked_ms IS NULL
            RETURNING serial
            """, .int(atMs), .id(terminal), .text(serial)
        ).map { $0.text(0) }
    }

    /// Serial → from when on it is refused.
    package func revocations() throws -> [String: Int64] {
        let rows = try rows("SELECT serial, revoked_ms FROM certificate WHERE revoked_ms IS NOT NULL")
        return Dictionary(rows.map { ($0.text(0), $0.int(1)) }) { min($0, $1) }
    }

    /// Until when the newest certificate of each terminal is good.
    package func certificatesUntil() throws -> [TerminalID: Int64] {
        let rows = try rows(
            "SELECT terminal, max(not_after_ms) FROM certificate WHERE revoked_ms IS NULL GROUP BY terminal")
        var until: [TerminalID: Int64] = [:]
        for row in rows { if let id: TerminalID = row.id(0) { until[id] = row.int(1) } }
        return until
    }

    package func isIssued(_ serial: String, to terminal: TerminalID) throws -> Bool {
        try row("SELECT 1 FROM certificate WHERE serial = ? AND terminal = ?", .text(serial), .id(terminal))
            != nil
    }

    // MARK: Settings

    package func setting(_ name: String) throws -> String? {
        try row("SELECT value FROM setting WHERE name = ?", .text(name))?.text(0)
    }

    package func setSetting(_ name: String, _ value: String) throws {
        try run(
            """
            INSERT INTO setting(name, value) VALUES(?, ?)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value
            """, .text(name), .text(value))
    }
}
