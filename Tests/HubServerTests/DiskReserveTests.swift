// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Foundation
import Glibc
import Journal
import NIOHTTP1
import Sync
import Testing

@testable import HubServer

/// A disk of a few MB: a tmpfs, which only root can mount.
struct DiskReserveTests {
    private static func mount(_ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = nil
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test(.enabled(if: geteuid() == 0, "only root can mount a small disk"))
    func hub_takesAlarmsAndSignIns_whileItsDiskIsFull_andTheRestAfterwards() async throws {
        let folder = try temporaryFolder()
        guard Self.mount(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder]) else {
            print("skipped: no small disk can be mounted here")
            return
        }
        defer { _ = Self.mount(["umount", "-l", folder]) }
        var config = try TestHub.config(.sqlite)
        config.folder = folder
        try await HubKeeping.store(config).write { try $0.setSite(TestHub.site) }
        try await TestHub.run(config) { hub in
            try await hub.account("zhang", .officer)
            let (cell, other) = (try TestTerminal(hub, "cell-101"), try TestTerminal(hub, "cell-201"))
            #expect(try await cell.send([]).status == 200 && !hub.parts.store.isShort)
            // Until nothing more goes in.
            var journal = TestJournal("cell-201", .health)
            var events: [SyncEvent] = []
            var taken = 0
            var status = 200
            while status == 200, events.count < 4_000 {
                events += (0..<10).map { _ in
                    let payload = [UInt8](repeating: 7, count: 30_000)
                    return SyncEvent(entry: journal.next(payload: payload).entry, boot: other.boot)
                }
                status = try await other.send(Array(events[taken...])).status
                if status == 200 { taken = events.count }
            }
            #expect(status == 507 || status == 503, "\(status)")
            #expect(hub.parts.store.isShort)

            // What is most urgent has room; a person can sign in and look.
            let record = cell.emergency()
            #expect(try await cell.send([cell.next(record, .raised)]).status == 200)
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("zhang").status == 200)
            let wall = try await browser.ask(.GET, "/api/wall")
            #expect(wall.status == 200 && wall.body.contains(record.id.description))
            #expect(try await other.send(Array(events[taken...])).status == 507)

            // Somebody makes room: what waited arrives.
            #expect(Self.mount(["mount", "-o", "remount,size=200m", folder]))
            let store = hub.parts.store
            #expect(try await becomes { !store.isShort })
            #expect(try await other.send(Array(events[taken...])).status == 200)
            let stored = try await store.read {
                try $0.events(of: name("cell-201"), .health, past: 0, limit: 10_000)
            }
            #expect(stored.map(\.entry) == events.map(\.entry))
            try await browser.close()
            try await cell.close()
            try await other.close()
        }
    }

    @Test func reserve_isTakenOnce_andAgainOnlyWhereThereIsRoom() throws {
        let folder = try temporaryFolder()
        let reserve = DiskReserve(folder: folder)
        #expect(!reserve.isGivenUp && reserve.giveUp() && !reserve.giveUp() && reserve.isGivenUp)
        #expect(!FileManager.default.fileExists(atPath: folder + "/reserve"))
        reserve.takeAgain()
        #expect(!reserve.isGivenUp && !DiskReserve(folder: folder).isGivenUp)
        #expect(DiskReserve(folder: folder + "/absent").isGivenUp)
    }
}
