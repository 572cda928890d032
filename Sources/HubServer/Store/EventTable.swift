// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal
package import Sync

// Tables `event`, `cursor`, `aside` and `run`: what arrived, and up to where.

extension HubSession {
    /// Makes two hubs on one store take turns with one terminal until the transaction ends. Every write about
    /// a terminal's journal begins with it.
    package func holdTerminal(_ id: TerminalID) throws {
        try run("UPDATE terminal SET id = id WHERE id = ?", .id(id))
    }

    /// Up to where each stream of a terminal's journal is here without a gap.
    package func heads(of origin: TerminalID) throws -> [StreamHead] {
        try rows("SELECT stream, sequence, hash FROM cursor WHERE origin = ?", .id(origin)).compactMap {
            row in
            UInt8(exactly: row.int(0)).flatMap(Stream.init(rawValue:)).map {
                StreamHead(stream: $0, sequence: row.uint(1), hash: row.bytes(2))
            }
        }
    }

    package func setHead(_ head: StreamHead, of origin: TerminalID) throws {
        try run(
            """
            INSERT INTO cursor(origin, stream, sequence, hash) VALUES(?, ?, ?, ?)
            ON CONFLICT(origin, stream) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
            """, .id(origin), .int(head.stream.rawValue), .int(head.sequence), .bytes(head.hash))
    }

    /// The entries after a place in a stream, oldest first.
    package func events(
        of origin: TerminalID, _ stream: Stream, past sequence: UInt64, limit: Int
    ) throws -> [HubEvent] {
        try rows(
            """
            SELECT run, run_sequence, uptime_ns, wall_ms, uncertainty_ms, kind, standing, subject, payload,
                previous_hash, hash, received_ms, sequence
            FROM event WHERE origin = ? AND stream = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """, .id(origin), .int(stream.rawValue), .int(sequence), .int(limit)
        ).map { HubEvent(row: $0, origin: origin, stream: stream) }
    }

    /// The entries about one thing, whoever wrote them, by arrival.
    package func events(about subject: [UInt8], of origins: [TerminalID], _ stream: Stream) throws
        -> [HubEvent]
    {
        try origins.flatMap { origin in
            try rows(
                """
                SELECT run, run_sequence, uptime_ns, wall_ms, uncertainty_ms, kind, standing, subject,
                    payload, previous_hash, hash, received_ms, sequence
                FROM event WHERE origin = ? AND stream = ? AND subject = ? ORDER BY sequence
                """, .id(origin), .int(stream.rawValue), .bytes(subject)
            ).map { HubEvent(row: $0, origin: origin, stream: stream) }
        }.sorted { $0.receivedMs < $1.receivedMs }
    }

    /// The hash of one entry; nil when it is not here.
    package func hash(of origin: TerminalID, at cursor: SyncCursor) throws -> [UInt8]? {
        try row(
            "SELECT hash FROM event WHERE origin = ? AND stream = ? AND sequence = ?", .id(origin),
            .int(cursor.stream.rawValue), .int(cursor.sequence))?.bytes(0)
    }

    package func countEvents() throws -> Int { Int(try row("SELECT count(*) FROM event")?.int(0) ?? 0) }

    /// Keeps an entry that contradicts the record, for an inspector. A repeat is a no-op.
    package func putAside(_ entry: JournalEntry, of origin: TerminalID, receivedMs: Int64) throws {
        try run(
            """
            INSERT INTO aside(origin, stream, sequence, hash, entry, received_ms) VALUES(?, ?, ?, ?, ?, ?)
            ON CONFLICT(origin, stream, sequence, hash) DO NOTHING
            """, .id(origin), .int(entry.event.id.stream.rawValue), .int(entry.sequence),
            .bytes(entry.hash), .bytes(entry.event.payload), .int(receivedMs))
    }

    // MARK: Honest time

    package func honestTime(of origin: TerminalID) throws -> HonestTime {
        var time = HonestTime()
        for row in try rows(
            "SELECT boot, uptime_ns, wall_ms, uncertainty_ms FROM anchor WHERE origin = ? ORDER BY wall_ms",
            .id(origin))
        {
            guard let boot = BootID(row.text(0)) else { continue }
            time.learn(
                Moment(
                    uptime: Uptime(nanoseconds: row.uint(1)), wallMs: row.int(2),
                    uncertaintyMs: UInt32(truncatingIfNeeded: row.int(3))), of: boot)
        }
        return time
    }

    package func setHonestTime(_ time: HonestTime, of origin: TerminalID) throws {
        try run("DELETE FROM anchor WHERE origin = ?", .id(origin))
        for (boot, moment) in time.anchors {
            try run(
                """
                INSERT INTO anchor(origin, boot, uptime_ns, wall_ms, uncertainty_ms) VALUES(?, ?, ?, ?, ?)
                ON CONFLICT(origin, boot, uptime_ns) DO NOTHING
                """, .id(origin), .text("\(boot)"), .int(moment.uptime.nanoseconds), .int(moment.wallMs),
                .int(moment.uncertaintyMs))
        }
    }

    /// Which boot of the machine a run belongs to.
    package func putRun(_ run: UInt64, boot: String, of origin: TerminalID) throws {
        try self.run(
            "INSERT INTO run(origin, run, boot) VALUES(?, ?, ?) ON CONFLICT(origin, run) DO NOTHING",
            .id(origin), .int(run), .text(boot))
    }

    package func boot(of run: UInt64, of origin: TerminalID) throws -> BootID? {
        try row("SELECT boot FROM run WHERE origin = ? AND run = ?", .id(origin), .int(run)).flatMap {
            BootID($0.text(0))
        }
    }
}

extension HubEvent {
    fileprivate init(row: HubRow, origin: TerminalID, stream: Stream) {
        let event = JournalEvent(
            id: EventID(terminal: origin, stream: stream, run: row.uint(0), sequence: row.uint(1)),
            at: Moment(
                uptime: Uptime(nanoseconds: row.uint(2)), wallMs: row.int(3),
                uncertaintyMs: UInt32(truncatingIfNeeded: row.int(4))),
            kind: UInt16(truncatingIfNeeded: row.int(5)), subject: row.bytes(7), standing: row.bool(6),
            payload: row.bytes(8))
        self.init(
            entry: JournalEntry(
                event: event, sequence: row.uint(12), previousHash: row.bytes(9), hash: row.bytes(10)),
            receivedMs: row.int(11))
    }
}
