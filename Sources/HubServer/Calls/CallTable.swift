// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Recordings
import Sync

// Entries of the streams `call` → tables `call_leg` (one call, as one terminal tells it) and `recording`. A
// projection: the entries themselves stand in `event`, with their chain.

extension HubSchema {
    /// Made at each start where they are missing, as the tables of what goes down.
    static let calls = [
        """
        CREATE TABLE IF NOT EXISTS call_leg(
            id TEXT NOT NULL, origin TEXT NOT NULL, is_own BIGINT NOT NULL, at_ms BIGINT NOT NULL,
            uncertainty_ms BIGINT NOT NULL, answered_ms BIGINT, ended_ms BIGINT, party TEXT NOT NULL,
            urgency TEXT NOT NULL, mode TEXT NOT NULL, alarm TEXT NOT NULL, officer TEXT NOT NULL,
            second TEXT NOT NULL, reason TEXT NOT NULL, why TEXT NOT NULL, unrecorded TEXT NOT NULL,
            PRIMARY KEY(id, origin))
        """,
        "CREATE INDEX IF NOT EXISTS call_by_time ON call_leg(at_ms)",
        "CREATE INDEX IF NOT EXISTS call_by_alarm ON call_leg(alarm)",
        """
        CREATE TABLE IF NOT EXISTS recording(
            origin TEXT NOT NULL, name TEXT NOT NULL, call TEXT NOT NULL, sha256 TEXT NOT NULL,
            size BIGINT NOT NULL, length_ms BIGINT NOT NULL, chain TEXT NOT NULL, key TEXT NOT NULL,
            is_cut BIGINT NOT NULL, quality TEXT NOT NULL, stored_ms BIGINT, removed_ms BIGINT,
            PRIMARY KEY(origin, name))
        """,
        "CREATE INDEX IF NOT EXISTS recording_by_call ON recording(call)",
        "CREATE INDEX IF NOT EXISTS recording_by_hash ON recording(sha256)",
    ]
}

/// One row of `call_leg`.
struct CallLegRow: Hashable, Sendable {
    var id: CallID
    var origin: TerminalID
    var atMs: Int64
    var uncertaintyMs: UInt32
    var answeredMs: Int64?
    var endedMs: Int64?
    var party = ""
    var urgency = ""
    var mode = ""
    var alarm = ""
    var officer = ""
    var second = ""
    var reason = ""
    var why = ""
    var unrecorded = ""

    init(id: CallID, origin: TerminalID, at wall: HonestWall) {
        (self.id, self.origin) = (id, origin)
        (atMs, uncertaintyMs) = (wall.wallMs, wall.uncertaintyMs)
    }

    /// What one entry adds. What is known stays where the entry is silent.
    mutating func take(_ entry: CallEntry, atMs: Int64) {
        func word(_ name: String, _ known: String) -> String {
            entry[name].map { String(decoding: $0.utf8.prefix(Limits.wordsMaxBytes), as: UTF8.self) } ?? known
        }
        urgency = word("urgency", urgency)
        mode = word("mode", mode)
        alarm = word("alarm", alarm)
        officer = word("officer", officer)
        second = word("second", second)
        reason = word("reason", reason)
        switch entry["step"] {
        case "answered", "gateOpened":
            party = word("with", party)
            answeredMs = answeredMs ?? atMs
        case "ended":
            endedMs = atMs
            why = word("why", why)
        case "unrecorded": unrecorded = word("why", unrecorded)
        case _: if party.isEmpty { party = word("with", party) }
        }
    }

    static let columns = """
        id, origin, at_ms, uncertainty_ms, answered_ms, ended_ms, party, urgency, mode, alarm, officer,
        second, reason, why, unrecorded
        """

    init?(_ row: HubRow) {
        guard let id = CallID(row.text(0)), let origin: TerminalID = row.id(1) else { return nil }
        let wall = HonestWall(wallMs: row.int(2), uncertaintyMs: UInt32(truncatingIfNeeded: row.int(3)))
        self.init(id: id, origin: origin, at: wall)
        (answeredMs, endedMs) = (row.intOrNil(4), row.intOrNil(5))
        (party, urgency, mode, alarm) = (row.text(6), row.text(7), row.text(8), row.text(9))
        (officer, second, reason) = (row.text(10), row.text(11), row.text(12))
        (why, unrecorded) = (row.text(13), row.text(14))
    }
}

