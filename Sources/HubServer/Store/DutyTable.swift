// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
package import Facility
import Journal
import Sync

// Entries of the streams `duty` → table `duty_act`: what was done at posts' own panels. A projection: the
// entries themselves stand in `event`, with their chain.

/// What acts are asked for.
package struct ActQuery: Sendable {
    package var span: Range<Int64>
    /// Nil: of everybody.
    package var officer: OfficerID?
    /// Go on after this one of the page before.
    package var after: (atMs: Int64, origin: String, sequence: Int64)?
    package var limit: Int

    package init(_ span: Range<Int64>, limit: Int) {
        self.span = span
        self.limit = limit
    }
}

/// One row of it.
package struct PanelAct: Hashable, Sendable {
    package var origin: TerminalID
    package var sequence: UInt64
    package var atMs: Int64
    package var uncertaintyMs: UInt32
    package var who: String
    package var what: String
    package var subject: String
    package var outcome: String

    /// Goes on after this one.
    package var cursor: String { "\(atMs) \(origin) \(Int64(bitPattern: sequence))" }
}

extension HubSession {
    /// Inside the transaction that takes the entries. What is none of ours is in the record all the same.
    func fold(acts accepted: [AcceptedEvent], hello: SyncHello, time: HonestTime, now: Moment) throws {
        for event in accepted where event.event.id.stream == .duty {
            guard let act = PanelAct(event.event, hello: hello, time: time, now: now) else { continue }
            try run(
                """
                INSERT INTO duty_act(origin, sequence, at_ms, uncertainty_ms, who, what, subject, outcome)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(origin, sequence) DO NOTHING
                """, .id(act.origin), .int(act.sequence), .int(act.atMs), .int(act.uncertaintyMs),
                .text(act.who), .text(act.what), .text(act.subject), .text(act.outcome))
        }
    }

    /// Newest first.
    package func acts(_ query: ActQuery) throws -> [PanelAct] {
        var sql = """
            SELECT origin, sequence, at_ms, uncertainty_ms, who, what, subject, outcome FROM duty_act
            WHERE at_ms >= ? AND at_ms < ?
            """
        var values: [HubValue] = [.int(query.span.lowerBound), .int(query.span.upperBound)]
        if let officer = query.officer {
            sql += " AND who = ?"
            values.append(.id(officer))
        }
        if let after = query.after {
            sql += " AND (at_ms < ? OR (at_ms = ? AND (origin < ? OR (origin = ? AND sequence < ?))))"
            values += [
                .int(after.atMs), .int(after.atMs), .text(after.origin), .text(after.origin),
                .int(after.sequence),
            ]
        }
        sql += " ORDER BY at_ms DESC, origin DESC, sequence DESC LIMIT ?"
        values.append(.int(query.limit))
        return try rows(sql, values).compactMap { row in
            row.id(0).map { origin in
                PanelAct(
                    origin: origin, sequence: row.uint(1), atMs: row.int(2),
                    uncertaintyMs: UInt32(truncatingIfNeeded: row.int(3)), who: row.text(4),
                    what: row.text(5), subject: row.text(6), outcome: row.text(7))
            }
        }
    }
}

extension PanelAct {
    /// As `PanelRecord` writes it; nil for anything else.
    fileprivate init?(_ event: SyncEvent, hello: SyncHello, time: HonestTime, now: Moment) {
        let entry = event.entry
        guard entry.event.kind == Self.kind, case .object(let said)? = JSONText.decode(entry.event.payload),
            let who = Self.word(said["who"]), let what = Self.word(said["what"]),
            let subject = Self.word(said["on"]), let outcome = Self.word(said["outcome"])
        else { return nil }
        let wall = Self.happened(event, hello: hello, time: time, now: now)
        self.init(
            origin: entry.event.id.terminal, sequence: entry.sequence, atMs: wall.wallMs,
            uncertaintyMs: wall.uncertaintyMs, who: who, what: what, subject: subject, outcome: outcome)
    }

    private static let kind: UInt16 = 1

    /// A text that every engine takes.
    private static func word(_ value: JSONValue?) -> String? {
        guard case .text(let text)? = value, text.utf8.count <= Limits.wordsMaxBytes,
            !text.utf8.contains(0)
        else { return nil }
        return text
    }

    /// On the hub's clock, as near as is known.
    static func happened(
        _ event: SyncEvent, hello: SyncHello, time: HonestTime, now: Moment
    ) -> HonestWall {
        let at = event.entry.event.at
        if let known = time.wall(of: at, boot: event.boot) { return known }
        guard let boot = event.boot, boot == hello.boot else {
            return HonestWall(wallMs: now.wallMs, uncertaintyMs: Limits.wallUnknownMs)
        }
        return HonestWall(
            wallMs: now.wallMs - Int64(hello.at.uptime.ms(since: at.uptime)),
            uncertaintyMs: UInt32(Limits.syncAnswerMs))
    }
}
