// SPDX-License-Identifier: Apache-2.0
import CPostgres
import Facility

/// One connection to a PostgreSQL server, and a transaction on it. Not thread safe: `PostgresLane` gives it
/// one thread.
///
/// Always true: values travel in binary beside the statement, never inside its text.
final class PostgresConnection: HubSession {
    private let connection: OpaquePointer
    /// `?` → `$1`, statement by statement.
    private var numbered: [String: String] = [:]

    /// `info`: `postgresql://…` or `host=… dbname=…`.
    init(info: String) throws {
        guard let connection = PQconnectdb(info) else {
            throw Fault(
                "connect to PostgreSQL", at: "the hub's store", cause: "out of memory",
                hint: "Free some memory.")
        }
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else { throw fault("connect to PostgreSQL") }
        try command("SET client_min_messages TO warning")
        try command("SET synchronous_commit TO on")
        for setting in ["fsync", "full_page_writes"]
        where try rows("SHOW \(setting)", []).first?.text(0) != "on" {
            throw Fault(
                "use PostgreSQL", at: "setting \(setting)",
                cause: "it is off, so a power cut loses what was confirmed",
                hint: "Set \(setting) = on in postgresql.conf and restart the server.")
        }
    }

    deinit { PQfinish(connection) }

    var isAlive: Bool { PQstatus(connection) == CONNECTION_OK }

    func command(_ sql: String) throws {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw refusal(result, sql) }
    }

    @discardableResult
    func run(_ sql: String, _ values: [HubValue]) throws -> Int {
        let result = try execute(sql, values)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func rows(_ sql: String, _ values: [HubValue]) throws -> [HubRow] {
        let result = try execute(sql, values)
        defer { PQclear(result) }
        let columns = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            HubRow((0..<columns).map { column in Self.value(result, row, column) })
        }
    }

    private func execute(_ sql: String, _ values: [HubValue]) throws -> OpaquePointer? {
        var packed = PackedValues()
        for value in values { packed.put(value) }
        // An empty array has no address to point into.
        if packed.flat.isEmpty { packed.flat.append(0) }
        let result = wp_pg_run(
            connection, numberedSQL(sql), Int32(values.count), packed.types, packed.flat, packed.offsets,
            packed.lengths)
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            defer { PQclear(result) }
            throw refusal(result, sql)
        }
        return result
    }

    private func numberedSQL(_ sql: String) -> String {
        if let known = numbered[sql] { return known }
        var text = ""
        var number = 0
        for character in sql {
            if character == "?" {
                number += 1
                text += "$\(number)"
            } else {
                text.append(character)
            }
        }
        numbered[sql] = text
        return text
    }

    private static func value(_ result: OpaquePointer?, _ row: Int32, _ column: Int32) -> HubValue {
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        var bytes = [UInt8](repeating: 0, count: Int(PQgetlength(result, row, column)))
        wp_pg_value(result, row, column, &bytes)
        switch PQftype(result, column) {
        case PostgresType.bytea: return .bytes(bytes)
        case PostgresType.int8: return .integer(Int64(truncatingIfNeeded: Self.number(bytes)))
        case PostgresType.int4: return .integer(Int64(Int32(truncatingIfNeeded: Self.number(bytes))))
        case PostgresType.bool: return .bool(bytes.first == 1)
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// "WPHU".
    func hold(_ lock: StoreLock) throws {
        try command("SELECT pg_advisory_xact_lock(\(0x5750_4855), \(lock.rawValue))")
    }

    // MARK: Many entries

    func append(_ events: [HubEvent]) throws {
        guard !events.isEmpty else { return }
        let sql = "COPY event FROM STDIN (FORMAT binary)"
        let begun = PQexec(connection, sql)
        defer { PQclear(begun) }
        guard PQresultStatus(begun) == PGRES_COPY_IN else { throw refusal(begun, sql) }
        var copy = PostgresCopy(capacity: events.count * 512)
        for event in events { copy.put(event.columns) }
        copy.end()
        guard wp_pg_copy(connection, copy.bytes, Int32(copy.bytes.count)) == 1,
            PQputCopyEnd(connection, nil) == 1
        else { throw fault("write to PostgreSQL") }
        // The answers end with none.
        var failure: (any Error)?
        while let result = PQgetResult(connection) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil { failure = refusal(result, sql) }
            PQclear(result)
        }
        if let failure { throw failure }
    }

    // MARK: Refusals

    private func fault(_ operation: String) -> Fault {
        Fault(
            operation, at: "the hub's store", cause: String(cString: PQerrorMessage(connection)),
            hint: "See that the server runs and that the hub's user may use its database.")
    }

    private func refusal(_ result: OpaquePointer?, _ sql: String) -> PostgresRefusal {
        // 'C' is PG_DIAG_SQLSTATE.
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        return PostgresRefusal(state: state, message: String(cString: PQerrorMessage(connection)), sql: sql)
    }
}

/// What the server said no to. `state` is SQLSTATE.
struct PostgresRefusal: Error, CustomStringConvertible {
    let state: String
    let message: String
    let sql: String

    /// Met another transaction; trying again is right.
    var isCollision: Bool { state == "40001" || state == "40P01" }

    var description: String { "PostgreSQL \(state): \(message) in \(sql)" }
}

/// Numbers that PostgreSQL gives its types.
enum PostgresType {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
}

/// Values laid end to end, so that one buffer crosses into C.
private struct PackedValues {
    var flat: [UInt8] = []
    var types: [UInt32] = []
    var offsets: [Int32] = []
    var lengths: [Int32] = []

    mutating func put(_ value: HubValue) {
        let start = Int32(flat.count)
        switch value {
        case .null: types.append(0)
        case .integer(let number):
            types.append(PostgresType.int8)
            flat.appendBigEndian(number)
        case .text(let text):
            types.append(PostgresType.text)
            flat += Array(text.utf8)
        case .bytes(let bytes):
            types.append(PostgresType.bytea)
            flat += bytes
        }
        offsets.append(value == .null ? -1 : start)
        lengths.append(Int32(flat.count) - start)
    }
}

/// The binary form of COPY: a header, for each row a count and each value with its length, a trailer.
private struct PostgresCopy {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes += Array("PGCOPY\n".utf8) + [0xff] + Array("\r\n".utf8) + [0]
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian(Int32(0))
    }

    mutating func put(_ values: [HubValue]) {
        bytes.appendBigEndian(Int16(values.count))
        for value in values {
            switch value {
            case .null: bytes.appendBigEndian(Int32(-1))
            case .integer(let number):
                bytes.appendBigEndian(Int32(8))
                bytes.appendBigEndian(number)
            case .text(let text):
                bytes.appendBigEndian(Int32(text.utf8.count))
                bytes += text.utf8
            case .bytes(let value):
                bytes.appendBigEndian(Int32(value.count))
                bytes += value
            }
        }
    }

    mutating func end() { bytes.appendBigEndian(Int16(-1)) }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