/// What calls are asked for.
struct CallQuery: Sendable {
    var span: Range<Int64> = 0..<Int64.max
    var alarm: String?
    /// Nil: all.
    var origins: [TerminalID]?
    /// Go on after this one of the page before.
    var after: (atMs: Int64, id: String, origin: String)?
    var limit = Limits.listPageCount
}

extension HubSession {
    /// Inside the transaction that takes the entries. What is none of ours is in the record all the same.
    func fold(calls accepted: [AcceptedEvent], hello: SyncHello, time: HonestTime, now: Moment) throws {
        for event in accepted where event.event.id.stream == .call {
            guard let entry = CallEntry(event.event.entry.event.payload), let call = entry.call else {
                continue
            }
            let origin = event.event.entry.event.id.terminal
            let wall = PanelAct.happened(event.event, hello: hello, time: time, now: now)
            if entry["step"] == "recorded", let sealed = SealedRecording(entry) {
                try put(sealed, of: origin, quality: CallEntry.quality(entry))
            }
            if entry["step"] == "removed", let file = entry["file"] {
                try run(
                    "UPDATE recording SET removed_ms = ? WHERE origin = ? AND name = ?", .int(wall.wallMs),
                    .id(origin), .text(file))
                continue
            }
            var leg = try self.leg(call, of: origin) ?? CallLegRow(id: call, origin: origin, at: wall)
            leg.take(entry, atMs: wall.wallMs)
            try put(leg)
        }
    }

    func leg(_ call: CallID, of origin: TerminalID) throws -> CallLegRow? {
        try row(
            "SELECT \(CallLegRow.columns) FROM call_leg WHERE id = ? AND origin = ?", .text(call.description),
            .id(origin)
        ).flatMap { CallLegRow($0) }
    }

    private func put(_ leg: CallLegRow) throws {
        try run(
            "DELETE FROM call_leg WHERE id = ? AND origin = ?", .text(leg.id.description), .id(leg.origin))
        try run(
            """
            INSERT INTO call_leg(\(CallLegRow.columns), is_own)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .text(leg.id.description), .id(leg.origin), .int(leg.atMs), .int(leg.uncertaintyMs),
            .int(orNull: leg.answeredMs), .int(orNull: leg.endedMs), .text(leg.party), .text(leg.urgency),
            .text(leg.mode), .text(leg.alarm), .text(leg.officer), .text(leg.second), .text(leg.reason),
            .text(leg.why), .text(leg.unrecorded), .bool(leg.id.terminal == leg.origin))
    }

    /// Newest first; each call once, as the terminal tells it that made it, where that one tells of it.
    func calls(_ query: CallQuery) throws -> [CallLegRow] {
        var sql = """
            SELECT \(CallLegRow.columns) FROM call_leg WHERE at_ms >= ? AND at_ms < ?
            AND (is_own = 1 OR NOT EXISTS(
                SELECT 1 FROM call_leg own WHERE own.id = call_leg.id AND own.is_own = 1))
            """
        var values: [HubValue] = [.int(query.span.lowerBound), .int(query.span.upperBound)]
        if let alarm = query.alarm {
            sql += " AND alarm = ?"
            values.append(.text(alarm))
        }
        if let origins = query.origins {
            guard !origins.isEmpty else { return [] }
            sql += " AND origin IN (\(repeatElement("?", count: origins.count).joined(separator: ", ")))"
            values += origins.map { .id($0) }
        }
        if let after = query.after {
            sql += " AND (at_ms < ? OR (at_ms = ? AND (id < ? OR (id = ? AND origin < ?))))"
            values += [
                .int(after.atMs), .int(after.atMs), .text(after.id), .text(after.id), .text(after.origin),
            ]
        }
        sql += " ORDER BY at_ms DESC, id DESC, origin DESC LIMIT ?"
        values.append(.int(query.limit))
        return try rows(sql, values).compactMap { CallLegRow($0) }
    }
}

extension CallEntry {
    /// The words of a recording that say how the voice was: `loss=3 jitter=1.2 …`.
    static func quality(_ entry: CallEntry) -> String {
        let about: Set = ["call", "step", "file", "bytes", "sha256", "chain", "key", "ms", "end"]
        return entry.words.filter { !about.contains($0.name) && Double($0.value) != nil }
            .prefix(Limits.callEntryWordsCount).map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
}
