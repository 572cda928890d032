// SPDX-License-Identifier: Apache-2.0
import CEventRows
import CSQLite
package import Facility
import Foundation
import GRDB
import Glibc
import Journal

/// A hub's store on one machine: a file of SQLite through GRDB, one writer, several readers, all on threads
/// of GRDB's.
///
/// Always true: WAL with `synchronous=FULL`, so a transaction that returned survives a power cut.
package final class SQLiteStore: HubStore {
    private let pool: DatabasePool
    private let reserve: DiskReserve?
    package let engine = "sqlite"

    /// `reserve`: the folder where room is kept for the worst; nil: none is.
    package init(path: String, reserve folder: String? = nil) throws(Fault) {
        reserve = folder.map { DiskReserve(folder: $0) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(Limits.databaseBusyMs) / 1_000)
        configuration.maximumReaderCount = Limits.hubReadersCount
        configuration.prepareDatabase { database in
            let code = wp_event_rows_register(database.sqliteConnection)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            if !database.configuration.readonly {
                // Only of a file that is new.
                try database.execute(sql: "PRAGMA page_size = \(Limits.hubPageBytes)")
                try database.execute(sql: "PRAGMA synchronous = FULL")
                // INSERT OR REPLACE must meet the triggers that guard records, too.
                try database.execute(sql: "PRAGMA recursive_triggers = ON")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Limits.hubCheckpointPagesCount)")
            }
        }
        Self.keepPrivate(path)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write { database in
                if try !database.tableExists("setting") {
                    for statement in HubSchema.sqlite { try database.execute(sql: statement) }
                }
                for statement in HubSchema.down(bytes: "BLOB") { try database.execute(sql: statement) }
                try HubSchemaCheck.bringUp(SQLiteSession(database: database))
            }
        } catch {
            throw Fault.store(error, at: path)
        }
    }

    /// The hub's user alone reads it: SQLite gives its side files the mode of the file itself. Never opened
    /// and closed here when it exists, because that would drop SQLite's own locks on it.
    static func keepPrivate(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        for file in [path, path + "-wal", path + "-shm"] { chmod(file, 0o600) }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.write { try body(SQLiteSession(database: $0)) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL && reserve?.giveUp() == true
        {
            // What the log holds goes into the file, and the log begins anew in the room that it has.
            try? await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            return try await pool.write { try body(SQLiteSession(database: $0)) }
        }
    }

    package var isShort: Bool { reserve?.isGivenUp ?? false }

    package func lookForRoom() async {
        guard isShort else { return }
        try? await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        reserve?.takeAgain()
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        try await pool.read { try body(SQLiteSession(database: $0)) }
    }

    /// No connection to the file is left open.
    package func end() throws { try pool.close() }

    /// A whole copy, while the hub goes on.
    package func backUp(to path: String) async throws {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        try copy.close()
    }
}

/// One transaction of SQLite.
struct SQLiteSession: HubSession {
    let database: GRDB.Database

    @discardableResult
    func run(_ sql: String, _ values: [HubValue]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(values.map(\.database)))
        return database.changesCount
    }

    func rows(_ sql: String, _ values: [HubValue]) throws -> [HubRow] {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(values.map(\.database)))
        var rows: [HubRow] = []
        while let row = try cursor.next() { rows.append(HubRow(row.databaseValues.map(HubValue.init))) }
        return rows
    }

    /// A file has one hub, and one writer at a time.
    func hold(_ lock: StoreLock) {}

    /// All of them in one statement, laid flat: a month of a terminal comes in at once.
    func append(_ events: [HubEvent]) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO event SELECT * FROM wp_event_rows(?)")
        var rows = EventRows(capacity: events.count)
        for held in events {
            if let terminal = rows.terminal, terminal != held.entry.event.id.terminal {
                try insert(rows, by: statement)
                rows = EventRows(capacity: 0)
            }
            rows.put(held)
        }
        try insert(rows, by: statement)
    }

    private func insert(_ rows: EventRows, by statement: GRDB.Statement) throws {
        guard let terminal = rows.terminal else { return }
        let code = wp_event_rows_insert(
            statement.sqliteStatement, terminal.text, rows.numbers, rows.lengths, rows.bytes,
            Int64(rows.lengths.count / Int(WP_EVENT_STRINGS)))
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: "\(rows.lengths.count / Int(WP_EVENT_STRINGS)) entries of \(terminal)")
        }
    }
}

