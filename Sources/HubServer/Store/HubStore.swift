// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// Where a hub keeps what arrived: SQLite on one machine, PostgreSQL where several hubs share one.
///
/// Any task may call it; the work runs on threads of the engine, never on the cooperative pool. Always true:
/// when `write` returns, the transaction is committed and flushed to the disk; when it throws, nothing of it
/// is there.
package protocol HubStore: Sendable {
    /// One transaction. It may run twice when the engine says that it met another hub's; so the body changes
    /// nothing but the store.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any HubSession) throws -> Result) async throws
        -> Result
    /// A consistent view; nothing can be changed in it.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any HubSession) throws -> Result) async throws
        -> Result
    /// `sqlite` or `postgresql`, for people.
    var engine: String { get }
    /// There is no room but for what is most urgent.
    var isShort: Bool { get }
    /// Somebody may have made room.
    func lookForRoom() async
}

extension HubStore {
    /// May another hub write in it?
    package var isShared: Bool { engine == "postgresql" }

    /// A server's disk is not this machine's to keep room on.
    package var isShort: Bool { false }
    package func lookForRoom() async {}
}

/// What hubs on one store do one after the other.
package enum StoreLock: Int, Sendable {
    /// Several journals tell of one alarm, and what they tell is merged.
    case alarms = 1
    /// A zone has one running round.
    case rounds = 2
}

/// One transaction of a store. Lives in the closure it was given to, on the engine's thread.
///
/// SQL is written once for both engines, with `?` for values; what differs between them stands in
/// `HubSchema`.
package protocol HubSession {
    /// Rows changed.
    @discardableResult
    func run(_ sql: String, _ values: [HubValue]) throws -> Int
    func rows(_ sql: String, _ values: [HubValue]) throws -> [HubRow]
    /// Until the transaction ends no other hub on the store has this.
    func hold(_ lock: StoreLock) throws
    /// The fast way in for many entries. The caller knows that none of them is there yet.
    func append(_ events: [HubEvent]) throws
}

extension HubSession {
    @discardableResult
    package func run(_ sql: String, _ values: HubValue...) throws -> Int { try run(sql, values) }
    package func rows(_ sql: String, _ values: HubValue...) throws -> [HubRow] { try rows(sql, values) }
    package func row(_ sql: String, _ values: HubValue...) throws -> HubRow? { try rows(sql, values).first }
}

/// One value of a row, as both engines know it.
package enum HubValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    package static func int(_ value: some BinaryInteger) -> HubValue {
        .integer(Int64(truncatingIfNeeded: value))
    }
    package static func bool(_ value: Bool) -> HubValue { .int(value ? 1 : 0) }
    package static func id<Kind>(_ id: Identifier<Kind>) -> HubValue { .text(id.text) }
    package static func text(orNull text: String?) -> HubValue { text.map { .text($0) } ?? .null }
    package static func int(orNull value: Int64?) -> HubValue { value.map { .integer($0) } ?? .null }
}

/// One row. A column of another kind than asked for is a programmer's error, found by the tests, and reads as
/// zero, empty or absent.
package struct HubRow: Hashable, Sendable {
    package let values: [HubValue]

    package init(_ values: [HubValue]) { self.values = values }

    package func intOrNil(_ column: Int) -> Int64? {
        if case .integer(let value) = values[column] { value } else { nil }
    }
    package func textOrNil(_ column: Int) -> String? {
        if case .text(let value) = values[column] { value } else { nil }
    }
    package func bytesOrNil(_ column: Int) -> [UInt8]? {
        if case .bytes(let value) = values[column] { value } else { nil }
    }
    package func int(_ column: Int) -> Int64 { intOrNil(column) ?? 0 }
    package func uint(_ column: Int) -> UInt64 { UInt64(bitPattern: int(column)) }
    package func bool(_ column: Int) -> Bool { int(column) != 0 }
    package func text(_ column: Int) -> String { textOrNil(column) ?? "" }
    package func bytes(_ column: Int) -> [UInt8] { bytesOrNil(column) ?? [] }
    package func id<Kind>(_ column: Int) -> Identifier<Kind>? {
        textOrNil(column).flatMap { Identifier<Kind>($0) }
    }
}

/// One entry of a terminal's journal as the hub keeps it: unaltered, with its place and its chain.
package struct HubEvent: Hashable, Sendable {
    /// Its `event.id.terminal` is the terminal in whose journal it stands.
    package var entry: JournalEntry
    /// The hub's wall clock when it arrived.
    package var receivedMs: Int64

    package init(entry: JournalEntry, receivedMs: Int64) {
        self.entry = entry
        self.receivedMs = receivedMs
    }
}
