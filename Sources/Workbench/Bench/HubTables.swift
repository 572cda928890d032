// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink

/// A hub's SQLite file as a bench reads it: past the hub, by the engine's own words. On the bench's thread.
struct HubTables {
    private let database: Database

    init(path: String) throws(Fault) {
        do throws(DatabaseFault) { database = try Database(path: path, access: .readOnly) } catch {
            throw error.fault
        }
    }

    /// How far the hub says it has each stream.
    func cursors() throws(Fault) -> [SyncLedger.Place: UInt64] {
        var cursors: [SyncLedger.Place: UInt64] = [:]
        try rows("SELECT origin, stream, sequence FROM cursor") { row in
            guard let stream = Self.place(row) else { return }
            cursors[stream] = UInt64(bitPattern: row.int64(2))
        }
        return cursors
    }

    func events() throws(Fault) -> [SyncLedger.Row] {
        var all: [SyncLedger.Row] = []
        try rows(
            "SELECT origin, stream, sequence, run, run_sequence, previous_hash, hash, received_ms FROM event"
        ) { row in
            guard let stream = Self.place(row) else { return }
            let place = SyncLedger.Place(
                terminal: stream.terminal, stream: stream.stream, sequence: UInt64(bitPattern: row.int64(2)))
            all.append(
                SyncLedger.Row(
                    place: place, run: UInt64(bitPattern: row.int64(3)),
                    runSequence: UInt64(bitPattern: row.int64(4)), previousHash: row.bytes(5),
                    hash: row.bytes(6), receivedMs: row.int64(7)))
        }
        return all
    }

    func alarms() throws(Fault) -> [EventID: AlarmRecord] {
        var alarms: [EventID: AlarmRecord] = [:]
        try rows("SELECT id, record, phase FROM alarm") { row in
            guard let id = EventID(row.text(0)), let record = try? decodeRecord(row.bytes(1)),
                Int64(record.phase.rawValue) == row.int64(2)
            else { return }
            alarms[id] = record
        }
        return alarms
    }

    /// Entries that contradicted the record; a good hub of a good journal has none.
    func asideCount() throws(Fault) -> Int {
        var count = 0
        try rows("SELECT count(*) FROM aside") { count = Int($0.int64(0)) }
        return count
    }

    private static func place(_ row: Statement) -> SyncLedger.Place? {
        guard let terminal = TerminalID(row.text(0)),
            let stream = UInt8(exactly: row.int64(1)).flatMap(Stream.init(rawValue:))
        else { return nil }
        return SyncLedger.Place(terminal: terminal, stream: stream, sequence: 0)
    }

    private func rows(_ sql: String, _ take: (Statement) -> Void) throws(Fault) {
        do throws(DatabaseFault) {
            let row = try database.prepare(sql)
            while try row.step() { take(row) }
        } catch { throw error.fault }
    }
}
