// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Facility

/// The tables of a journal file, and the check that a file has these, with their triggers, and no others.
///
/// `event` is append-only: entries are never updated, deleted or replaced. `standing` is a projection of it,
/// kept in the same transaction: for each stream and subject, the entry whose payload stands.
enum JournalSchema {
    static let version: Int64 = 1
    /// "WPJL", so that `file` and an inspector can tell what it is.
    static let applicationID: Int64 = 0x57504a4c

    static let migration = [
        """
        CREATE TABLE journal(
            terminal BLOB NOT NULL CHECK(length(terminal) = 16), generation INTEGER NOT NULL,
            seal BLOB NOT NULL CHECK(length(seal) = 32)
        ) STRICT
        """,
        """
        CREATE TABLE run(
            ordinal INTEGER PRIMARY KEY, run INTEGER NOT NULL UNIQUE, boot BLOB NOT NULL,
            uptime_ns INTEGER NOT NULL, wall_ms INTEGER NOT NULL, uncertainty_ms INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE event(
            stream INTEGER NOT NULL, sequence INTEGER NOT NULL,
            run INTEGER NOT NULL, run_sequence INTEGER NOT NULL,
            uptime_ns INTEGER NOT NULL, wall_ms INTEGER NOT NULL, uncertainty_ms INTEGER NOT NULL,
            kind INTEGER NOT NULL, standing INTEGER NOT NULL, subject BLOB NOT NULL, payload BLOB NOT NULL,
            previous_hash BLOB NOT NULL CHECK(length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK(length(hash) = 32),
            PRIMARY KEY(stream, sequence), UNIQUE(run, stream, run_sequence)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE standing(
            stream INTEGER NOT NULL, subject BLOB NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY(stream, subject)
        ) STRICT, WITHOUT ROWID
        """,
        forbid("UPDATE", on: "event"), forbid("DELETE", on: "event"),
        forbid("UPDATE", on: "run"), forbid("DELETE", on: "run"),
        forbid("UPDATE", on: "journal"), forbid("DELETE", on: "journal"),
        // INSERT OR REPLACE removes the old row without the DELETE trigger.
        """
        CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
        WHEN EXISTS (SELECT 1 FROM event WHERE stream = NEW.stream AND sequence = NEW.sequence)
          OR EXISTS (SELECT 1 FROM event
                     WHERE run = NEW.run AND stream = NEW.stream AND run_sequence = NEW.run_sequence)
        BEGIN SELECT RAISE(ABORT, 'a journal entry is never replaced'); END
        """,
    ]

    static func forbid(_ verb: String, on table: String) -> String {
        """
        CREATE TRIGGER \(table)_never_\(verb.lowercased()) BEFORE \(verb) ON \(table)
        BEGIN SELECT RAISE(ABORT, 'journal: \(verb) on \(table) is forbidden; append a correcting entry'); END
        """
    }

    /// Inside the caller's transaction.
    static func create(in database: Database) throws(DatabaseFault) {
        for statement in migration { try database.execute(statement) }
        try database.execute("PRAGMA application_id = \(applicationID)")
        try database.execute("PRAGMA user_version = \(version)")
    }

    /// What differs from the schema above, in words; `nil` when nothing does.
    static func difference(in database: Database) throws(DatabaseFault) -> String? {
        guard try integer("PRAGMA application_id", in: database) == applicationID,
            try integer("PRAGMA user_version", in: database) == version
        else { return "this is not a journal of version \(version)" }
        let model = try Database(path: ":memory:", access: .create)
        try create(in: model)
        let expected = try objects(in: model)
        let found = try objects(in: database)
        for (name, sql) in expected.sorted(by: { $0.key < $1.key }) where found[name] != sql {
            return found[name] == nil ? "\(name) is missing" : "\(name) was changed"
        }
        return found.keys.filter { expected[$0] == nil }.min().map { "\($0) does not belong here" }
    }

    static func integer(_ sql: String, in database: Database) throws(DatabaseFault) -> Int64 {
        let statement = try database.prepare(sql)
        return try statement.step() ? statement.int64(0) : 0
    }

    private static func objects(in database: Database) throws(DatabaseFault) -> [String: String] {
        let statement = try database.prepare(
            "SELECT type || ' ' || name, tbl_name || ': ' || ifnull(sql, '') FROM sqlite_schema")
        var objects: [String: String] = [:]
        while try statement.step() { objects[statement.text(0)] = statement.text(1) }
        return objects
    }
}
