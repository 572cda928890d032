// SPDX-License-Identifier: Apache-2.0
import Alarms
import AsyncHTTPClient
import Console
import ConsoleServer
import Crypto
import Facility
import Foundation
import Journal
import NIOHTTP1
import Sync
import SyncAgent
import Testing

@testable import HubServer

/// A facility's hub below a city's, both whole, over TLS.
struct CarrierTests {
    private static let facility: TerminalID = name("wh1")

    /// The city lists the facility `wh1`, and has a terminal of its own.
    private static func city() async throws -> HubConfig {
        var config = try TestHub.config(.sqlite)
        (config.consolePort, config.syncPort) = (try await freePort(), try await freePort())
        let own = Terminal(
            id: name("city-post"), role: .post, zone: name("city"), title: "市局", address: 0, port: 0,
            publicKey: [])
        let site = Site(name: "市局", terminals: [own], rings: [:], ladderMs: [], officers: [])
        try await HubKeeping.store(config).write { session in
            try session.setSite(site)
            try session.setBelow(facility, TestHub.site)
        }
        return config
    }

    private static func join(_ lower: TestHub, _ city: TestHub) async throws {
        let (code, nowMs) = (Secrets.code(), city.parts.clock.now().wallMs)
        try await city.parts.store.write {
            try $0.putJoinCode(
                Secrets.hash(code), terminal: facility, serial: nil, expiresMs: nowMs + 60_000)
        }
        let said = try await HubAbove.join(
            lower.parts.config, to: "https://localhost:\(city.console)", code: code)
        #expect(said.hasSuffix("as wh1"))
    }

    private static func entries(_ hub: TestHub, _ terminal: String) async throws -> [[JournalEntry]] {
        try await hub.parts.store.read { session in
            try Facility.Stream.allCases.map {
                try session.events(of: name(terminal), $0, past: 0, limit: 10_000).map(\.entry)
            }
        }
    }

    private static func isLevel(_ lower: TestHub, _ city: TestHub) async throws -> Bool {
        let has = try await (lower.parts.store.read { try $0.countEvents() })
        return try await city.parts.store.read { try $0.countEvents() } == has
    }

    private static func expectEqual(_ lower: TestHub, _ city: TestHub) async throws {
        #expect(try await becomes { try await isLevel(lower, city) })
        for terminal in ["cell-101", "cell-201", "post-a"] {
            #expect(try await entries(lower, terminal) == entries(city, terminal), "\(terminal)")
        }
        let asked: [(String, [HubValue])] = [("SELECT count(*) FROM aside", [])]
        for (sql, values) in asked {
            #expect(try await city.parts.store.read { try $0.rows(sql, values).first?.int(0) } == 0)
        }
    }

    @Test(arguments: StoreKind.available)
    func city_hasEachEntryOnceInOrder_alsoAfterItWasAwayAndPutBack(kind: StoreKind) async throws {
        let (config, file) = (try await Self.city(), try temporaryFolder() + "/city.backup")
        try await TestHub.run(kind) { lower in
            let (cell, other) = (try TestTerminal(lower, "cell-101"), try TestTerminal(lower, "cell-201"))
            var health = TestJournal("cell-201", .health)
            func grow() async throws {
                for terminal in [cell, other] {
                    let events = (0..<20).map { _ in terminal.next(terminal.emergency(), .pressed) }
                    #expect(try await terminal.send(events).status == 200)
                }
            }
            try await grow()
            // Streams that are no alarms look only once a minute whether the other hub was put back.
            let entries = (0..<10).map { health.next(payload: [UInt8($0)]).entry }
            let events = entries.map { SyncEvent(entry: $0, boot: other.boot) }
            #expect(try await other.send(events).status == 200)
            let first = try await TestHub.start(config)
            try await Self.join(lower, first.hub)
            try await Self.expectEqual(lower, first.hub)
            try await HubBackup.make(config, to: file)
            try await grow()
            try await Self.expectEqual(lower, first.hub)
            await first.stop()
            // The child works while the parent is down.
            try await grow()
            #expect(await lower.parts.wall.isAlive(name("cell-101")))
            let second = try await TestHub.start(config)
            try await Self.expectEqual(lower, second.hub)
            // A terminal that lives below is seen to live above.
            #expect(try await cell.send([]).status == 200)
            #expect(try await becomes { await second.hub.parts.wall.isAlive(name("cell-101")) })
            #expect(await second.hub.parts.wall.isAlive(Self.facility))
            await second.stop()
            _ = try await HubBackup.restore(config, from: file)
            let restored = try await TestHub.start(config)
            try await Self.expectEqual(lower, restored.hub)
            await restored.stop()
            try await cell.close()
            try await other.close()
        }
    }

