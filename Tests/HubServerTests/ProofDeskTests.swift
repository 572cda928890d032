// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink
import Sync
import TestBoard
import Testing

@testable import HubServer

/// Proofs of life beside the way of entries; HubTests send them over TLS.
struct ProofDeskTests {
    private static func hello(_ boot: UInt64, alarm: UInt64 = 0) -> SyncHello {
        SyncHello(
            boot: BootID(high: 1, low: boot),
            at: Moment(uptime: .ms(5_000), wallMs: 1_800_000_000_000, uncertaintyMs: 10), generation: 0,
            heads: SyncHeads([StreamHead(stream: .alarm, sequence: alarm, hash: [])]))
    }

    private struct Desks {
        let store: any HubStore
        let intake: IntakeDesk
        let proofs: ProofDesk

        init(_ store: any HubStore, clock: HubClock) {
            self.store = store
            intake = IntakeDesk(store: store, clock: clock, told: { _ in })
            proofs = ProofDesk(store: store, clock: clock, intake: intake, told: { _ in })
        }

        func prove(_ terminal: TerminalID, _ hello: SyncHello) async throws -> SyncReply {
            try await proofs.take(
                .init(terminal: terminal, hello: hello, batch: SyncBatch(terminal: nil, events: [])))
        }

        func proofMs(of terminal: TerminalID) async throws -> Int64? {
            try await store.read { try $0.terminals() }.first { $0.id == terminal }?.proofMs
        }
    }

    private static let clock = HubClock {
        Moment(uptime: .ms(1), wallMs: 1_800_000_000_000, uncertaintyMs: 1)
    }

    private func open(_ kind: StoreKind, cells: [TerminalID]) async throws -> Desks {
        let (store, _) = try await kind.open()
        let listed = cells.map { cell in
            Terminal(
                id: cell, role: .cell, zone: name("ward-1"), title: cell.text, address: 0, port: 0,
                publicKey: [])
        }
        try await store.write {
            try $0.setSite(
                Site(
                    name: "s", terminals: listed, rings: [:], ladderMs: Limits.ladderDefaultMs, officers: []))
        }
        return Desks(store, clock: Self.clock)
    }

    @Test(arguments: StoreKind.available)
    func proof_isAnswered_withoutAWriteOfItsOwn(kind: StoreKind) async throws {
        let desks = try await open(kind, cells: [.cell])
        // Its boot is new to the hub: that is written with the answer, by intake.
        _ = try await desks.prove(.cell, Self.hello(1))
        #expect(try await desks.store.read { try $0.boots(of: .cell).count } == 1)
        try await desks.store.write { try $0.setProof(of: .cell, atMs: 7, hello: Self.hello(1), behind: 0) }

        var journal = TestJournal("cell-101")
        let entry = journal.next(payload: [1]).entry
        let batch = try EventWire.decode(EventWire.encode([SyncEvent(entry: entry, boot: nil)]))
        _ = try await desks.intake.take(.init(terminal: .cell, hello: Self.hello(1), batch: batch))
        try await desks.store.write { try $0.setProof(of: .cell, atMs: 7, hello: Self.hello(1), behind: 0) }

        let reply = try await desks.prove(.cell, Self.hello(1, alarm: 3))
        #expect(reply.cursors == [.alarm: 1] && !reply.hasOrders && reply.proofMs == nil)
        #expect(try await desks.proofMs(of: .cell) == 7, "nothing was written for it")
        try await desks.proofs.keep()
        let kept = try await desks.store.read { try $0.terminals() }.first { $0.id == .cell }
        #expect(kept?.proofMs == 1_800_000_000_000 && kept?.behind == 2)
    }

    @Test(arguments: StoreKind.available)
    func order_isMentioned_inTheAnswer(kind: StoreKind) async throws {
        let desks = try await open(kind, cells: [.cell])
        _ = try await desks.prove(.cell, Self.hello(1))
        _ = try await desks.store.write {
            try $0.give(.acknowledge, to: .cell, alarm: makeID(), officer: nil, atMs: 1_800_000_000_000)
        }
        #expect(try await desks.prove(.cell, Self.hello(1)).hasOrders)
    }

    @Test func secondMachine_isSeen_byItsBoot() async throws {
        let desks = try await open(.sqlite, cells: [.cell])
        for boot: UInt64 in [1, 2, 1] { _ = try await desks.prove(.cell, Self.hello(boot)) }
        let cell = try await desks.store.read { try $0.terminals() }.first { $0.id == .cell }
        #expect(cell?.clonedMs != nil)
    }

    @Test func terminals_areAskedLessOften_whenThereAreVeryMany() async throws {
        let count = Limits.hubProofsPerSecondCount * Limits.syncProofMs / 1_000
        let desks = try await open(.sqlite, cells: [.cell])
        // Who never joined has no row; that it spoke is counted all the same.
        let silent = SyncHello(
            boot: nil, at: Moment(uptime: .ms(1), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs),
            generation: 0, heads: SyncHeads([:]))
        var last: Int?
        for number in 0..<(2 * count) { last = try await desks.prove(name("c-\(number)"), silent).proofMs }
        #expect(last == Limits.syncProofSlowMs)
        #expect(Limits.syncProofSlowMs < Limits.proofLateMs)
    }
}
