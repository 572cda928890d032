// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Facility

/// The open journal file of the one writer, on the journal's thread. Always true: `heads` and `standing` are
/// those of the last commit; after a thrown fault nothing of the failed batch is in them.
final class JournalFile {
    /// A thing that stands, within its stream.
    struct Subject: Hashable {
        let stream: Stream
        let name: [UInt8]
    }

    let path: String
    let identity: JournalIdentity
    private(set) var heads: [Stream: StreamHead] = [:]
    private(set) var standing: [Subject: StandingEntry] = [:]
    private let database: Database
    private let insert: Statement
    private let find: Statement
    private let stand: Statement
    private let over: Statement

    /// Opens and checks the file, or begins it with `identity` and `first` in one transaction. A file that
    /// cannot be trusted throws SQLITE_CORRUPT or SQLITE_NOTADB; another terminal's throws SQLITE_MISMATCH.
    init(
        path: String, identity: JournalIdentity, begin: Bool, first: [JournalEvent] = [],
        durability: EventJournal.Durability
    ) throws(DatabaseFault) {
        self.path = path
        database = try Database(path: path, access: begin ? .create : .readWrite)
        if database.isReadOnly { throw database.fault("open", SQLITE_READONLY) }
        try Self.configure(database, durability)
        if begin {
            try database.execute("BEGIN IMMEDIATE")
            try JournalSchema.create(in: database)
            try identity.write(to: database)
            self.identity = identity
        } else {
            self.identity = try Self.checkedIdentity(of: database, terminal: identity.terminal)
        }
        insert = try database.prepare("INSERT INTO event VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        find = try database.prepare(
            "SELECT sequence FROM event WHERE run = ? AND stream = ? AND run_sequence = ?")
        stand = try database.prepare(
            "INSERT OR REPLACE INTO standing(stream, subject, sequence) VALUES(?, ?, ?)")
        over = try database.prepare("DELETE FROM standing WHERE stream = ? AND subject = ?")
        try readHeads()
        try readStanding()
        if begin {
            for event in first { try add(event) }
            try database.execute("COMMIT")
            writeHeads()
        }
    }

    private static func configure(_ database: Database, _ durability: EventJournal.Durability)
        throws(DatabaseFault)
    {
        let level =
            switch durability {
            case .full: "FULL"
            case .normalForTheNegativeControl: "NORMAL"
            }
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute(
            """
            PRAGMA synchronous = \(level); PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;
            PRAGMA cache_size = -\(Limits.journalCacheBytes / 1_024); PRAGMA cell_size_check = ON;
            PRAGMA wal_autocheckpoint = \(Limits.journalCheckpointPagesCount)
            """)
    }

    private static func checkedIdentity(
        of database: Database, terminal: TerminalID
    ) throws(DatabaseFault) -> JournalIdentity {
        if let difference = try JournalSchema.difference(in: database) {
            throw .damaged(database.path, difference)
        }
        guard let found = try JournalIdentity.read(from: database) else {
            throw .damaged(database.path, "the journal's name does not fit its seal")
        }
        guard found.terminal == terminal else {
            throw DatabaseFault(
                code: SQLITE_MISMATCH,
                fault: Fault(
                    "open journal", at: database.path,
                    cause: "this is the journal of \(found.terminal), not of \(terminal)",
                    hint: "Correct the terminal's name, or move the file to where its terminal is."))
        }
        for table in ["journal", "run", "standing"] {
            let check = try database.prepare("PRAGMA quick_check(\(table))")
            if try check.step(), check.text(0) != "ok" { throw .damaged(database.path, check.text(0)) }
        }
        return found
    }

    private func readHeads() throws(DatabaseFault) {
        let row = try database.prepare(
            "SELECT \(JournalEntry.columns) FROM event WHERE stream = ? ORDER BY sequence DESC LIMIT 1")
        for stream in Stream.allCases {
            heads[stream] = JournalGeneration.start(
                of: stream, terminal: identity.terminal, generation: identity.generation)
            try row.bind(1, Int64(stream.rawValue))
            guard try row.step() else { continue }
            guard let entry = JournalEntry(row: row, terminal: identity.terminal), entry.isConsistent,
                JournalGeneration.of(sequence: entry.sequence) == identity.generation
            else { throw .damaged(path, "the last entry of \(stream) does not fit its hash") }
            heads[stream] = entry.head
            row.reset()
        }
    }

    private func readStanding() throws(DatabaseFault) {
        let row = try database.prepare(
            """
            SELECT \(JournalEntry.columns), standing.stream, standing.subject
            FROM standing LEFT JOIN event USING(stream, sequence) ORDER BY standing.stream, standing.sequence
            """)
        while try row.step() {
            guard let entry = JournalEntry(row: row, terminal: identity.terminal), entry.isConsistent,
                entry.event.standing, row.bytes(14) == entry.event.subject
            else { throw .damaged(path, "a standing entry of stream \(row.int64(13)) does not fit its hash") }
            standing[Subject(stream: entry.event.id.stream, name: entry.event.subject)] = StandingEntry(
                event: entry.event, sequence: entry.sequence)
        }
    }

