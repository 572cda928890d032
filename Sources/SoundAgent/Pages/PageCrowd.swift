// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import PanelLink

/// A post and many cells with their whole page desks in one process, for measuring: sockets and datagrams are
/// real, over multicast on loopback; their journals are not. One thread, which is theirs while it runs.
final class PageCrowd {
    private static let zone = ZoneID("ward-1")
    static let rateHz = VoiceSettings().sampleRateHz

    private var desks: [PageDesk] = []
    private var dueAt: [Uptime?]
    private var minted: UInt64 = 0

    /// `ears`: of each terminal by its number; the post is 0. `lossPercent`: of datagrams and of voice, at
    /// every receiver.
    init(cells: Int, lossPercent: Int = 0, ears: (Int) -> PageDesk.Ears) throws(Fault) {
        var ports = [UInt16](repeating: 0, count: cells + 2)
        guard wp_free_ports(&ports, ports.count) == 0, let zone = Self.zone else {
            throw Fault(
                "find free ports", at: "127.0.0.1", cause: "there are none",
                hint: "Check that the loopback interface is up: ip link show lo.")
        }
        let secrets = (0...cells).map { _ in LinkKeys.generate() }
        let terminals = (0...cells).compactMap { number -> Terminal? in
            guard let id = TerminalID(number == 0 ? "post" : "cell-\(number)") else { return nil }
            return Terminal(
                id: id, role: number == 0 ? .post : .cell, zone: zone, title: id.text, address: 0x7f00_0001,
                port: 1, publicKey: secrets[number].publicKey)
        }
        let site = Site(
            name: "bench", terminals: terminals, rings: [zone: [[terminals[0].id]]], ladderMs: [1_000],
            officers: [])
        let plan = PagePlan(
            group: PageGroup(
                address: 0xefc0_4800 | .random(in: 1...250), port: ports[cells + 1], codec: .opus), toneMs: 0,
            ports: Dictionary(uniqueKeysWithValues: zip(terminals.map(\.id), ports)))
        dueAt = terminals.map { _ in nil }
        for (number, terminal) in terminals.enumerated() {
            let own = secrets[number]
            let keys = Dictionary(
                uniqueKeysWithValues: terminals.indices.compactMap { other -> (TerminalID, CallKeys)? in
                    // Cells speak with the post alone.
                    guard number == 0 || other == 0 else { return nil }
                    return CallKeys(own, peer: secrets[other].publicKey).map { (terminals[other].id, $0) }
                })
            let desk = try PageDesk(
                PageDesk.Parts(
                    own: terminal, site: site, plan: plan, keys: { keys[$0] }, rateHz: Self.rateHz,
                    ears: ears(number), record: { [unowned self] _ in mint(terminal.id) }, sign: { _ in },
                    wake: { [unowned self] in dueAt[number] = $0 },
                    loses: { lossPercent > 0 && Int.random(in: 0..<100) < lossPercent }))
            desk.begin()
            desks.append(desk)
        }
    }

    private func mint(_ id: TerminalID) -> EventID {
        minted += 1
        return EventID(terminal: id, stream: .page, run: 1, sequence: minted)
    }

    /// The key: a sound, to all cells. CLOCK_MONOTONIC.
    func page(_ samples: [Int16], isEmergency: Bool) throws(Fault) -> UInt64 {
        let now = PageDesk.now
        let order = PageOrder(zones: [], voice: .unit("bench"), isEmergency: isEmergency)
        do throws(CallRefusal) {
            _ = try desks[0].speak(order, .sound(samples), officer: nil, at: now)
        } catch {
            throw Fault("page", at: "bench", cause: error.phrase.en, hint: "Run the bench alone.")
        }
        return now.nanoseconds
    }

    var isOver: Bool { desks[0].speaking?.dispatch.isOver ?? true }

    /// Does what the terminals have to do, until `isDone`, which is asked every 5 ms at the latest.
    func run(until isDone: () -> Bool) {
        var looks = desks.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
        while !isDone() {
            let now = PageDesk.now
            let next = min(dueAt.compactMap { $0 }.min() ?? .init(nanoseconds: .max), now.advanced(ms: 5))
            _ = poll(&looks, nfds_t(looks.count), Int32(next.ms(since: now)))
            for (number, desk) in desks.enumerated() {
                if looks[number].revents != 0 { desk.hear() }
                if let due = dueAt[number], due <= PageDesk.now { desk.turn() }
            }
        }
    }

    func end() {
        for desk in desks { desk.end() }
        desks = []
    }
}
