// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
import Facility
import Foundation
import Intercom
import Journal
import PanelLink
import Testing

@testable import SoundAgent

/// A cell and two posts on loopback, each with its whole call desk, on one signalling thread; their alarm
/// processes are played by the test.
final class SoundSite {
    let folder: String
    let loop = ReLoop()
    private(set) var desks: [TerminalID: CallDesk] = [:]
    private(set) var clients: [TerminalID: SoundClient] = [:]
    private(set) var alarms: [TerminalID: LocalSocket] = [:]
    private(set) var configs: [TerminalID: TerminalConfig] = [:]

    static let cell = TerminalID("cell-101")!
    static let postA = TerminalID("post-a")!
    static let postB = TerminalID("post-b")!
    static let officer = OfficerID("P1042")!
    static let second = OfficerID("P2077")!
    static let all = [cell, postA, postB]

    init(
        phones: [Phone] = [], registrars: [Registrar] = [], card: CardName = .simulated,
        tls: SoundPlan.TLS? = nil, secrecyRequired: Bool = false
    ) throws {
        folder = "/tmp/wps-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        var ports = [UInt16](repeating: 0, count: 9)
        try #require(wp_free_ports(&ports, 9) == 0)
        let keys = Dictionary(uniqueKeysWithValues: Self.all.map { ($0, LinkKeys.generate()) })
        let zone = ZoneID("ward-1")!
        let terminals = Self.all.enumerated().map { place, id in
            Terminal(
                id: id, role: id == Self.cell ? .cell : .post, zone: zone, title: id.text,
                address: 0x7f00_0001, port: ports[place], publicKey: keys[id]?.publicKey ?? [])
        }
        let site = Site(
            name: "Test", terminals: terminals, rings: [zone: [[Self.postA, Self.postB]]],
            ladderMs: [1_000],
            officers: [Officer(id: Self.officer, name: "A"), Officer(id: Self.second, name: "B")])
        let sip = Dictionary(uniqueKeysWithValues: zip(Self.all, ports[3..<6]))
        var plan = SoundPlan(
            card: card, ports: sip, phones: phones, registrars: registrars, tls: tls,
            secrecyRequired: secrecyRequired)
        loop.start()
        for (place, id) in Self.all.enumerated() {
            plan.tls?.port = ports[6 + place]
            let config = TerminalConfig(
                version: 1, terminal: id, site: site,
                board: Board(name: "none", kind: .simulated, duties: []),
                keyPath: "\(folder)/\(id).key", journalPath: "\(folder)/\(id).db",
                runtimePath: "\(folder)/\(id)", operators: [], sound: plan)
            for path in [config.runtimePath, config.runtimePath + "-sound"] { mkdir(path, 0o700) }
            configs[id] = config
            alarms[id] = try LocalSocket(path: config.runtimePath + "/alarm.sock")
            desks[id] = try desk(config, try #require(keys[id]))
            clients[id] = try SoundClient(terminal: id, daemon: SoundClient.path(config))
        }
    }

    private func desk(_ config: TerminalConfig, _ keys: LinkKeys) throws -> CallDesk {
        let book = try CallBook(config, keys: keys)
        let bell = wp_eventfd()
        let run = UInt64.random(in: 1 ... .max)
        let journal = EventJournal(
            path: config.journalPath, terminal: config.terminal, run: run
        ) { wp_eventfd_wake(bell) }
        let parts = CallDesk.Parts(
            config: config, book: book, journal: journal, journalBell: bell,
            socket: try LocalSocket(path: SoundClient.path(config)), card: SoundProcess.card(book.plan.card),
            run: run, startedAt: .now)
        return CallDesk(parts, loop: loop)
    }

    /// A port that was free for datagrams may be somebody's connection: then the test says so, and ends well.
    func begin() async throws {
        do {
            for id in Self.all { try await desks[id]?.begin() }
        } catch {
            await end()
            throw error
        }
    }

    /// Kills nothing: a desk falls silent as a dead process would.
    func end() async {
        for desk in desks.values { await desk.endForTest() }
        loop.join()
        desks = [:]
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The next question of a terminal's sound process to its alarm process, or what it reports.
    func hears(_ id: TerminalID, ms: Int = 10_000, _ test: (Message) -> Bool) -> (Message, String)? {
        guard let socket = alarms[id] else { return nil }
        let end = Uptime.now.advanced(ms: ms)
        while Uptime.now < end {
            while let letter = socket.receive() {
                if let message = try? Message(decoding: letter.bytes), test(message) {
                    return (message, letter.sender)
                }
            }
            pause(ms: 1)
        }
        return nil
    }

    /// Until a call at this terminal looks so.
    func sees(_ id: TerminalID, ms: Int = 10_000, _ test: (CallLine) -> Bool) throws -> CallLine? {
        let end = Uptime.now.advanced(ms: ms)
        while Uptime.now < end {
            if let line = try clients[id]?.calls().calls.first(where: test) { return line }
            pause(ms: 5)
        }
        return nil
    }
}

extension CallDesk {
    /// As `end`, but the loop is the test's.
    func endForTest() {
        for leg in legs.values { leg.voice?.stop() }
        legs = [:]
        endpoint?.close()
        endpoint = nil
        for watch in watches { watch.end() }
        timer?.end()
        journal.stop()
    }
}

/// Looks until it is so, at most `ms`.
func eventually(ms: Int, _ test: () -> Bool) -> Bool {
    let end = Uptime.now.advanced(ms: ms)
    while Uptime.now < end {
        if test() { return true }
        pause(ms: 5)
    }
    return false
}
