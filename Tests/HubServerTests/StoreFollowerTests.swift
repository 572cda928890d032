// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import NIOHTTP1
import NIOSSL
import Sync
import Testing

@testable import HubServer

/// Two hubs on one PostgreSQL: each sees what the other took and decided.
@Suite(.enabled(if: StoreKind.available.contains(.postgresql), "needs a PostgreSQL server's programs"))
struct StoreFollowerTests {
    private static func two(
        _ body: @escaping @Sendable (_ a: TestHub, _ b: TestHub) async throws -> Void
    ) async throws {
        try await TestHub.run(.postgresql) { a in
            // The same authority, so both believe the same terminals.
            try await TestHub.run(a.parts.config) { b in try await body(a, b) }
        }
    }

    @Test func entries_areThereOnce_whenATerminalMovesBetweenHubs() async throws {
        try await Self.two { a, b in
            let (first, second) = (try TestTerminal(a, "cell-101"), try TestTerminal(b, "cell-201"))
            var sent: [TerminalID: [SyncEvent]] = [:]
            for turn in 0..<40 {
                for terminal in [first, second] {
                    terminal.move(to: (turn + (terminal === first ? 0 : 1)).isMultiple(of: 2) ? a : b)
                    let events = (0..<5).map { _ in terminal.next(terminal.emergency(), .pressed) }
                    sent[terminal.id, default: []] += events
                    // Each batch also with what the other hub has taken already.
                    let answer = try await terminal.send(Array((sent[terminal.id] ?? []).suffix(8)))
                    #expect(answer["cursors", "alarm"] == .text("\((turn + 1) * 5)"), "\(answer.body)")
                }
            }
            for (terminal, events) in sent {
                let stored = try await a.parts.store.read {
                    try $0.events(of: terminal, .alarm, past: 0, limit: 1_000)
                }
                #expect(stored.map(\.entry) == events.map(\.entry))
            }
            try await first.close()
            try await second.close()
        }
    }

