// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard

@testable import Sync

/// A terminal's journal, its pump, a network and a hub, all values, moved by chance: what a scripted bad hub
/// and a bad path can do to a terminal, 100,000 times faster. One for each test.
struct SyncScene {
    struct Delivery {
        let at: Uptime
        let request: SyncRequest
        let hello: SyncHello
    }

    struct Hub {
        var intake = SyncIntake(terminal: .bench)
        /// In the order of arrival, for each stream.
        var stored: [Facility.Stream: [JournalEntry]] = [:]
    }

    var dice: Chance
    var now = Uptime.ms(1_000)
    var journal: [Facility.Stream: [JournalEntry]] = [:]
    var pump = SyncPump()
    var hub = Hub()
    var backup = Hub()
    var boot: UInt64 = 1
    var run: UInt64 = 1
    var generation: UInt64 = 0
    /// 0…100: how often the path and the hub fail.
    var trouble = 0
    var delayed: [Delivery] = []
    var conflicts: [SyncConflict] = []
    var faults: [Fault] = []
    var requests = 0

    init(seed: UInt64) { dice = Chance(seed: seed) }

    // MARK: The terminal

    mutating func append(_ count: Int, to stream: Facility.Stream) {
        let last = journal[stream]?.last
        let isSameFile = last.map { JournalGeneration.of(sequence: $0.sequence) == generation } ?? false
        journal[stream, default: []] += makeEntries(
            count, stream: stream, after: isSameFile ? last?.head : nil, generation: generation, run: run,
            payload: dice.bytes(dice.below(300)))
    }

    mutating func restart() {
        pump = SyncPump()
        run += 1
        if dice.chance(50) { boot += 1 }
    }

    private func read(past cursor: SyncCursor, limit: Int) -> [JournalEntry] {
        Array(Self.entries(in: journal[cursor.stream] ?? [], from: cursor.sequence + 1).prefix(limit))
    }

    private static func entries(in all: [JournalEntry], from sequence: UInt64) -> ArraySlice<JournalEntry> {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return all[low...]
    }

    var hello: SyncHello {
        SyncHello(
            boot: BootID(high: 0, low: boot),
            at: Moment(uptime: now, wallMs: 0, uncertaintyMs: Limits.wallUnknownMs),
            generation: generation, heads: SyncHeads(heads))
    }

    var heads: [StreamHead] { journal.values.compactMap { $0.last?.head } }

    /// One look at both classes; then time goes on to the earliest that anything waits for.
    mutating func turn() {
        pump.note(heads)
        var wake = now.advanced(ms: 60_000)
        for urgency in SyncClass.allCases {
            switch pump.next(urgency, at: now, using: &dice) {
            case .wait(let until): wake = min(wake, until)
            case .send(let plan): send(plan)
            }
        }
        for delivery in delayed where delivery.at <= now { _ = deliver(delivery) }
        delayed.removeAll { $0.at <= now }
        faults += pump.takeFaults()
        if trouble > 0 || wake > now { now = max(min(wake, now.advanced(ms: 1_000)), now.advanced(ms: 1)) }
    }

    private mutating func send(_ plan: SyncPlan) {
        requests += 1
        let boots = BootID(high: 0, low: boot)
        guard
            let request = try? plan.fill(
                boot: { _ in boots }, read: { [self] cursor, limit in read(past: cursor, limit: limit) })
        else { return }
        pump.sent(request, at: now)
        let delivery = Delivery(at: now.advanced(ms: dice.below(30_000)), request: request, hello: hello)
        now = now.advanced(ms: 1 + dice.below(20))
        var result = SyncResult.nothing
        if !dice.chance(trouble) {
            result = dice.chance(trouble) ? refusal() : deliver(delivery)
            if dice.chance(trouble / 2) { delayed.append(delivery) }
        } else if dice.chance(50) {
            delayed.append(delivery)
        }
        if dice.chance(trouble) { result = .nothing }
        // Some answers never come at all, and some come twice or for a request given up long ago.
        if dice.chance(trouble / 2) { return }
        pump.take(result, of: request.number, at: now, using: &dice)
        if dice.chance(trouble) { pump.take(result, of: request.number, at: now, using: &dice) }
    }

    private mutating func refusal() -> SyncResult {
        .refused(
            status: dice.pick([500, 503, 413, 302, 429, 404]),
            retryAfterMs: dice.chance(50) ? dice.below(100_000) : nil)
    }

    // MARK: The hub

    private mutating func deliver(_ delivery: Delivery) -> SyncResult {
        guard let batch = try? EventWire.decode(delivery.request.body) else {
            return .refused(status: 400, retryAfterMs: nil)
        }
        let stored = hub.stored
        let verdict = hub.intake.take(batch, hello: delivery.hello, nowMs: someWallMs) { cursor in
            Self.entries(in: stored[cursor.stream] ?? [], from: cursor.sequence).first
                .flatMap { $0.sequence == cursor.sequence ? $0.hash : nil }
        }
        for taken in verdict.accepted {
            hub.stored[taken.event.id.stream, default: []].append(taken.event.entry)
        }
        conflicts += verdict.conflicts
        guard let reply = try? SyncReply(verdict.reply.encode()) else { return .nothing }
        return .reply(reply)
    }

    /// As far as a glance tells; `isEqual` compares every byte.
    var isLevel: Bool { Facility.Stream.allCases.allSatisfy { hub.stored[$0]?.count == journal[$0]?.count } }

    var isEqual: Bool { hub.stored == journal }
}