    /// The hash of that entry in the file; `nil` when it has none such.
    func hash(at head: StreamHead) throws(DatabaseFault) -> [UInt8]? {
        let row = try database.prepare("SELECT hash FROM event WHERE stream = ? AND sequence = ?")
        try row.bind(1, Int64(head.stream.rawValue))
        try row.bind(2, Int64(bitPattern: head.sequence))
        return try row.step() ? row.bytes(0) : nil
    }

    /// Keeps the order of runs. A run that is known already is left as it is.
    func register(run: UInt64, boot: [UInt8], at: Moment) throws(DatabaseFault) {
        let row = try database.prepare(
            "INSERT OR IGNORE INTO run(run, boot, uptime_ns, wall_ms, uncertainty_ms) VALUES(?, ?, ?, ?, ?)")
        try row.bind(1, Int64(bitPattern: run))
        try row.bind(2, boot)
        try row.bind(3, Int64(bitPattern: at.uptime.nanoseconds))
        try row.bind(4, at.wallMs)
        try row.bind(5, Int64(at.uncertaintyMs))
        _ = try row.step()
    }

    func boots() throws(DatabaseFault) -> Int {
        Int(try JournalSchema.integer("SELECT count(DISTINCT boot) FROM run", in: database))
    }

    /// The sequence for this run's next notice.
    func nextNotice(of run: UInt64) throws(DatabaseFault) -> UInt64 {
        let row = try database.prepare(
            "SELECT max(run_sequence) FROM event WHERE run = ? AND stream = ? AND run_sequence >= ?")
        try row.bind(1, Int64(bitPattern: run))
        try row.bind(2, Int64(Stream.health.rawValue))
        try row.bind(3, Int64(JournalNotice.firstSequence))
        guard try row.step(), !row.isNull(0) else { return JournalNotice.firstSequence }
        return UInt64(row.int64(0)) + 1
    }

    /// All of them in one transaction, flushed when this returns; none of them when it throws. An event that
    /// is there already (a commit whose answer was lost) is left alone.
    func append(_ events: [JournalEvent]) throws(DatabaseFault) {
        let before = (heads, standing)
        do throws(DatabaseFault) {
            try database.execute("BEGIN IMMEDIATE")
            for event in events { try add(event) }
            try database.execute("COMMIT")
        } catch {
            (heads, standing) = before
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            throw error
        }
        writeHeads()
    }

    private func writeHeads() {
        JournalHeads(generation: identity.generation, heads: Array(heads.values)).write(for: path)
    }

    private func add(_ event: JournalEvent) throws(DatabaseFault) {
        let stream = event.id.stream
        try find.bind(1, Int64(bitPattern: event.id.run))
        try find.bind(2, Int64(stream.rawValue))
        try find.bind(3, Int64(bitPattern: event.id.sequence))
        if try find.step() {
            find.reset()
            return
        }
        guard let head = heads[stream] else { return }
        let sequence = head.sequence + 1
        let hash = HashChain.hash(of: event, sequence: sequence, after: head.hash)
        try insert.bind(1, Int64(stream.rawValue))
        try insert.bind(2, Int64(bitPattern: sequence))
        try insert.bind(3, Int64(bitPattern: event.id.run))
        try insert.bind(4, Int64(bitPattern: event.id.sequence))
        try insert.bind(5, Int64(bitPattern: event.at.uptime.nanoseconds))
        try insert.bind(6, event.at.wallMs)
        try insert.bind(7, Int64(event.at.uncertaintyMs))
        try insert.bind(8, Int64(event.kind))
        try insert.bind(9, event.standing ? 1 : 0)
        try insert.bind(10, event.subject)
        try insert.bind(11, event.payload)
        try insert.bind(12, head.hash)
        try insert.bind(13, hash)
        _ = try insert.step()
        heads[stream] = StreamHead(stream: stream, sequence: sequence, hash: hash)
        if !event.subject.isEmpty { try project(event, sequence: sequence) }
    }

    private func project(_ event: JournalEvent, sequence: UInt64) throws(DatabaseFault) {
        let subject = Subject(stream: event.id.stream, name: event.subject)
        let statement = event.standing ? stand : over
        if !event.standing && standing[subject] == nil { return }
        try statement.bind(1, Int64(subject.stream.rawValue))
        try statement.bind(2, subject.name)
        if event.standing { try statement.bind(3, Int64(bitPattern: sequence)) }
        _ = try statement.step()
        standing[subject] = event.standing ? StandingEntry(event: event, sequence: sequence) : nil
    }
}
