// SPDX-License-Identifier: Apache-2.0
import Alarms
import Crypto
import Facility
import Foundation
import Journal
import Logging
import NIOCore
import NIOPosix
import PanelLink
import Sync
import Synchronization
import TestBoard
import X509

@testable import HubServer
@testable import SyncAgent

func freshFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "wp-sync-\(UUID().uuidString.prefix(8))"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}

/// A hub that lists one cell, the cell's journal, and what makes it known to the hub: all in one folder.
final class TestJoined: Sendable {
    static let cell: TerminalID = .named("cell-101")

    let folder: String
    let port: Int
    let hub: Hub
    let journal: EventJournal
    private let written = Mutex<[Facility.Stream: UInt64]>([:])

    var parts: HubParts { hub.parts }
    var identity: String { folder + "/identity" }
    var journalPath: String { folder + "/events.db" }

    /// `name`: by which the hub is reached.
    init(name: String = "localhost") async throws {
        folder = try freshFolder()
        port = try await BadHub.freePort()
        var hubConfig = HubConfig(folder: folder)
        hubConfig.names = ["localhost", "127.0.0.1", "hub.invalid"]
        hubConfig.address = "127.0.0.1"
        (hubConfig.consolePort, hubConfig.syncPort) = (0, port)
        let store = try SQLiteStore(path: folder + "/hub.sqlite")
        let site = Self.site
        try await store.write { try $0.setSite(site, zoneTitles: [:]) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        hub = try await Hub(hubConfig, logger: logger)
        journal = EventJournal(path: folder + "/events.db", terminal: Self.cell, run: 7, wake: {})
        journal.start()
        try join(name)
    }

    deinit {
        journal.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static let site = Site(
        name: "试验所",
        terminals: [
            Terminal(
                id: cell, role: .cell, zone: .named("ward-1"), title: "101", address: 0, port: 0,
                publicKey: [])
        ], rings: [:], ladderMs: Limits.ladderDefaultMs, officers: [])

    var config: TerminalConfig {
        TerminalConfig(
            version: 1, terminal: Self.cell, site: Self.site,
            board: Board(name: "none", kind: .simulated, duties: []), keyPath: "", journalPath: journalPath,
            runtimePath: folder, operators: [])
    }

    /// Without the way over the network, which has tests of its own.
    private func join(_ name: String) throws {
        let key = P256.Signing.PrivateKey()
        let request = try HubIdentity.request(key: key.pemRepresentation, name: "x")
        let issued = try parts.authority.certify(
            requestText: request, as: Self.cell, nowMs: parts.clock.now().wallMs)
        try HubIdentity.write(
            [
                ("hub", "https://\(name):\(port)"), ("terminal", Self.cell.text),
                ("authority.pem", parts.authority.certificateText), ("key.pem", key.pemRepresentation),
                ("certificate.pem", issued.text),
            ], to: identity)
    }

    /// One entry of each of two streams, and of others by turns.
    func grow() {
        let number = append(.alarm) { id in
            let told = Annunciation(record: makeRecord(id: id), ageMs: 0, custodian: Self.cell)
            return (encodeEventID(id), Message.annunciation(told).encode())
        }
        _ = append([.duty, .health, .call, .page, .conduct][Int(number % 5)]) { _ in
            ([], [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(number % 300)))
        }
    }

    private func append(
        _ stream: Facility.Stream, _ content: (EventID) -> (subject: [UInt8], payload: [UInt8])
    ) -> UInt64 {
        // Within the lock, so that they are appended in the order of their numbers.
        written.withLock { written in
            let number = (written[stream] ?? 0) + 1
            written[stream] = number
            let id = EventID(terminal: Self.cell, stream: stream, run: 7, sequence: number)
            let (subject, payload) = content(id)
            let event = JournalEvent(
                id: id, at: EventJournal.machineClock(), kind: 1, subject: subject,
                standing: !subject.isEmpty, payload: payload)
            journal.append(event, urgent: true, now: event.at.uptime)
            return number
        }
    }

    /// Runs the sync process's own desk while the body runs.
    func syncing(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let terminal = SyncTerminal(
            identity: try HubIdentity.read(identity), config: config,
            places: SyncPlaces(
                configuration: identity + "/terminal.db", identity: identity, panel: folder + "/duty.db",
                calls: folder + "/sound/call.db"),
            loop: loop, threads: threads)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await terminal.run() }
            group.addTask { try await body() }
            // The desk does not end by itself.
            try await group.next()
            group.cancelAll()
            while try await group.next() != nil {}
        }
        try await threads.shutdownGracefully()
    }

    /// What the journal tells of a stream, and what the hub has of it.
    func entries(_ stream: Facility.Stream) async throws -> (journal: [JournalEntry], hub: [JournalEntry]) {
        let told = try JournalReader(path: journalPath).events(past: .beginning(of: stream), limit: .max >> 1)
        let stored = try await parts.store.read {
            try $0.events(of: Self.cell, stream, past: 0, limit: Int(Int32.max))
        }
        return (told, stored.map(\.entry))
    }

    func isLevel() async throws -> Bool {
        for stream in Facility.Stream.allCases {
            let (told, stored) = try await entries(stream)
            if told.count != stored.count { return false }
        }
        return true
    }
}
