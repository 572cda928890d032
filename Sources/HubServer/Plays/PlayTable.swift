// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import Journal
import Paging
import Sync

// Entries of the streams `page` → tables `play` (one unit of one day, as one terminal tells it) and
// `play_span` (a time of which a terminal says that everything in it was skipped). A projection.

extension HubSchema {
    /// Made at each start where they are missing, as the tables of what goes down.
    static let plays = [
        """
        CREATE TABLE IF NOT EXISTS play(
            origin TEXT NOT NULL, day TEXT NOT NULL, routine TEXT NOT NULL, at BIGINT NOT NULL,
            step TEXT NOT NULL, why TEXT NOT NULL, began_ms BIGINT, heard TEXT NOT NULL, level TEXT NOT NULL,
            PRIMARY KEY(origin, day, routine, at))
        """,
        "CREATE INDEX IF NOT EXISTS play_by_day ON play(day)",
        """
        CREATE TABLE IF NOT EXISTS play_span(
            origin TEXT NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT NOT NULL, why TEXT NOT NULL,
            PRIMARY KEY(origin, from_ms, to_ms))
        """,
    ]
}

/// One row of `play`.
struct PlayRow: Hashable, Sendable {
    var origin: TerminalID
    var unit: OccurrenceID
    /// The last that was said of it.
    var step = PlayEntry.Step.began
    var why: PlayCause?
    var beganMs: Int64?
    var heard: PlayHeard?
    var levelDb: Double?

    init(_ origin: TerminalID, _ unit: OccurrenceID) { (self.origin, self.unit) = (origin, unit) }

    /// What one entry adds.
    mutating func take(_ entry: PlayEntry, atMs: Int64) {
        switch entry.step {
        case .began, .resumed, .interrupted, .played, .cut, .skipped:
            (step, why) = (entry.step, entry.why)
            if entry.step == .began { beganMs = beganMs ?? atMs }
        case .proved:
            // A later look that could not tell does not take back what an earlier one heard.
            guard let told = entry.heard, told != .unsure || heard == nil else { return }
            (heard, levelDb) = (told, entry["levelDb"].flatMap { Double($0) })
        case .skippedSpan, .clock, .refused, .listening: break
        }
    }

    /// The worst that is known of it.
    var state: PlayState {
        switch (step, heard) {
        case (.skipped, _): .skipped
        case (_, .notHeard): .notHeard
        case (_, .tooQuiet): .tooQuiet
        case (.cut, _): .cut
        case (.interrupted, _): .interrupted
        case (.played, .heard): .heard
        case (.played, _): .played
        case (_, _): .playing
        }
    }

    static let columns = "origin, day, routine, at, step, why, began_ms, heard, level"

    init?(_ row: HubRow) {
        guard let origin: TerminalID = row.id(0), let day = CivilDay(row.text(1)),
            let routine = RoutineID(row.text(2)), let at = ClockTime(seconds: Int32(clamping: row.int(3))),
            let step = PlayEntry.Step.allCases.first(where: { "\($0)" == row.text(4) })
        else { return nil }
        self.init(origin, OccurrenceID(routine: routine, day: day, at: at))
        (self.step, beganMs, levelDb) = (step, row.intOrNil(6), Double(row.text(8)))
        why = PlayCause.allCases.first { "\($0)" == row.text(5) }
        heard = PlayHeard.allCases.first { "\($0)" == row.text(7) }
    }
}

/// One row of `play_span`: Unix milliseconds.
struct PlaySpan: Hashable, Sendable {
    var origin: TerminalID
    var from: Int64
    var to: Int64
    var why: PlayCause?
}

extension PlayEntry {
    /// Which unit of which day it speaks of.
    var unit: OccurrenceID? {
        guard let routine = self["routine"].flatMap({ RoutineID($0) }),
            let day = self["day"].flatMap({ CivilDay($0) }), let at = self["at"].flatMap({ ClockTime($0) })
        else { return nil }
        return OccurrenceID(routine: routine, day: day, at: at)
    }
}

extension HubSession {
    /// Inside the transaction that takes the entries. What is none of ours is in the record all the same.
    func fold(plays accepted: [AcceptedEvent], hello: SyncHello, time: HonestTime, now: Moment) throws {
        for event in accepted where event.event.id.stream == .page {
            guard let entry = PlayEntry(event.event.entry.event.payload) else { continue }
            let origin = event.event.entry.event.id.terminal
            if entry.step == .skippedSpan, let from = entry["fromMs"].flatMap({ Int64($0) }),
                let to = entry["toMs"].flatMap({ Int64($0) })
            {
                try put(PlaySpan(origin: origin, from: from, to: to, why: entry.why))
            }
            guard let unit = entry.unit else { continue }
            var row = try play(unit, of: origin) ?? PlayRow(origin, unit)
            row.take(
                entry, atMs: PanelAct.happened(event.event, hello: hello, time: time, now: now).wallMs)
            try put(row)
        }
    }

    private func put(_ span: PlaySpan) throws {
        try run(
            """
            INSERT INTO play_span(origin, from_ms, to_ms, why) VALUES(?, ?, ?, ?)
            ON CONFLICT(origin, from_ms, to_ms) DO NOTHING
            """, .id(span.origin), .integer(span.from), .integer(span.to),
            .text(span.why.map { "\($0)" } ?? ""))
    }

    private func play(_ unit: OccurrenceID, of origin: TerminalID) throws -> PlayRow? {
        try row(
            "SELECT \(PlayRow.columns) FROM play WHERE origin = ? AND day = ? AND routine = ? AND at = ?",
            .id(origin), .text(unit.day.description), .text(unit.routine.text),
            .integer(Int64(unit.at.seconds))
        ).flatMap { PlayRow($0) }
    }

    private func put(_ play: PlayRow) throws {
        try run(
            """
            INSERT INTO play(\(PlayRow.columns)) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(origin, day, routine, at) DO UPDATE SET step = excluded.step, why = excluded.why,
                began_ms = excluded.began_ms, heard = excluded.heard, level = excluded.level
            """, .id(play.origin), .text(play.unit.day.description), .text(play.unit.routine.text),
            .integer(Int64(play.unit.at.seconds)), .text("\(play.step)"),
            .text(play.why.map { "\($0)" } ?? ""), .int(orNull: play.beganMs),
            .text(play.heard.map { "\($0)" } ?? ""), .text(play.levelDb.map { "\($0)" } ?? ""))
    }

    func plays(of day: CivilDay) throws -> [PlayRow] {
        try rows(
            "SELECT \(PlayRow.columns) FROM play WHERE day = ? ORDER BY origin, at, routine",
            [.text(day.description)]
        ).compactMap { PlayRow($0) }
    }

    /// All that touch a time.
    func playSpans(_ span: Range<Int64>) throws -> [PlaySpan] {
        try rows(
            "SELECT origin, from_ms, to_ms, why FROM play_span WHERE to_ms > ? AND from_ms < ?",
            [.integer(span.lowerBound), .integer(span.upperBound)]
        ).compactMap { row in
            row.id(0).map { origin in
                PlaySpan(
                    origin: origin, from: row.int(1), to: row.int(2),
                    why: PlayCause.allCases.first { "\($0)" == row.text(3) })
            }
        }
    }
}