/// Entries of one terminal, laid end to end as `CEventRows` takes them. A value of one statement.
private struct EventRows {
    private(set) var terminal: TerminalID?
    private(set) var numbers: [Int64] = []
    private(set) var lengths: [Int32] = []
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        numbers.reserveCapacity(capacity * Int(WP_EVENT_NUMBERS))
        lengths.reserveCapacity(capacity * Int(WP_EVENT_STRINGS))
        bytes.reserveCapacity(capacity * 512)
    }

    mutating func put(_ held: HubEvent) {
        let (entry, event) = (held.entry, held.entry.event)
        terminal = event.id.terminal
        numbers.append(Int64(event.id.stream.rawValue))
        numbers.append(Int64(bitPattern: entry.sequence))
        numbers.append(Int64(bitPattern: event.id.run))
        numbers.append(Int64(bitPattern: event.id.sequence))
        numbers.append(Int64(bitPattern: event.at.uptime.nanoseconds))
        numbers.append(event.at.wallMs)
        numbers.append(Int64(event.at.uncertaintyMs))
        numbers.append(Int64(event.kind))
        numbers.append(event.standing ? 1 : 0)
        numbers.append(held.receivedMs)
        put(event.subject)
        put(event.payload)
        put(entry.previousHash)
        put(entry.hash)
    }

    private mutating func put(_ string: [UInt8]) {
        lengths.append(Int32(string.count))
        bytes += string
    }
}

extension HubEvent {
    /// In the order of table `event`.
    var columns: [HubValue] {
        let event = entry.event
        return [
            .id(event.id.terminal), .int(event.id.stream.rawValue), .int(entry.sequence), .int(event.id.run),
            .int(event.id.sequence), .int(event.at.uptime.nanoseconds), .int(event.at.wallMs),
            .int(event.at.uncertaintyMs), .int(event.kind), .bool(event.standing), .bytes(event.subject),
            .bytes(event.payload), .bytes(entry.previousHash), .bytes(entry.hash), .int(receivedMs),
        ]
    }
}

extension HubValue {
    fileprivate var database: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .integer(Int64(value))
        case .string(let value): self = .text(value)
        case .blob(let value): self = .bytes([UInt8](value))
        }
    }
}

/// The store is of this program's version.
enum HubSchemaCheck {
    /// Brings an older store up to this version, step by step, in the transaction that it is called in.
    static func bringUp(_ session: some HubSession) throws {
        let found = try session.setting("schema").flatMap { Int($0) } ?? 0
        for (index, statements) in HubSchema.changes.enumerated() where found == index + 1 {
            for statement in statements { try session.run(statement) }
            try session.setSetting("schema", "\(index + 2)")
            return try bringUp(session)
        }
        try check(session)
    }

    static func check(_ session: some HubSession) throws {
        let found = try session.row("SELECT value FROM setting WHERE name = 'schema'")?.text(0) ?? "none"
        guard found == "\(HubSchema.version)" else {
            throw Fault(
                "open the hub's store", at: "table setting",
                cause: "it is of version \(found), not \(HubSchema.version)",
                hint: "Start the hub that wrote it, or restore a backup of this version.")
        }
    }
}

extension Fault {
    static func store(_ error: any Error, at place: String) -> Fault {
        error as? Fault
            ?? Fault(
                "open the hub's store", at: place, cause: "\(error)",
                hint: "See that the folder exists, has room and belongs to the hub's user.")
    }
}
