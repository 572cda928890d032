// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal

/// What the hub's store holds of one terminal's journal, read past the hub: from its file, or through `psql`.
/// On the bench's thread.
final class HubRecord {
    struct Entry: Hashable {
        let sequence: UInt64
        let hash: String
        let receivedMs: Int64
    }

    private enum Source {
        case sqlite(Statement, entries: Statement)
        case postgres(String)
    }

    private let terminal: TerminalID
    private let source: Source

    /// `store`: as in the hub's configuration; nil: its file, which has to be there.
    init(of terminal: TerminalID, database: String, store: String?) throws(Fault) {
        self.terminal = terminal
        if let store {
            source = .postgres(store)
            return
        }
        do throws(DatabaseFault) {
            let file = try Database(path: database, access: .readOnly)
            source = .sqlite(
                try file.prepare("SELECT stream, sequence FROM cursor WHERE origin = ?"),
                entries: try file.prepare(
                    """
                    SELECT sequence, hash, received_ms FROM event
                    WHERE origin = ? AND stream = ? AND sequence > ? ORDER BY sequence LIMIT ?
                    """))
        } catch { throw error.fault }
    }

    /// How often a look costs nothing worth speaking of.
    var lookMs: Int {
        switch source {
        case .sqlite: 4
        case .postgres: 200
        }
    }

    /// Up to where the hub has each stream, committed.
    func cursors() throws(Fault) -> [Facility.Stream: UInt64] {
        var found: [Facility.Stream: UInt64] = [:]
        switch source {
        case .sqlite(let statement, _):
            do throws(DatabaseFault) {
                try statement.bind(1, terminal.text)
                while try statement.step() {
                    guard let stream = Facility.Stream(code: statement.int64(0)) else { continue }
                    found[stream] = UInt64(bitPattern: statement.int64(1))
                }
            } catch { throw error.fault }
        case .postgres(let info):
            let sql = "SELECT stream, sequence FROM cursor WHERE origin = '\(terminal)'"
            for row in try PostgresServer.rows(info, sql) {
                guard row.count == 2, let stream = Int64(row[0]).flatMap(Facility.Stream.init(code:)) else {
                    continue
                }
                found[stream] = UInt64(row[1])
            }
        }
        return found
    }

    /// In a stream, past a place, oldest first.
    func entries(_ stream: Facility.Stream, past sequence: UInt64, limit: Int) throws(Fault) -> [Entry] {
        var found: [Entry] = []
        switch source {
        case .sqlite(_, let statement):
            do throws(DatabaseFault) {
                try statement.bind(1, terminal.text)
                try statement.bind(2, Int64(stream.rawValue))
                try statement.bind(3, Int64(bitPattern: sequence))
                try statement.bind(4, Int64(limit))
                while try statement.step() {
                    found.append(
                        Entry(
                            sequence: UInt64(bitPattern: statement.int64(0)),
                            hash: HashChain.hex(statement.bytes(1)), receivedMs: statement.int64(2)))
                }
            } catch { throw error.fault }
        case .postgres(let info):
            let sql = """
                SELECT sequence, encode(hash, 'hex'), received_ms FROM event WHERE origin = '\(terminal)'
                AND stream = \(stream.rawValue) AND sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
                """
            for row in try PostgresServer.rows(info, sql) where row.count == 3 {
                found.append(
                    Entry(
                        sequence: UInt64(row[0]) ?? 0, hash: String(row[1]), receivedMs: Int64(row[2]) ?? 0))
            }
        }
        return found
    }

    // MARK: Compared

    struct Comparison: Hashable {
        /// Entries of the journal; of them not at the hub, or another in their place.
        var journal = 0
        var lost = 0
        /// Entries at the hub beyond those of the journal. Each place of the journal is compared by its hash,
        /// which holds the event's own name, so an event that stands twice is one of these.
        var doubled = 0
        /// In each stream what comes later arrived later.
        var isOrdered = true
    }

    /// Every entry, by place and hash.
    func compared(with path: String) throws(Fault) -> Comparison {
        let reader = try JournalReader(path: path)
        var result = Comparison()
        for stream in Facility.Stream.allCases {
            var (cursor, lastMs) = (SyncCursor.beginning(of: stream), Int64.min)
            while true {
                let own = try reader.events(past: cursor, limit: Limits.benchPageCount)
                guard let last = own.last else { break }
                let theirs = try entries(stream, past: cursor.sequence, limit: own.count)
                var at: [UInt64: Entry] = [:]
                for entry in theirs {
                    at[entry.sequence] = entry
                    result.isOrdered = result.isOrdered && entry.receivedMs >= lastMs
                    lastMs = entry.receivedMs
                }
                result.journal += own.count
                for entry in own
                where at.removeValue(forKey: entry.sequence)?.hash != HashChain.hex(entry.hash) {
                    result.lost += 1
                }
                result.doubled += at.count
                cursor.sequence = last.sequence
            }
            result.doubled += try entries(stream, past: cursor.sequence, limit: Limits.benchPageCount).count
        }
        return result
    }
}

extension Facility.Stream {
    /// As the hub's tables have it.
    init?(code: Int64) {
        guard let code = UInt8(exactly: code) else { return nil }
        self.init(rawValue: code)
    }
}