    @Test func alarm_ringsOnTheCitysWall_underItsFacility_butNotAsHistory() async throws {
        let config = try await Self.city()
        try await TestHub.run { lower in
            try await TestHub.run(config) { city in
                try await Self.join(lower, city)
                let (cell, old) = (try TestTerminal(lower, "cell-101"), try TestTerminal(lower, "cell-201"))
                old.sinceMs = 60_000
                let (live, late) = (cell.emergency(), old.emergency())
                // Terminals whose clock was never set: only their own uptime tells how old it is.
                _ = try await old.send([old.next(late, .raised, isClockSet: false)])
                _ = try await cell.send([cell.next(live, .raised, isClockSet: false)])
                #expect(try await becomes { try await Self.isLevel(lower, city) })
                let lateID = late.id
                #expect(try await becomes { await city.parts.wall.alarm(lateID) != nil })
                let (seen, past) = (
                    try #require(await city.parts.wall.alarm(live.id)),
                    try #require(await city.parts.wall.alarm(late.id))
                )
                #expect(!seen.history && seen.sounding && seen.zone == "试验所")
                #expect(past.history && !past.sounding)
                #expect(city.parts.book.title(name("wh1") as ZoneID) == "试验所")
                try await cell.close()
                try await old.close()
            }
        }
    }

