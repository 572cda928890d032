// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
import Facility
import Foundation
import Journal
import Synchronization

/// How long a durable entry takes through our journal, beside the same bytes through bare SQLite on the same
/// disk, in turn.
enum JournalBench {
    static func run(directory: String, count: Int) throws(Fault) -> (
        journal: Percentiles, sqlite: Percentiles
    ) {
        guard let terminal = TerminalID("bench") else { preconditionFailure("bench is a name") }
        let woken = wp_eventfd()
        defer { close(woken) }
        let journal = EventJournal(path: directory + "/bench-journal.db", terminal: terminal, run: 1) {
            wp_eventfd_wake(woken)
        }
        journal.start()
        defer { journal.stop() }
        let bare = try BareSQLite(path: directory + "/bench-bare.db")
        let payload = (0..<361).map { UInt8($0 & 0xff) }
        var ours: [Int64] = []
        var theirs: [Int64] = []
        for sequence in 1...UInt64(count) {
            let began = Uptime.now
            let id = EventID(terminal: terminal, stream: .alarm, run: 1, sequence: sequence)
            let moment = Moment(uptime: began, wallMs: 0, uncertaintyMs: .max)
            journal.append(
                JournalEvent(id: id, at: moment, kind: 1, payload: payload), urgent: true, now: began)
            try wait(for: id, in: journal, woken)
            ours.append(Int64(Uptime.now.nanoseconds - began.nanoseconds))
            let second = Uptime.now
            try bare.append(payload)
            theirs.append(Int64(Uptime.now.nanoseconds - second.nanoseconds))
        }
        return (Percentiles(ours), Percentiles(theirs))
    }

    private static func wait(for id: EventID, in journal: EventJournal, _ woken: Int32) throws(Fault) {
        let end = Uptime.now.advanced(ms: 10_000)
        var ready: [Int16] = [0]
        while Uptime.now < end {
            _ = wp_poll([woken], &ready, 1, 100_000_000)
            wp_eventfd_drain(woken)
            if journal.takeReports().contains(.stored(id)) { return }
        }
        throw Fault(
            "measure journal", at: journal.path, cause: "an entry was not stored within ten seconds",
            hint: "Look at the disk under TMPDIR.")
    }
}

/// One table, one blob, one commit a row: what nobody who wants durability can undercut with this library.
private struct BareSQLite {
    private let database: Database
    private let insert: Statement

    init(path: String) throws(Fault) {
        do throws(DatabaseFault) {
            database = try Database(path: path, access: .create)
            for sql in [
                "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                "CREATE TABLE e(id INTEGER PRIMARY KEY, b)",
            ] {
                try database.execute(sql)
            }
            insert = try database.prepare("INSERT INTO e(b) VALUES(?)")
        } catch {
            throw error.fault
        }
    }

    func append(_ payload: [UInt8]) throws(Fault) {
        do throws(DatabaseFault) {
            try insert.bind(1, payload)
            _ = try insert.step()
            insert.reset()
        } catch {
            throw error.fault
        }
    }
}
