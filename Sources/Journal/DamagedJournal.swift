// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSQLite
import Facility
import Glibc

/// A journal file that was put aside as `<name>.damaged-<n>`, and what can still be read from it. On the
/// journal's thread. Never writes to the damaged file; every entry it gives fits its own hash.
struct DamagedJournal {
    let path: String

    /// Renames the file with its `-wal` and `-shm`.
    static func putAside(_ journal: String) throws(DatabaseFault) -> DamagedJournal {
        let aside = name(journal, count(of: journal) + 1)
        // The main file first: an interrupted renaming leaves a log without a file, which the next start
        // finds and puts aside too. The other way round a file without its log could pass for whole.
        for suffix in ["", "-wal", "-shm"] where wp_file_size(journal + suffix) >= 0 {
            guard rename(journal + suffix, aside + suffix) == 0 else {
                let code =
                    errno == EROFS || errno == EACCES || errno == EPERM ? SQLITE_READONLY : SQLITE_IOERR
                throw DatabaseFault(
                    code: code,
                    fault: Fault(
                        "put aside the damaged journal", at: journal, cause: String(cString: strerror(errno)),
                        hint: "Check that its directory can be written; it is tried again by itself."))
            }
        }
        _ = wp_sync_directory_of(journal)
        return DamagedJournal(path: aside)
    }

    /// How many stand beside the journal.
    static func count(of journal: String) -> Int {
        var number = 0
        while wp_file_size(name(journal, number + 1)) >= 0
            || wp_file_size(name(journal, number + 1) + "-wal") >= 0
        {
            number += 1
        }
        return number
    }

    /// The oldest first.
    static func all(of journal: String) -> [DamagedJournal] {
        (0..<count(of: journal)).map { DamagedJournal(path: name(journal, $0 + 1)) }
    }

    static func newest(of journal: String) -> DamagedJournal? {
        let count = count(of: journal)
        return count > 0 ? DamagedJournal(path: name(journal, count)) : nil
    }

    private static func name(_ journal: String, _ number: Int) -> String { "\(journal).damaged-\(number)" }

    /// Its file name without the directory, as notices and reports name it.
    var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    struct Salvage {
        var generation: UInt64?
        var heads: [StreamHead] = []
        var standing: [JournalEvent] = []
        /// False when the list of standing entries broke off, so that some may be missing.
        var isStandingComplete = false
    }

    /// Reads tolerantly: each part for itself, up to where it breaks.
    func salvage(terminal: TerminalID) -> Salvage {
        var salvage = Salvage()
        guard let database = try? Database(path: path, access: .readOnly) else { return salvage }
        if let identity = try? JournalIdentity.read(from: database) {
            guard identity.terminal == terminal else { return salvage }
            salvage.generation = identity.generation
        }
        for stream in Stream.allCases {
            let newest = "SELECT \(JournalEntry.columns) FROM event WHERE stream = \(stream.rawValue)"
            let found = entries(newest + " ORDER BY sequence DESC LIMIT 1", in: database, terminal: terminal)
            if let head = found.entries.first?.head { salvage.heads.append(head) }
        }
        let listed = entries(
            """
            SELECT \(JournalEntry.columns) FROM standing LEFT JOIN event
            ON event.stream = standing.stream AND event.sequence = standing.sequence
            AND event.subject = standing.subject AND event.standing = 1
            ORDER BY standing.stream, standing.sequence
            """, in: database, terminal: terminal)
        salvage.standing = listed.entries.map(\.event)
        salvage.isStandingComplete = listed.isComplete
        if !listed.isComplete {
            salvage.standing = foldNewest(in: database, terminal: terminal, knowing: salvage.standing)
        }
        return salvage
    }

    /// The list broke off: look through the newest alarm entries themselves, newest first, the first of a
    /// subject decides.
    private func foldNewest(
        in database: Database, terminal: TerminalID, knowing listed: [JournalEvent]
    ) -> [JournalEvent] {
        let newest = entries(
            """
            SELECT \(JournalEntry.columns) FROM event WHERE stream = \(Stream.alarm.rawValue)
            ORDER BY sequence DESC LIMIT \(Limits.journalSalvageCount)
            """, in: database, terminal: terminal)
        var latest: [[UInt8]: JournalEvent] = [:]
        for entry in newest.entries where latest[entry.event.subject] == nil {
            latest[entry.event.subject] = entry.event
        }
        let others = listed.filter { $0.id.stream != .alarm || latest[$0.subject] == nil }
        return others
            + newest.entries.reversed().map(\.event).filter {
                $0.standing && !$0.subject.isEmpty && latest[$0.subject] == $0
            }
    }

    private func entries(
        _ sql: String, in database: Database, terminal: TerminalID
    ) -> (entries: [JournalEntry], isComplete: Bool) {
        var entries: [JournalEntry] = []
        var isComplete = true
        do throws(DatabaseFault) {
            let row = try database.prepare(sql)
            while try row.step() {
                if let entry = JournalEntry(row: row, terminal: terminal), entry.isConsistent {
                    entries.append(entry)
                } else {
                    isComplete = false
                }
            }
        } catch {
            isComplete = false
        }
        return (entries, isComplete)
    }
}