    /// City's console → facility's hub → terminal, which decides; the answer back the same way.
    @Test func deed_goesDown_andTheTerminalDecides() async throws {
        let config = try await Self.city()
        try await TestHub.run { lower in
            try await TestHub.run(config) { city in
                try await Self.join(lower, city)
                let cell = try TestTerminal(lower, "cell-101")
                let live = cell.emergency()
                _ = try await cell.send([cell.next(live, .raised)])
                #expect(try await becomes { try await Self.isLevel(lower, city) })
                #expect(try await becomes { await city.parts.wall.isAlive(Self.facility) })
                try await city.account("lead", .supervisor)
                let browser = try TestBrowser(city)
                _ = try await browser.signIn("lead")
                func deed(_ action: String, answer: String) async throws -> TestAnswer {
                    let path = "/api/alarms/\(live.id.description.replacing("/", with: "%2F"))/\(action)"
                    async let said = browser.ask(.POST, path, .object([:]))
                    let orders = try await cell.ask(.GET, "/v1/orders?after=\(cell.done)&wait=20")
                    #expect(orders.body.contains("\"kind\":\"\(action)\""), "\(orders.body)")
                    #expect(orders.body.contains("\"officer\":\"P1042\""))
                    cell.done += 1
                    _ = try await cell.ask(.POST, "/v1/orders/\(cell.done)", Array(answer.utf8))
                    return try await said
                }
                let refused = try await deed("clear", answer: "{\"refusal\":\"notAttended\"}")
                #expect(refused.status == 409 && refused["error", "code"] == .text("notAttended"))
                #expect(refused["error", "zh"] == .text(AlarmRefusal.notAttended.chinese))
                #expect(try await deed("acknowledge", answer: "{\"refusal\":null}").status == 200)
                let notes = try await lower.parts.store.read { try $0.audit(downFrom: .max, limit: 20) }
                let orders = notes.filter { $0.what == "hub.order" }
                #expect(
                    orders.map(\.outcome) == ["done", "notAttended"]
                        && orders.allSatisfy { $0.who == "above" })
                try await browser.close()
                try await cell.close()
            }
        }
    }

    @Test(arguments: StoreKind.available)
    func test_isNoPressAbove_whenTheFacilitysRoundSaysSo(kind: StoreKind) async throws {
        let config = try await Self.city()
        try await TestHub.run(kind) { lower in
            let cell = try TestTerminal(lower, "cell-101")
            let pressed = cell.emergency()
            _ = try await cell.send([cell.next(pressed, .raised)])
            let id = pressed.id
            try await lower.parts.store.write { try $0.setTest(true, of: id) }
            try await TestHub.run(config) { city in
                try await Self.join(lower, city)
                #expect(
                    try await becomes {
                        try await city.parts.store.read { try $0.alarm(id)?.isTest ?? false }
                    })
                // It was real after all.
                try await lower.parts.store.write { try $0.setTest(false, of: id) }
                #expect(
                    try await becomes {
                        try await city.parts.store.read { try $0.alarm(id)?.isTest == false }
                    })
                #expect(
                    try await becomes { try await lower.parts.store.read { try $0.untoldTests().isEmpty } })
            }
            try await cell.close()
        }
    }

    @Test func facility_isOnTheWall_whenItIsListedWhileTheHubServes() async throws {
        let config = try TestHub.config(.sqlite)
        let own = Terminal(
            id: name("city-post"), role: .post, zone: name("city"), title: "市局", address: 0, port: 0,
            publicKey: [])
        try await HubKeeping.store(config).write {
            try $0.setSite(Site(name: "市局", terminals: [own], rings: [:], ladderMs: [], officers: []))
        }
        try await TestHub.run(config) { city in
            @Sendable func isShown(_ terminal: String) async -> Bool {
                await city.parts.wall.view(Sight()).zones.flatMap(\.terminals).contains { $0.id == terminal }
            }
            let before = await isShown("cell-101")
            #expect(!before)
            try await city.parts.store.write { try $0.setBelow(Self.facility, TestHub.site) }
            #expect(try await becomes { await isShown("cell-101") })
            #expect(city.parts.book.title(name("wh1") as ZoneID) == "试验所")
            #expect(await isShown("city-post"))
        }
    }

    @Test func hubBelow_isRefused_whenItBringsWhatIsNotListedUnderIt() async throws {
        let config = try await Self.city()
        try await TestHub.run(config) { city in
            let hub = try city.terminal("wh1")
            let client = try city.client(hub)
            func bring(_ events: [SyncEvent]) async throws -> TestAnswer {
                let hello = SyncHello(
                    boot: nil, at: city.parts.clock.now(), generation: 0, heads: SyncHeads())
                return try await client.ask(
                    .POST, "https://localhost:\(city.sync)/v1/events",
                    headers: hello.headers.map { ($0.name, $0.value) }, body: EventWire.encode(events))
            }
            var mine = TestJournal("cell-101")
            #expect(
                try await bring([SyncEvent(entry: mine.next(payload: [1]).entry, boot: nil)]).status == 200)
            // Of the city's own terminal, of one that nobody lists, and of the hub itself in another's place.
            for stranger in ["city-post", "cell-999"] {
                var journal = TestJournal(stranger)
                let answer = try await bring([SyncEvent(entry: journal.next(payload: [1]).entry, boot: nil)])
                #expect(answer.status == 409 && answer.body.contains("\"terminal\""), "\(answer.body)")
            }
            // A terminal brings nobody's but its own, a hub's neither.
            let post = try TestTerminal(city, "city-post")
            let foreign = try await post.send([
                SyncEvent(entry: mine.next(payload: [2]).entry, boot: nil)
            ])
            #expect(foreign.status == 409 && foreign.body.contains("\"terminal\""))
            #expect(try await city.parts.store.read { try $0.countEvents() } == 1)
            // Nor does it learn how far others are.
            let asked = Array(
                """
                {"terminals":[{"id":"cell-101","generation":"0"},{"id":"city-post","generation":"0"}]}
                """.utf8)
            let told = try await client.ask(
                .POST, "https://localhost:\(city.sync)/v1/carried", body: asked)
            #expect(told["cursors", "cell-101", "alarm"] == .text("1"), "\(told.body)")
            #expect(told["cursors", "city-post"] == .null)
            // Not listed any more: everything of it is refused.
            try await city.parts.store.write {
                _ = try $0.run("UPDATE terminal SET listed = 0 WHERE id = 'wh1'")
            }
            try await city.parts.roster.refresh(from: city.parts.store)
            #expect(try await bring([]).status == 403)
            try await client.shutdown()
            try await post.close()
        }
    }

    @Test func list_isRefused_whenANameIsAnothersAlready() async throws {
        let config = try await Self.city()
        let store = try await HubKeeping.store(config)
        await #expect(throws: Fault.self) {
            try await store.write { try $0.setBelow(name("wh2"), TestHub.site) }
        }
        // The same facility again, smaller: who is gone is no longer taken.
        var site = TestHub.site
        site.terminals.removeLast()
        let smaller = site
        try await store.write { try $0.setBelow(Self.facility, smaller) }
        let roster = Roster()
        try await roster.refresh(from: store)
        #expect(roster.mayBring(Self.facility, name("cell-101")))
        #expect(!roster.mayBring(Self.facility, name("post-a")) && !roster.isListed(name("post-a")))
        #expect(!roster.mayBring(name("cell-101"), name("cell-201")))
        // The city's own site anew leaves what is below as it is.
        try await store.write {
            try $0.setSite(Site(name: "市局", terminals: [], rings: [:], ladderMs: [], officers: []))
        }
        try await roster.refresh(from: store)
        #expect(roster.isListed(Self.facility) && roster.mayBring(Self.facility, name("cell-201")))
    }
}
