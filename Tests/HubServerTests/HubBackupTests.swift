// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Facility
import Foundation
import Journal
import Logging
import NIOHTTP1
import Sync
import Synchronization
import Testing

@testable import HubServer

struct HubBackupTests {
    /// Backed up after 20 entries, gone after 50: a hub restored from the old file is the same hub to its
    /// terminals, and they bring again what it has lost.
    @Test(arguments: StoreKind.available)
    func restoredHub_isHealed_byWhatTerminalsBringAgain(kind: StoreKind) async throws {
        let (file, shelf) = (try temporaryFolder() + "/old.backup", Shelf())
        try await TestHub.run(kind) { hub in
            try await hub.account("li", .technician)
            let identity = try hub.terminal("cell-101")
            let cell = try TestTerminal(hub, "cell-101", identity)
            let events = (0..<50).map { _ in cell.next(cell.emergency(), .pressed) }
            #expect(try await cell.send(Array(events[0..<20])).status == 200)
            try await HubBackup.make(hub.parts.config, to: file)
            #expect(try await cell.send(Array(events[20..<50]))["cursors", "alarm"] == .text("50"))
            await #expect(throws: Fault.self, "never over a file") {
                try await HubBackup.make(hub.parts.config, to: file)
            }
            if kind == .sqlite {
                await #expect(throws: Fault.self, "never under a hub that serves") {
                    try await HubBackup.restore(hub.parts.config, from: file)
                }
            }
            await shelf.put(identity, events, cell.journal, hub.hub.fingerprint)
            try await cell.close()
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)

        var config = try TestHub.config(kind)
        let aside = try await HubBackup.restore(config, from: file).aside
        #expect(aside == nil, "nothing stood in the new folder")
        config.consolePort = 0
        let restored = config
        try await TestHub.run(restored) { hub in
            let (identity, events, journal, fingerprint) = await shelf.taken()
            #expect(hub.hub.fingerprint == fingerprint && hub.hub.firstCode == nil)
            let cell = try TestTerminal(hub, "cell-101", identity, journal: journal)
            let head = try await cell.send([])
            #expect(head["cursors", "alarm"] == .text("20"), "\(head.body)")
            #expect(try await cell.send(Array(events[20..<50]))["cursors", "alarm"] == .text("50"))
            #expect(try await hub.parts.store.read { try $0.countEvents() } == 50)
            #expect(try await hub.parts.store.read { try $0.auditBreak() } == nil)
            // The auditor reads how much had been lost, once.
            let notes = try await hub.parts.store.read { try $0.audit(from: 1, limit: 99) }.filter {
                $0.what == "hub.restored"
            }
            #expect(notes.map(\.subject) == ["restored: 30 events offered again"])
            #expect(notes.first?.who == "cell-101")
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("li").status == 200)
            try await cell.close()
            try await browser.close()
        }
    }

    /// Recordings go beside it, as they were sealed, and with them the key that opens them.
    @Test func recordingsAndTheirKey_comeBack_andASecondBackupBringsWhatIsNew() async throws {
        let file = try temporaryFolder() + "/hub.backup"
        let shelf = HubBackup.recordings(of: file) + "/ab"
        try await TestHub.run { hub in
            let (config, files) = (hub.parts.config, FileManager.default)
            let key = try HubKeeping.recordingKey(config)
            let kept = config.folder + "/recordings/ab"
            try files.createDirectory(atPath: kept, withIntermediateDirectories: true)
            try "one".write(toFile: kept + "/ab1.opus", atomically: true, encoding: .utf8)
            try await HubBackup.make(config, to: file)
            #expect(try files.contentsOfDirectory(atPath: shelf) == ["ab1.opus"])
            try "two".write(toFile: kept + "/ab2.opus", atomically: true, encoding: .utf8)
            try files.removeItem(atPath: file)
            try await HubBackup.make(config, to: file)
            let fresh = try TestHub.config(.sqlite)
            _ = try await HubBackup.restore(fresh, from: file)
            #expect(try HubKeeping.recordingKey(fresh) == key)
            let back = fresh.folder + "/recordings/ab/ab2.opus"
            #expect(try String(contentsOfFile: back, encoding: .utf8) == "two")
        }
    }

    /// A backup is one moment, however much comes in meanwhile.
    @Test(arguments: StoreKind.available)
    func backup_isOneMoment_whileEntriesComeIn(kind: StoreKind) async throws {
        let file = try temporaryFolder() + "/busy.backup"
        try await TestHub.run(kind) { hub in
            let (begun, tell) = AsyncStream.makeStream(of: Void.self)
            let done = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in ["cell-101", "cell-201", "post-a"] {
                    group.addTask {
                        let terminal = try TestTerminal(hub, id)
                        while !done.isSet {
                            let events = (0..<50).map { _ in terminal.next(terminal.emergency(), .pressed) }
                            #expect(try await terminal.send(events).status == 200)
                            tell.yield()
                        }
                        try await terminal.close()
                    }
                }
                var count = 0
                for await _ in begun {
                    count += 1
                    if count == 10 { break }
                }
                try await HubBackup.make(hub.parts.config, to: file)
                done.set()
                try await group.waitForAll()
            }
        }
        let config = try TestHub.config(kind)
        _ = try await HubBackup.restore(config, from: file)
        let store = try await HubKeeping.store(config)
        #expect(try await store.read { try $0.auditBreak() } == nil)
        #expect(try await store.read { try $0.countEvents() } >= 500)
        for id in ["cell-101", "cell-201", "post-a"] {
            let (events, heads) = try await store.read { session in
                (
                    try session.events(of: name(id), .alarm, past: 0, limit: .max >> 32),
                    try session.heads(of: name(id))
                )
            }
            #expect(events.map(\.entry.sequence) == Array(1...UInt64(events.count)), "\(id)")
            #expect(
                heads == [
                    StreamHead(
                        stream: .alarm, sequence: UInt64(events.count), hash: events.last?.entry.hash ?? [])
                ])
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.entry.hash == $1.entry.previousHash })
        }
    }

    /// Who was shut out since the backup stays out, and who joined since can be shut out.
    @Test func certificates_areAsBefore_whenTheBackupIsOlder() async throws {
        let (config, file) = (try TestHub.config(.sqlite), try temporaryFolder() + "/old.backup")
        try await HubKeeping.store(config).write { try $0.setSite(TestHub.site) }
        try await TestHub.run(config) { hub in
            try await hub.account("li", .technician)
            let (browser, old) = (try TestBrowser(hub), try hub.terminal("cell-101"))
            func keep(_ identity: TestIdentity, _ id: String) async throws {
                let issued = IssuedCertificate(
                    text: identity.certificate, serial: identity.serial,
                    notAfterMs: hub.parts.clock.now().wallMs + 1_000_000)
                try await JoinRoute.note(issued, of: name(id), what: "terminal.join", hub.parts)
            }
            try await keep(old, "cell-101")
            try await HubBackup.make(config, to: file)
            _ = try await browser.signIn("li")
            #expect(
                try await browser.ask(.POST, "/api/terminals/cell-101/revoke", .object([:])).status == 200)
            try await keep(try hub.terminal("cell-201"), "cell-201")
            try await browser.close()
        }
        let restored = try await HubBackup.restore(config, from: file)
        #expect(restored.kept.count == 2, "\(restored.kept)")
        #expect(restored.kept.contains { $0.hasPrefix("cell-101: ") && $0.contains("refused") })
        #expect(restored.kept.contains { $0.hasPrefix("cell-201: ") && $0.contains("given since") })
        let store = try await HubKeeping.store(config)
        let atMs = HubClock.machine.now().wallMs
        #expect(try await store.read { try $0.revocations().values.contains { $0 <= atMs } })
        let shut = try await store.write { try $0.revokeCertificates(of: name("cell-201"), atMs: atMs) }
        #expect(shut.count == 1)
    }

    @Test func restore_movesAside_whatStoodBefore_andRefusesWhatIsNone() async throws {
        let (config, file) = (try TestHub.config(.sqlite), try temporaryFolder() + "/a.backup")
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let fingerprint = try await Hub(config, logger: logger).fingerprint
        try await HubBackup.make(config, to: file)
        let aside = try await HubBackup.restore(config, from: file).aside
        #expect(FileManager.default.fileExists(atPath: try #require(aside) + "/hub.sqlite"))
        #expect(try await Hub(config, logger: logger).fingerprint == fingerprint)

        let half = try Data(contentsOf: URL(fileURLWithPath: file))
        let wrong = try temporaryFolder()
        try Data("no database".utf8).write(to: URL(fileURLWithPath: wrong + "/text"))
        try half.prefix(half.count / 2).write(to: URL(fileURLWithPath: wrong + "/half"))
        _ = try SQLiteStore(path: wrong + "/store")
        for name in ["text", "half", "store", "absent"] {
            await #expect(throws: (any Error).self, "\(name)") {
                try await HubBackup.restore(config, from: wrong + "/" + name)
            }
        }
        #expect(try await Hub(config, logger: logger).fingerprint == fingerprint, "untouched by what failed")
    }
}

/// What outlives the first hub.
private actor Shelf {
    private var kept: (TestIdentity, [SyncEvent], TestJournal, String)?

    func put(
        _ identity: TestIdentity, _ events: [SyncEvent], _ journal: TestJournal, _ fingerprint: String
    ) {
        kept = (identity, events, journal, fingerprint)
    }

    func taken() -> (TestIdentity, [SyncEvent], TestJournal, String) {
        guard let kept else { fatalError("nothing was put here") }
        return kept
    }
}

/// Whether something is over; for many tasks.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
