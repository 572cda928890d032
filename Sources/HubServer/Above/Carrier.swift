// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import Journal
import Sync
import SyncAgent

//  table `event` beyond the cursors of the hub above
//      ─> a SyncPump for each terminal ─ POST /v1/events, one terminal each ─> the hub above
//             └─ all that have nothing to say, in one: POST /v1/carried ─────────┘

/// Carries the records of this hub's terminals to the hub above it, as each terminal brought them here: the
/// same pump, the same batches, cursors for each terminal and stream.
///
/// An actor on the cooperative pool. It keeps no state: the outbox is the store, the cursors are the other
/// hub's. Always true: nobody at this hub waits for it; one request under way for a terminal's alarms and
/// one for all else; alarms have connections of their own.
actor Carrier {
    private let store: any HubStore
    private let clock: HubClock
    private let say: @Sendable (Fault) -> Void
    private var pumps: [TerminalID: SyncPump] = [:]
    private var names: [TerminalID] = []
    private var turn = 0
    /// Whose streams grew since they were last looked at.
    private var grown: Set<TerminalID> = []
    private var naps: [Int: Task<Void, Never>] = [:]
    private var lastNap = 0
    private var told: Set<Fault> = []
    private var isRunning = false
    private var chance = SystemRandomNumberGenerator()

    init(store: any HubStore, clock: HubClock, say: @escaping @Sendable (Fault) -> Void) {
        self.store = store
        self.clock = clock
        self.say = say
    }

    /// Entries of these were committed.
    func rang(_ origins: [TerminalID]) {
        guard isRunning, !origins.isEmpty else { return }
        grown.formUnion(origins)
        wake()
    }

    /// Until the certificate was renewed (begin anew with it) or the task is cancelled.
    /// `perform`: does what the hub above asks for.
    func run(
        _ identity: HubIdentity, perform: @escaping @Sendable (Order) async -> OrderAnswer
    ) async throws(Fault) {
        (pumps, names, grown, isRunning) = ([:], [], [], true)
        let sinceMs = clock.now().wallMs - Limits.troubleReachMs
        try? await store.write { try $0.forgetTold(sinceMs: sinceMs) }
        defer { isRunning = false }
        let (floor, address) = (identity.floor(), identity.address())
        let lanes =
            Array(repeating: SyncClass.alarm, count: Limits.carryAlarmLanesCount)
            + Array(repeating: SyncClass.rest, count: Limits.carryRestLanesCount)
        let clients = try (0...lanes.count + 1).map { _ throws(Fault) in
            HubClient(
                identity.hub, tls: try identity.tls(), trust: try identity.trust(), floor: floor,
                address: address)
        }
        let renewal = IdentityRenewal(identity, floor: floor, say: say)
        await withTaskGroup(of: Void.self) { group in
            for (urgency, client) in zip(lanes, clients) {
                group.addTask { await self.lane(urgency, client) }
            }
            group.addTask { await self.asking(clients[lanes.count], identity.terminal) }
            group.addTask {
                await OrderPoll(clients[lanes.count + 1]).run { order, _ in await perform(order) }
            }
            // The only one that ends by itself.
            group.addTask { await renewal.run() }
            while await group.next() != nil, !renewal.isDone {}
            group.cancelAll()
            wake()
        }
        for client in clients { await client.close() }
    }

    // MARK: What the store has

    /// Also what another hub on the store took.
    private func look() async {
        do {
            let all = try await store.read { session in
                let names = try session.carriedTerminals().map(\.id)
                return try session.cursors(of: names)
            }
            names = all.keys.sorted()
            for (origin, cursors) in all { note(origin, cursors) }
            pumps = pumps.filter { all[$0.key] != nil }
            wake()
        } catch { sayOnce(Fault.store(error, at: "the way to the hub above")) }
    }

    private func lookAtGrown() async {
        guard !grown.isEmpty else { return }
        let origins = Array(grown)
        grown = []
        // What cannot be read now is seen at the next look.
        guard let all = try? await store.read({ try $0.cursors(of: origins) }) else { return }
        for (origin, cursors) in all where pumps[origin] != nil { note(origin, cursors) }
        wake()
    }

    private func note(_ origin: TerminalID, _ cursors: [Stream: UInt64]) {
        pumps[origin, default: SyncPump()].note(
            cursors.map { StreamHead(stream: $0.key, sequence: $0.value, hash: []) })
    }

    // MARK: Entries

    private func lane(_ urgency: SyncClass, _ client: HubClient) async {
        while !Task.isCancelled {
            await lookAtGrown()
            if let (origin, plan) = next(urgency) {
                await send(plan, of: origin, client)
            } else if grown.isEmpty {
                await nap()
            }
        }
    }

    /// Terminals take turns.
    private func next(_ urgency: SyncClass) -> (TerminalID, SyncPlan)? {
        let now = clock.now().uptime
        for step in names.indices {
            let place = (turn + step) % names.count
            let origin = names[place]
            guard pumps[origin]?.hasEntries(for: urgency, at: now) == true,
                case .send(let plan)? = pumps[origin]?.next(urgency, at: now, using: &chance)
            else { continue }
            turn = place + 1
            return (origin, plan)
        }
        return nil
    }

    private func send(_ plan: SyncPlan, of origin: TerminalID, _ client: HubClient) async {
        let now = clock.now()
        var result = SyncResult.nothing
        do {
            let (request, hello) = try await store.read { session in
                (try session.fill(plan, of: origin), try session.hello(of: origin, now: now))
            }
            pumps[origin]?.sent(request, at: clock.now().uptime)
            let answer = await client.post(
                "/v1/events", request.pieces, type: EventWire.contentType, headers: hello.headers,
                patienceMs: request.patienceMs)
            result = SyncTerminal.result(of: answer)
        } catch { sayOnce(Fault.store(error, at: "the way to the hub above")) }
        take(result, plan, of: origin)
    }

    private func take(_ result: SyncResult, _ plan: SyncPlan, of origin: TerminalID) {
        pumps[origin]?.take(result, of: plan.number, at: clock.now().uptime, using: &chance)
        for fault in pumps[origin]?.takeFaults() ?? [] {
            sayOnce(
                Fault(fault.operation, at: "\(origin) \(fault.place)", cause: fault.cause, hint: fault.hint))
        }
    }

    // MARK: Questions

    private func asking(_ client: HubClient, _ own: TerminalID) async {
        while !Task.isCancelled {
            await look()
            await ask(client, own)
            try? await Task.sleep(for: .milliseconds(Limits.carryAskMs))
        }
    }

    /// One question for everybody who has nothing to send, instead of one each.
    private func ask(_ client: HubClient, _ own: TerminalID) async {
        let now = clock.now()
        var plans: [TerminalID: [SyncPlan]] = [:]
        for origin in names {
            for urgency in SyncClass.allCases
            where pumps[origin]?.hasEntries(for: urgency, at: now.uptime) == false {
                let step = pumps[origin]?.next(urgency, at: now.uptime, using: &chance)
                if case .send(let plan)? = step { plans[origin, default: []].append(plan) }
            }
        }
        let read = try? await store.read { (try $0.carriedTerminals(), try $0.untoldTests()) }
        guard let (all, tests) = read, !plans.isEmpty || !tests.isEmpty else { return }
        let asked = all.filter { plans[$0.id] != nil }
        for first in stride(from: 0, to: max(asked.count, 1), by: Limits.carriedMaxCount) {
            let part = asked[first..<min(first + Limits.carriedMaxCount, asked.count)]
            await ask(part.map { ($0, plans[$0.id] ?? []) }, first == 0 ? tests : [:], client, own)
        }
        wake()
    }

    private func ask(
        _ part: [(told: CarriedTerminal, plans: [SyncPlan])], _ tests: [EventID: Bool],
        _ client: HubClient, _ own: TerminalID
    ) async {
        let proofs = CarriedProofs(part.map { .init($0.told, nowMs: clock.now().wallMs) }, tests: tests)
        let answer = await client.post("/v1/carried", proofs.body, type: "application/json")
        var cursors: CarriedCursors?
        if case .answered(let body) = answer { cursors = CarriedCursors(body) }
        let known = (cursors?.tests ?? []).compactMap { EventID($0) }.filter { tests[$0] != nil }
        if !known.isEmpty {
            // What cannot be noted now is told again.
            try? await store.write { session in
                for id in known { try session.setTold(tests[id] ?? false, of: id) }
            }
        }
        for (terminal, plans) in part {
            for plan in plans {
                guard let cursors else {
                    take(SyncTerminal.result(of: answer), plan, of: terminal.id)
                    continue
                }
                if let reply = cursors.reply(of: terminal.id) {
                    take(.reply(reply), plan, of: terminal.id)
                } else {
                    pumps[terminal.id]?.take(
                        .refused(status: 403, retryAfterMs: nil), of: plan.number, at: clock.now().uptime,
                        using: &chance)
                    _ = pumps[terminal.id]?.takeFaults()
                    sayOnce(Self.notListed(terminal.id, own))
                }
            }
        }
    }

    private static func notListed(_ terminal: TerminalID, _ own: TerminalID) -> Fault {
        Fault(
            "tell the hub above", at: terminal.text, cause: "it does not list this terminal under \(own)",
            hint: "At the hub above: watchpost-hub --below \(own) --site FILE, with this site's file.")
    }

    // MARK: Waiting

    private func nap() async {
        lastNap += 1
        let number = lastNap
        let nap = Task { () -> Void in try? await Task.sleep(for: .milliseconds(Limits.carryAskMs)) }
        naps[number] = nap
        await withTaskCancellationHandler {
            await nap.value
        } onCancel: {
            nap.cancel()
        }
        naps[number] = nil
    }

    private func wake() { for nap in naps.values { nap.cancel() } }

    private func sayOnce(_ fault: Fault) {
        if told.count >= Limits.carriedMaxCount { told = [] }
        if told.insert(fault).inserted { say(fault) }
    }
}

extension HubSession {
    /// Reads the store and writes the body, as a terminal does from its journal.
    fileprivate func fill(_ plan: SyncPlan, of origin: TerminalID) throws -> SyncRequest {
        var boots: [UInt64: BootID?] = [:]
        return try plan.fill(
            boot: { run in
                if let known = boots[run] { return known }
                let found = try? boot(of: run, of: origin)
                boots[run] = .some(found)
                return found
            },
            read: { cursor, limit throws(Fault) in
                do {
                    return try events(of: origin, cursor.stream, past: cursor.sequence, limit: limit).map(
                        \.entry)
                } catch { throw Fault.store(error, at: "table event") }
            })
    }
}

extension CarriedProofs {
    fileprivate var body: [UInt8] { Array(((try? JSONText.encode(self)) ?? "{}").utf8) }
}
