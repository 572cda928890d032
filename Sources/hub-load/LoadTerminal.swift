// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
import Facility
import Journal
import NIOSSL
import PanelLink
import Sync
import SyncAgent

/// One terminal as the hub sees it: its certificate, its connections, its boot, its chained streams; without
/// disk or board. An actor.
actor LoadTerminal {
    private let identity: HubIdentity
    /// As `watchpost-sync` has them: alarms and heartbeats, the rest, orders; or the first alone.
    private let clients: [HubClient]
    private let boot = BootID(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max))
    private let run = UInt64.random(in: 1 ... .max)
    private var heads: [Stream: StreamHead] = [:]
    private var open: AlarmRecord?
    private(set) var trouble: [String: Int] = [:]
    private(set) var beatUs: [Int] = []
    private var isBusy = false
    /// As the hub wishes it.
    private var proofMs = Limits.syncProofMs

    init(_ identity: HubIdentity, connections: Int) throws(Fault) {
        self.identity = identity
        let (tls, trust, floor) = (try identity.tls(), try identity.trust(), identity.floor())
        clients = (0..<connections).map { _ in HubClient(identity.hub, tls: tls, trust: trust, floor: floor) }
    }

    /// Opens what it keeps open.
    func connect() async throws {
        for client in clients.prefix(2) { _ = await post([], on: client) }
    }

    /// Heartbeats, now and then a health entry, and the long poll for orders, until it is cancelled.
    func live() async {
        let orders = clients.count > 2 ? clients[2] : nil
        let poll = Task {
            while let orders, !Task.isCancelled {
                _ = await orders.get("/v1/orders?after=0&wait=25", waitMs: Limits.ordersWaitMs)
            }
        }
        try? await Task.sleep(for: .milliseconds(Int.random(in: 0..<Limits.syncProofMs)))
        var beats = Int.random(in: 0..<5)
        while !Task.isCancelled {
            let began = Uptime.now
            if beats % 5 == 0 {
                await send(.health, payload: [UInt8](repeating: UInt8(beats & 0x7f), count: 300), "rest")
            }
            if await post([], on: clients[0]) { beatUs.append(Self.us(began, .now)) }
            beats += 1
            let left = proofMs - Uptime.now.ms(since: began)
            try? await Task.sleep(for: .milliseconds(max(left, 1)))
        }
        poll.cancel()
    }

    /// A press; the one before it is over, so that the wall does not only grow. `nil`: it could not be sent,
    /// or one is under way.
    func raise() async -> Raised? {
        guard !isBusy else { return nil }
        isBusy = true
        defer { isBusy = false }
        await clear()
        let at = Uptime.now
        let sequence = (heads[.alarm]?.sequence ?? 0) + 1
        guard let button = PointName("button") else { return nil }
        let record = AlarmRecord(
            id: EventID(terminal: identity.terminal, stream: .alarm, run: run, sequence: sequence),
            point: AlarmPoint(terminal: identity.terminal, name: button), alarmClass: .emergency,
            cause: .press,
            raised: Moment(uptime: at, wallMs: wp_wall_ms(), uncertaintyMs: 50))
        guard await send(.alarm, payload: annunciation(record), "alarm") else { return nil }
        open = record
        return Raised(alarm: record.id.description, at: at)
    }

    /// What was pressed before is over.
    func clear() async {
        guard var record = open else { return }
        let deed = Deed(
            afterMs: 1_000, terminal: identity.terminal, officer: OfficerID("P1"), ground: .officer)
        (record.attended, record.cleared, record.revision) = (deed, deed, 2)
        open = nil
        await send(.alarm, payload: annunciation(record), "alarm")
    }

    private func annunciation(_ record: AlarmRecord) -> [UInt8] {
        Message.annunciation(Annunciation(record: record, ageMs: 0, custodian: identity.terminal)).encode()
    }

    /// One entry, chained on; taken back when the hub did not take it.
    @discardableResult
    private func send(_ stream: Stream, payload: [UInt8], _ lane: String) async -> Bool {
        let before = heads[stream]
        let sequence = (before?.sequence ?? 0) + 1
        let previous =
            before?.hash ?? HashChain.genesis(terminal: identity.terminal, stream: stream, generation: 0)
        let event = JournalEvent(
            id: EventID(terminal: identity.terminal, stream: stream, run: run, sequence: sequence),
            at: Moment(uptime: .now, wallMs: wp_wall_ms(), uncertaintyMs: 50), kind: 1, payload: payload)
        let hash = HashChain.hash(of: event, sequence: sequence, after: previous)
        heads[stream] = StreamHead(stream: stream, sequence: sequence, hash: hash)
        let entry = JournalEntry(event: event, sequence: sequence, previousHash: previous, hash: hash)
        let client = lane == "rest" && clients.count > 1 ? clients[1] : clients[0]
        if await post([SyncEvent(entry: entry, boot: boot)], on: client) { return true }
        if heads[stream]?.sequence == sequence { heads[stream] = before }
        return false
    }

    static func us(_ from: Uptime, _ to: Uptime) -> Int {
        Int(max(to, from).nanoseconds - from.nanoseconds) / 1_000
    }

    private func post(_ events: [SyncEvent], on client: HubClient) async -> Bool {
        let hello = SyncHello(
            boot: boot, at: Moment(uptime: .now, wallMs: wp_wall_ms(), uncertaintyMs: 50), generation: 0,
            heads: SyncHeads(heads.mapValues(\.sequence)))
        let answer = await client.post(
            "/v1/events", EventWire.encode(events), type: EventWire.contentType, headers: hello.headers)
        switch answer {
        case .answered(let body):
            proofMs = (try? SyncReply(body))?.proofMs ?? Limits.syncProofMs
            return true
        case .refused(let status, _, _): trouble["status \(status)", default: 0] += 1
        case .nothing(let why): if !Task.isCancelled { trouble[why, default: 0] += 1 }
        }
        return false
    }
}