    /// A cell's journal at one hub and a post's at the other tell of the same alarms at the same time.
    @Test func alarm_hasAllFacts_whenTwoJournalsTellOfItAtTwoHubs() async throws {
        try await Self.two { a, b in
            let raised = (1...60).map { number in
                AlarmRecord(
                    id: EventID(terminal: name("cell-101"), stream: .alarm, run: 7, sequence: number),
                    point: AlarmPoint(terminal: name("cell-101"), name: name("button")),
                    alarmClass: .emergency, cause: .press,
                    raised: Moment(uptime: Uptime(nanoseconds: 1), wallMs: 0, uncertaintyMs: .max))
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (hub, id) in [(a, "cell-101"), (b, "post-a")] {
                    group.addTask {
                        let terminal = try TestTerminal(hub, id)
                        for before in raised {
                            var record = before
                            record.revision += 1
                            let deed = Deed(
                                afterMs: 60, terminal: name("post-a"), officer: nil, ground: .automatic)
                            if id == "post-a" { record.annunciated = deed } else { record.presses += 1 }
                            _ = try await terminal.send([terminal.next(record, .annunciated)])
                        }
                        try await terminal.close()
                    }
                }
                try await group.waitForAll()
            }
            let found = try await a.parts.store.read { try $0.openAlarms() }
            #expect(found.count == 60)
            #expect(
                found.allSatisfy { $0.record.annunciated != nil && $0.record.presses > raised[0].presses })
        }
    }

    @Test func wall_showsWhatStands_whicheverHubWasTold() async throws {
        try await Self.two { a, b in
            let cell = try TestTerminal(a, "cell-101")
            var record = cell.emergency()
            _ = try await cell.send([cell.next(record, .raised)])
            let (id, terminal) = (record.id, cell.id)
            #expect(try await becomes { await b.parts.wall.alarm(id)?.sounding == true })
            // It speaks to the first hub; the second knows that it lives.
            _ = try await cell.send([])
            #expect(try await becomes { await b.parts.wall.isAlive(terminal) })
            cell.move(to: b)
            record.cleared = Deed(afterMs: 90, terminal: cell.id, officer: nil, ground: .automatic)
            record.revision += 1
            _ = try await cell.send([cell.next(record, .cleared)])
            #expect(try await becomes { await !a.parts.wall.listed.contains(id) })
            try await cell.close()
        }
    }

    @Test func round_isOne_andTicked_whicheverHubHearsThePress() async throws {
        try await Self.two { a, b in
            let round = try await a.parts.rounds.begin(name("ward-1"), by: name("P1042"))
            await #expect(throws: ConsoleRefusal.roundRunning) {
                try await b.parts.rounds.begin(name("ward-1"), by: name("P1042"))
            }
            let cell = try TestTerminal(b, "cell-101")
            let record = cell.emergency()
            _ = try await cell.send([cell.next(record, .raised)])
            let pressed = record.id
            #expect(
                try await becomes { try await a.parts.store.read { try $0.alarm(pressed)?.isTest } == true })
            #expect(try await a.parts.rounds.view(round.id)?.cells.map(\.state) == [.pressed])
            #expect(try await b.parts.rounds.end(round.id)?.endedAt != nil)
            await #expect(throws: ConsoleRefusal.roundEnded) { try await a.parts.rounds.end(round.id) }
            try await cell.close()
        }
    }

    @Test func cellUse_andShelves_areTheSame_atBothHubs() async throws {
        try await Self.two { a, b in
            let cell = try TestTerminal(a, "cell-101")
            func trouble(_ sequence: UInt64) -> AlarmRecord {
                AlarmRecord(
                    id: EventID(terminal: cell.id, stream: .alarm, run: 7, sequence: sequence),
                    point: AlarmPoint(terminal: cell.id, name: name("button")), alarmClass: .trouble,
                    cause: .wireCut,
                    raised: Moment(uptime: Uptime(nanoseconds: 1), wallMs: 0, uncertaintyMs: .max))
            }
            // Two of the same cause; one of them ends at the other hub: the cell stays in doubt.
            var (one, two) = (trouble(1), trouble(2))
            _ = try await cell.send([cell.next(one, .raised), cell.next(two, .raised)])
            #expect(try await becomes { await Self.use(b, "cell-101") == .doubtful })
            cell.move(to: b)
            one.cleared = Deed(afterMs: 9, terminal: cell.id, officer: nil, ground: .automatic)
            one.revision += 1
            _ = try await cell.send([cell.next(one, .cleared)])
            await b.parts.followUp.settled()
            #expect(try await a.parts.uses.use(of: name("cell-101"))?.use == .doubtful)
            two.cleared = one.cleared
            two.revision += 1
            _ = try await cell.send([cell.next(two, .cleared)])
            #expect(try await becomes { await Self.use(a, "cell-101") == .usable })
            #expect(try await a.parts.store.read { try $0.countUses() } == 2)
            try await cell.close()
        }
    }

    private static func use(_ hub: TestHub, _ terminal: String) async -> Use? {
        await hub.parts.wall.view(Sight()).zones.flatMap(\.terminals).first { $0.id == terminal }?.use
    }

    @Test func signIn_andRevocation_andShelf_reachTheOtherHub() async throws {
        try await Self.two { a, b in
            try await a.account("lead", .supervisor)
            try await a.account("li", .technician)
            let (browser, tech) = (try TestBrowser(a), try TestBrowser(a))
            _ = try await browser.signIn("lead")
            _ = try await tech.signIn("li")
            await browser.move(to: b)
            #expect(try await browser.ask(.GET, "/api/wall").status == 200)

            let shelf = JSONValue.object([
                "key": .text("cellCall/*/ward-1"), "minutes": .int(30), "reason": .text("检修"),
            ])
            let shelved = try await browser.ask(.POST, "/api/shelve", shelf)
            #expect(shelved.status == 200, "\(shelved.body)")
            #expect(try await becomes { await a.parts.wall.shelvedCount == 1 })
            await browser.move(to: a)
            let over = JSONValue.object(["key": .text("cellCall/*/ward-1")])
            #expect(try await browser.ask(.POST, "/api/unshelve", over).status == 200)
            #expect(try await becomes { await b.parts.wall.shelvedCount == 0 })

            let certificate = try b.terminal("cell-101")
            try await b.parts.store.write {
                try $0.putCertificate(
                    serial: certificate.serial, terminal: name("cell-101"), notAfterMs: .max)
            }
            let cell = try TestTerminal(b, "cell-101", certificate)
            #expect(try await cell.send([]).status == 200)
            #expect(try await tech.ask(.POST, "/api/terminals/cell-101/revoke", .object([:])).status == 200)
            let (peer, nowMs) = (
                try #require(try certificate.peer(b)), b.parts.clock.now().wallMs
            )
            #expect(
                try await becomes {
                    do { try b.parts.roster.check(peer, nowMs: nowMs + 60_000) } catch { return true }
                    return false
                })
            #expect(try await cell.send([]).status == 403)
            // Signed out at one, out at the other.
            #expect(try await browser.ask(.DELETE, "/api/session").status < 300)
            try await browser.close()
            try await tech.close()
            try await cell.close()
        }
    }
}

extension TestIdentity {
    fileprivate func peer(_ hub: TestHub) throws -> PeerIdentity? {
        hub.parts.authority.peer(
            der: try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem).toDERBytes(),
            nowMs: hub.parts.clock.now().wallMs)
    }
}
