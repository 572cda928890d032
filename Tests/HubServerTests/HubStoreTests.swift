// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import Testing

@testable import HubServer

/// What a store promises, whichever engine keeps it.
struct HubStoreTests {
    private let cell: TerminalID = name("cell-101")

    /// What a copy forgets, a backup of a hub on PostgreSQL loses.
    @Test func copy_knowsEveryTable() async throws {
        let (store, _) = try await StoreKind.sqlite.open()
        let tables = try await store.read { session in
            try session.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map { $0.text(0) }
        }
        #expect(Set(tables) == Set(HubSchema.keys.map(\.table)))
    }

    @Test(arguments: StoreKind.available)
    func events_comeBackUnaltered_whenAppended(kind: StoreKind) async throws {
        let (store, again) = try await kind.open()
        var journal = TestJournal("cell-101")
        let events = (0..<300).map { number in
            journal.next(
                subject: [UInt8](repeating: UInt8(number % 256), count: number % 34),
                standing: number % 2 == 0,
                payload: [UInt8](repeating: UInt8(number % 256), count: number))
        }
        let head = journal.head
        try await store.write { session in
            try session.append(events)
            try session.setHead(head, of: name("cell-101"))
            try session.putRun(7, boot: "boot", of: name("cell-101"))
            try session.putRun(7, boot: "boot", of: name("cell-101"))
        }
        let found = try await again().read { session in
            (
                try session.events(of: name("cell-101"), .alarm, past: 0, limit: 1_000),
                try session.heads(of: name("cell-101"))
            )
        }
        #expect(found.0 == events)
        #expect(found.1 == [head])
    }

    @Test(arguments: StoreKind.available)
    func events_keepHugeNumbers_whenAppended(kind: StoreKind) async throws {
        let (store, _) = try await kind.open()
        let entry = JournalEntry(
            event: JournalEvent(
                id: EventID(terminal: cell, stream: .health, run: .max, sequence: .max - 1),
                at: Moment(uptime: Uptime(nanoseconds: .max), wallMs: -1, uncertaintyMs: .max), kind: .max,
                payload: []),
            sequence: 1 << 40 + 1, previousHash: [1], hash: [2])
        let event = HubEvent(entry: entry, receivedMs: 3)
        try await store.write { try $0.append([event]) }
        let found = try await store.read { try $0.events(of: name("cell-101"), .health, past: 0, limit: 9) }
        #expect(found == [event])
    }

    @Test(arguments: StoreKind.available)
    func record_refusesEveryChange_afterItWasWritten(kind: StoreKind) async throws {
        let (store, _) = try await kind.open()
        var journal = TestJournal("cell-101")
        let event = journal.next(payload: [1])
        try await store.write { session in
            try session.append([event])
            try session.append(AuditNote(who: "a", what: "b"), atMs: 1)
        }
        for sql in [
            "UPDATE event SET kind = 1", "DELETE FROM event", "UPDATE audit SET who = 'x'",
            "DELETE FROM audit",
        ] {
            await #expect(throws: (any Error).self, "\(sql)") {
                try await store.write { try $0.run(sql, []) }
            }
        }
        await #expect(throws: (any Error).self) { try await store.write { try $0.append([event]) } }
        #expect(try await store.read { try $0.countEvents() } == 1)
    }

    @Test(arguments: StoreKind.available)
    func transaction_leavesNothing_whenItThrows(kind: StoreKind) async throws {
        struct Stop: Error {}
        let (store, _) = try await kind.open()
        await #expect(throws: Stop.self) {
            try await store.write { session in
                try session.setSetting("colour", "red")
                throw Stop()
            }
        }
        #expect(try await store.read { try $0.setting("colour") } == nil)
        try await store.write { try $0.setSetting("colour", "blue") }
        #expect(try await store.read { try $0.setting("colour") } == "blue")
    }

    @Test(arguments: StoreKind.available)
    func view_changesNothing_whenReading(kind: StoreKind) async throws {
        let (store, _) = try await kind.open()
        await #expect(throws: (any Error).self) {
            try await store.read { try $0.setSetting("colour", "red") }
        }
    }

    @Test(arguments: StoreKind.available)
    func writers_takeTurns_whenTwoHubsShareAStore(kind: StoreKind) async throws {
        let (store, again) = try await kind.open()
        let stores = [store, try await again()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await stores[number % 2].write { session in
                        try session.append(AuditNote(who: "w\(number)", what: "turn"), atMs: Int64(number))
                        _ = try session.give(
                            .clear, to: name("cell-101"), alarm: Self.alarm, officer: nil, atMs: 5)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.read { try $0.auditBreak() } == nil)
        #expect(try await store.read { try $0.audit(from: 1, limit: 100).map(\.sequence) } == Array(1...40))
        let orders = try await store.read { try $0.orders(for: name("cell-101"), after: 0, sinceMs: 0) }
        #expect(orders.map(\.number) == Array(1...40))
    }

    private static let alarm = EventID(terminal: name("cell-101"), stream: .alarm, run: 7, sequence: 1)
}
