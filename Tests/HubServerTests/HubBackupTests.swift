// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Facility
import Foundation
import Logging
import NIOHTTP1
import Sync
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
            await shelf.put(identity, events, hub.hub.fingerprint)
            try await cell.close()
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)

        var config = try TestHub.config(kind)
        let (_, aside) = try await HubBackup.restore(config, from: file)
        #expect(aside == nil, "nothing stood in the new folder")
        config.consolePort = 0
        let restored = config
        try await TestHub.run(restored) { hub in
            let (identity, events, fingerprint) = await shelf.taken()
            #expect(hub.hub.fingerprint == fingerprint && hub.hub.firstCode == nil)
            let cell = try TestTerminal(hub, "cell-101", identity)
            let head = try await cell.send([])
            #expect(head["cursors", "alarm"] == .text("20"), "\(head.body)")
            #expect(try await cell.send(Array(events[20..<50]))["cursors", "alarm"] == .text("50"))
            #expect(try await hub.parts.store.read { try $0.countEvents() } == 50)
            #expect(try await hub.parts.store.read { try $0.auditBreak() } == nil)
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("li").status == 200)
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func restore_movesAside_whatStoodBefore_andRefusesWhatIsNone() async throws {
        let (config, file) = (try TestHub.config(.sqlite), try temporaryFolder() + "/a.backup")
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let fingerprint = try await Hub(config, logger: logger).fingerprint
        try await HubBackup.make(config, to: file)
        let (_, aside) = try await HubBackup.restore(config, from: file)
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
    private var kept: (TestIdentity, [SyncEvent], String)?

    func put(_ identity: TestIdentity, _ events: [SyncEvent], _ fingerprint: String) {
        kept = (identity, events, fingerprint)
    }

    func taken() -> (TestIdentity, [SyncEvent], String) {
        guard let kept else { fatalError("nothing was put here") }
        return kept
    }
}
