// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import PanelLink
import Synchronization

/// A post and many cells with their whole page desks in one process, for measuring: sockets and datagrams are
/// real, over multicast on loopback; their journals are not. An actor on libre's thread.
actor PageCrowd {
    /// Who hears: the stage for many, or a loudspeaker of each cell's own.
    enum Hearers: Sendable {
        case stage(PageStage)
        case speakers([Speaker])
    }

    nonisolated let loop: ReLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let site: Site
    private let plan: PagePlan
    private let secrets: [LinkKeys]
    private var desks: [PageDesk] = []
    private var minted: UInt64 = 0
    private static let zone = ZoneID("ward-1")
    static let rateHz = VoiceSettings().sampleRateHz

    init(_ loop: ReLoop, cells: Int) throws(Fault) {
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
        site = Site(name: "bench", terminals: terminals, rings: [zone: [[terminals[0].id]]], ladderMs: [1_000],
            officers: [])
        plan = PagePlan(
            group: PageGroup(
                address: 0xefc0_4800 | .random(in: 1...250), port: ports[cells + 1], codec: .opus), toneMs: 0,
            ports: Dictionary(uniqueKeysWithValues: zip(terminals.map(\.id), ports)))
        (self.loop, self.secrets) = (loop, secrets)
    }

    /// `lossPercent`: of datagrams and of voice, at every receiver.
    func begin(_ hearers: Hearers, lossPercent: Int = 0) throws(Fault) {
        for (number, terminal) in site.terminals.enumerated() {
            let own = secrets[number]
            let desk = try PageDesk(
                PageDesk.Parts(
                    own: terminal, site: site, plan: plan,
                    keys: { [site] id in site.terminal(id).flatMap { CallKeys(own, peer: $0.publicKey) } },
                    rateHz: Self.rateHz, ears: Self.ears(hearers, number),
                    record: { [unowned self] _ in assumeIsolated { $0.mint(terminal.id) } }, sign: { _ in },
                    loses: { lossPercent > 0 && Int.random(in: 0..<100) < lossPercent }))
            try desk.begin()
            desks.append(desk)
        }
    }

    private static func ears(_ hearers: Hearers, _ number: Int) -> PageDesk.Ears {
        switch hearers {
        case .stage(let stage):
            PageDesk.Ears(add: { voice, _ in stage.add(voice) }, end: { stage.end($0) }, others: { _ in nil })
        case .speakers(let speakers): PageDesk.Ears(speakers[number % speakers.count])
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

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, Fault>?>(nil)
    }

    /// Waits on the calling thread, which is none of the pool, for what is done on the loop's.
    nonisolated func ask<Value: Sendable>(
        _ deed: @escaping @Sendable (isolated PageCrowd) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let answer = Answer<Value>()
        let bell = wp_eventfd()
        defer { close(bell) }
        Task {
            let made = await perform(deed)
            answer.value.withLock { $0 = made }
            wp_eventfd_wake(bell)
        }
        var ready: [Int16] = [0]
        while true {
            if let made = answer.value.withLock({ $0 }) { return try made.get() }
            _ = wp_poll([bell], &ready, 1, -1)
        }
    }

    private func perform<Value: Sendable>(
        _ deed: @Sendable (isolated PageCrowd) throws(Fault) -> Value
    ) -> Result<Value, Fault> {
        do throws(Fault) { return .success(try deed(self)) } catch { return .failure(error) }
    }

    var isOver: Bool { desks[0].speaking?.dispatch.isOver ?? true }

    func end() {
        for desk in desks { desk.end() }
        desks = []
    }
}
