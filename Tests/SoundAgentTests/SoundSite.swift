// SPDX-License-Identifier: Apache-2.0
import Alarms
import Audio
import CLinux
import DeskLink
import Facility
import Foundation
import Intercom
import Journal
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// A cell and two posts on loopback, each with its whole call desk, on one signalling thread; their alarm
/// processes are played by the test.
final class SoundSite {
    let folder: String
    let loop = ReLoop()
    private(set) var desks: [TerminalID: CallDesk] = [:]
    private(set) var clients: [TerminalID: SoundClient] = [:]
    private var alarms: [TerminalID: LocalSocket] = [:]
    private var standing: [TerminalID: [AlarmRecord]] = [:]
    private var heard: [TerminalID: [Message]] = [:]
    private(set) var configs: [TerminalID: TerminalConfig] = [:]

    static let cell = TerminalID.cell
    static let postA = TerminalID.postA
    static let postB = TerminalID.postB
    static let officer = OfficerID.named("P1042")
    static let second = OfficerID.named("P2077")
    static let all = [cell, postA, postB]

    /// A site for the length of `body`, ended on its thread however that ends.
    static func run(
        phones: [Phone] = [], registrars: [Registrar] = [], card: CardName = .simulated,
        tls: SoundPlan.TLS? = nil, secrecyRequired: Bool = false, pages: PagePlan? = nil,
        day: DayDesk.Places? = nil, own: SoundCard? = nil, _ body: (SoundSite) async throws -> Void
    ) async throws {
        let site = try SoundSite(
            phones: phones, registrars: registrars, card: card, tls: tls, secrecyRequired: secrecyRequired,
            pages: pages, day: day, own: own)
        do {
            for id in all { try await site.desks[id]?.begin() }
            try await body(site)
        } catch {
            await site.end()
            throw error
        }
        await site.end()
    }

    private init(
        phones: [Phone], registrars: [Registrar], card: CardName, tls: SoundPlan.TLS?, secrecyRequired: Bool,
        pages: PagePlan?, day: DayDesk.Places?, own: SoundCard?
    ) throws {
        folder = "/tmp/wps-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        var ports = [UInt16](repeating: 0, count: 9)
        try #require(wp_free_ports(&ports, 9) == 0)
        let keys = Dictionary(uniqueKeysWithValues: Self.all.map { ($0, LinkKeys.generate()) })
        let zone = ZoneID.named("ward-1")
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
            secrecyRequired: secrecyRequired, pages: pages)
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
            desks[id] = try desk(
                config, try #require(keys[id]), day: id == Self.cell ? day : nil,
                own: id == Self.cell ? own : nil)
            clients[id] = try SoundClient(terminal: id, daemon: SoundClient.path(config))
        }
    }

    private func desk(
        _ config: TerminalConfig, _ keys: LinkKeys, day: DayDesk.Places?, own: SoundCard?
    ) throws -> CallDesk {
        let book = try CallBook(config, keys: keys)
        let bell = wp_eventfd()
        let run = UInt64.random(in: 1 ... .max)
        let journal = EventJournal(
            path: config.journalPath, terminal: config.terminal, run: run
        ) { wp_eventfd_wake(bell) }
        let parts = CallDesk.Parts(
            config: config, book: book, journal: journal, journalBell: bell,
            socket: try LocalSocket(path: SoundClient.path(config)),
            card: own ?? SoundProcess.card(book.plan.card),
            calibrationPath: config.journalPath + ".calibration", run: run, startedAt: .now, day: day,
            dayClock: { BroadcastTerminal.clock() })
        return CallDesk(parts, loop: loop)
    }

    /// Kills nothing: a desk falls silent as a dead process would.
    private func end() async {
        for desk in desks.values { await desk.endForTest() }
        loop.join()
        desks = [:]
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A press, as the alarm's process of the terminal tells it whenever it is asked from now on.
    func press(_ id: TerminalID, _ record: AlarmRecord) { standing[id, default: []].append(record) }

    /// The alarm processes' part: whoever asks is told what stands; what they are told is kept.
    private func playAlarms() {
        for (id, socket) in alarms {
            while let letter = socket.receive() {
                guard let message = try? Message(decoding: letter.bytes) else { continue }
                heard[id, default: []].append(message)
                guard case .query(let query) = message else { continue }
                for record in standing[id] ?? [] {
                    let told = Annunciation(record: record, ageMs: 1, custodian: id)
                    _ = socket.send(
                        Message.listed(token: query.token, told, lost: false).encode(), to: letter.sender)
                }
            }
        }
    }

    /// The first unread message to a terminal's alarm process that is so; what came before it is forgotten.
    func hears(_ id: TerminalID, ms: Int = 10_000, _ test: (Message) -> Bool) -> Message? {
        let end = Uptime.now.advanced(ms: ms)
        while Uptime.now < end {
            playAlarms()
            if let place = heard[id]?.firstIndex(where: test) {
                defer { heard[id]?.removeFirst(place + 1) }
                return heard[id]?[place]
            }
            pause(ms: 1)
        }
        return nil
    }

    /// Until a call at this terminal looks so.
    func sees(_ id: TerminalID, ms: Int = 10_000, _ test: (CallLine) -> Bool) throws -> CallLine? {
        let end = Uptime.now.advanced(ms: ms)
        while Uptime.now < end {
            playAlarms()
            if let line = try clients[id]?.calls().calls.first(where: test) { return line }
            pause(ms: 5)
        }
        return nil
    }
}

extension CallDesk {
    /// As `end`, but the loop is the test's.
    func endForTest() {
        for leg in legs.values { stopVoice(leg) }
        legs = [:]
        pages?.end()
        pages = nil
        speaker.stop()
        endpoint?.close()
        endpoint = nil
        for watch in watches { watch.end() }
        timer?.end()
        endRecord()
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
