// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSQLite
package import Facility

/// A place in a stream: everything up to and including `sequence` is known to whoever holds it.
package struct SyncCursor: Hashable, Sendable {
    package var stream: Stream
    package var sequence: UInt64

    /// Before the first entry.
    package static func beginning(of stream: Stream) -> SyncCursor { SyncCursor(stream: stream, sequence: 0) }

    package init(stream: Stream, sequence: UInt64) {
        self.stream = stream
        self.sequence = sequence
    }
}

/// One start of a process that writes the journal; `ordinal` tells which came first, whatever the clocks
/// said.
package struct JournalRun: Hashable, Sendable {
    package let ordinal: Int
    package let run: UInt64
    package let bootID: [UInt8]
    package let at: Moment
}

/// Reads a journal, live or put aside, and never writes to it. Not thread safe: one for each thread. What it
/// returns is as the file has it; whether that is unaltered, `verifyJournal` says.
package final class JournalReader {
    package let path: String
    package let terminal: TerminalID
    package let generation: UInt64
    let database: Database

    package init(path: String) throws(Fault) {
        self.path = path
        let opened: (Database, JournalIdentity?)
        do throws(DatabaseFault) {
            opened = try Self.open(path)
        } catch { throw error.fault }
        guard let identity = opened.1 else {
            throw Fault(
                "read journal", at: path, cause: "its name does not fit its seal",
                hint: "The file is damaged or was altered; keep it and read its successor.")
        }
        (database, terminal, generation) = (opened.0, identity.terminal, identity.generation)
    }

    private static func open(_ path: String) throws(DatabaseFault) -> (Database, JournalIdentity?) {
        do throws(DatabaseFault) {
            let database = try Database(path: path, access: .readOnly)
            // It is read once, from one end to the other.
            try database.execute("PRAGMA cache_size = -\(Limits.journalCacheBytes / 1_024)")
            return (database, try JournalIdentity.read(from: database))
        } catch {
            // An inspector's copy on a read-only medium: no log beside it, and none can be made.
            guard error.primaryCode == SQLITE_CANTOPEN || error.primaryCode == SQLITE_READONLY,
                wp_file_size(path + "-wal") <= 0
            else { throw error }
            let database = try Database(path: path, access: .readOnlyImmutable)
            return (database, try JournalIdentity.read(from: database))
        }
    }

    /// The entries after the cursor, oldest first, at most `limit`, and no more once their payloads hold
    /// `maxBytes`.
    package func events(
        past cursor: SyncCursor, limit: Int, maxBytes: Int = .max
    ) throws(Fault) -> [JournalEntry] {
        let clause = "WHERE stream = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        return try rows(clause, maxBytes: maxBytes) { row throws(DatabaseFault) in
            try row.bind(1, Int64(cursor.stream.rawValue))
            try row.bind(2, Int64(bitPattern: cursor.sequence))
            try row.bind(3, Int64(limit))
        }
    }

    /// The newest entry of each stream that has any.
    package func heads() throws(Fault) -> [StreamHead] {
        var heads: [StreamHead] = []
        for stream in Stream.allCases {
            let newest = try rows("WHERE stream = ? ORDER BY sequence DESC LIMIT 1") {
                row throws(DatabaseFault) in
                try row.bind(1, Int64(stream.rawValue))
            }
            if let head = newest.first?.head { heads.append(head) }
        }
        return heads
    }

    /// What stands, oldest first within its stream.
    package func standing() throws(Fault) -> [StandingEntry] {
        let found = try rows("JOIN standing USING(stream, sequence) ORDER BY stream, sequence") { _ in }
        return found.map { StandingEntry(event: $0.event, sequence: $0.sequence) }
    }

    /// In the order in which they started.
    package func runs() throws(Fault) -> [JournalRun] {
        do throws(DatabaseFault) {
            let row = try database.prepare(
                "SELECT ordinal, run, boot, uptime_ns, wall_ms, uncertainty_ms FROM run ORDER BY ordinal")
            var runs: [JournalRun] = []
            while try row.step() {
                runs.append(
                    JournalRun(
                        ordinal: Int(row.int64(0)), run: UInt64(bitPattern: row.int64(1)),
                        bootID: row.bytes(2),
                        at: Moment(
                            uptime: Uptime(nanoseconds: UInt64(bitPattern: row.int64(3))),
                            wallMs: row.int64(4),
                            uncertaintyMs: UInt32(truncatingIfNeeded: row.int64(5)))))
            }
            return runs
        } catch { throw error.fault }
    }

    private func rows(
        _ clause: String, maxBytes: Int = .max, bind: (Statement) throws(DatabaseFault) -> Void
    ) throws(Fault) -> [JournalEntry] {
        do throws(DatabaseFault) {
            let row = try database.prepare("SELECT \(JournalEntry.columns) FROM event \(clause)")
            try bind(row)
            var entries: [JournalEntry] = []
            var bytes = 0
            while bytes < maxBytes, try row.step() {
                guard let entry = JournalEntry(row: row, terminal: terminal) else {
                    throw .damaged(
                        path, "an entry of stream \(row.int64(0)) near \(row.int64(1)) has impossible values")
                }
                bytes += entry.event.payload.count
                entries.append(entry)
            }
            row.reset()
            return entries
        } catch { throw error.fault }
    }
}
