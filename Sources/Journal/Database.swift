// SPDX-License-Identifier: Apache-2.0
import CSQLite
package import Facility

/// What SQLite refused: its extended result code (`code & 0xff` is the primary one) and the sentence for the
/// technician.
package struct DatabaseFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: Int32
    package let fault: Fault

    package var primaryCode: Int32 { code & 0xff }
    package var description: String { fault.description }
}

/// One SQLite connection, thinly. Not thread safe: it lives on the thread that opened it. Statements keep it
/// alive; it is closed when the last of them and it are gone, or by `close()`.
package final class Database {
    package enum Access: Sendable {
        /// Never writes, not even a checkpoint when it is the last to close.
        case readOnly
        /// A file that nobody writes, in a directory where nothing can be made (an inspector's copy); no
        /// `-wal` is read.
        case readOnlyImmutable
        case readWrite
        case create
    }

    package let path: String
    private var handle: OpaquePointer?

    package init(path: String, access: Access) throws(DatabaseFault) {
        self.path = path
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE
        var name = path
        switch access {
        case .readOnly: flags |= SQLITE_OPEN_READONLY
        case .readOnlyImmutable:
            flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            name = "file:" + Self.escaped(path) + "?immutable=1"
        case .readWrite: flags |= SQLITE_OPEN_READWRITE
        case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
        let code = sqlite3_open_v2(name, &handle, flags, nil)
        guard code == SQLITE_OK else {
            let fault = fault("open", code)
            close()
            throw fault
        }
        // A record that was tampered with must not run functions of ours, nor a broken one lead outside its
        // page.
        _ = wp_sqlite_configure(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        _ = wp_sqlite_configure(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        if access == .readOnly { _ = wp_sqlite_configure(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }
        sqlite3_busy_timeout(handle, Int32(Limits.databaseBusyMs))
    }

    deinit { close() }

    /// Statements that are still held keep SQLite's side open until they go.
    package func close() {
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// One or more statements without results.
    package func execute(_ sql: String) throws(DatabaseFault) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw fault("execute", code) }
    }

    package func prepare(_ sql: String) throws(DatabaseFault) -> Statement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw fault("prepare", code == SQLITE_OK ? SQLITE_MISUSE : code)
        }
        return Statement(statement, of: self)
    }

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    package var changes: Int { Int(sqlite3_changes(handle)) }

    /// True when the file could be opened for reading only, whatever was asked for.
    package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// False after SQLite itself rolled a transaction back.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func fault(_ operation: String, _ code: Int32) -> DatabaseFault {
        let words =
            handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        return .init(
            code: code,
            fault: Fault(
                "\(operation) database", at: path, cause: "\(words) (SQLite \(code))", hint: Self.hint(code)))
    }

    private static func hint(_ code: Int32) -> String {
        switch code & 0xff {
        case SQLITE_FULL: "Free space on this file system; it goes on by itself."
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH:
            "Check that the directory exists, who owns it, and that the file system is mounted for writing."
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            "Keep the damaged file for inspection and check the storage medium."
        case SQLITE_BUSY, SQLITE_LOCKED: "Another process holds this file; end it or wait."
        case SQLITE_IOERR: "The storage medium reports errors: replace it, and read the kernel's log."
        default: "Report this with the version of Watchpost."
        }
    }

    private static func escaped(_ path: String) -> String {
        var text = ""
        for character in path {
            switch character {
            case "?": text += "%3f"
            case "#": text += "%23"
            case "%": text += "%25"
            default: text.append(character)
            }
        }
        return text
    }
}

/// One prepared statement of a `Database`, on its thread. Parameters count from 1, columns from 0.
package final class Statement {
    private let database: Database
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    package func bind(_ index: Int32, _ value: Int64) throws(DatabaseFault) {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    package func bind(_ index: Int32, _ value: [UInt8]) throws(DatabaseFault) {
        try check(wp_sqlite_bind_bytes(handle, index, value, Int32(value.count)))
    }

    package func bind(_ index: Int32, _ value: String) throws(DatabaseFault) {
        try check(wp_sqlite_bind_text(handle, index, value))
    }

    /// True when a row is there; false at the end, and the statement is then ready to run again.
    package func step() throws(DatabaseFault) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        let fault = code == SQLITE_DONE ? nil : database.fault("use", code)
        sqlite3_reset(handle)
        if let fault { throw fault }
        return false
    }

    /// Ends a result that was not read to its end.
    package func reset() { sqlite3_reset(handle) }

    package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// Empty for NULL.
    package func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(wp_sqlite_column_copy(handle, column, nil, 0))
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        _ = wp_sqlite_column_copy(handle, column, &bytes, Int32(count))
        return bytes
    }

    /// Broken UTF-8 is repaired with replacement characters.
    package func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// INTEGER and nothing else; a record whose column changed its type is damaged.
    package func isInteger(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_INTEGER }

    private func check(_ code: Int32) throws(DatabaseFault) {
        if code != SQLITE_OK { throw database.fault("bind", code) }
    }
}
