// SPDX-License-Identifier: Apache-2.0
import Crypto
package import Facility
import Journal
package import Sync

//  POST /v1/events → EventWire.decode → IntakeDesk → one transaction for all who wait → commit → replies
//                                           └ SyncIntake for each terminal           └→ WallDesk: what is new

/// Takes batches of terminals into the store, several in one transaction while the one before is being
/// flushed; those with alarms first.
///
/// An actor; the transaction itself runs on the store's threads. Always true: a reply leaves only after the
/// commit that holds what it says; what a terminal is told comes from the store, so several hubs may share
/// one; an alarm waits for one transaction under way at most, and all else for one with alarms.
package actor IntakeDesk {
    /// One request of one terminal.
    package struct Delivery: Sendable {
        package var terminal: TerminalID
        package var hello: SyncHello
        package var batch: SyncBatch
        /// A hub below brings it: no proof that the terminal lives.
        package var isCarried: Bool

        package init(terminal: TerminalID, hello: SyncHello, batch: SyncBatch, isCarried: Bool = false) {
            self.terminal = terminal
            self.hello = hello
            self.batch = batch
            self.isCarried = isCarried
        }

        /// Streams come in order of urgency.
        fileprivate var hasAlarms: Bool { batch.events.first?.id.stream == .alarm }
    }

    private struct Waiting {
        let delivery: Delivery
        let done: CheckedContinuation<SyncReply, any Error>
    }

    private let store: any HubStore
    private let clock: HubClock
    private let told: @Sendable ([IntakeNews]) async -> Void
    private var alarms: [Waiting] = []
    private var rest: [Waiting] = []
    private var isBusy = false

    package init(
        store: any HubStore, clock: HubClock, told: @escaping @Sendable ([IntakeNews]) async -> Void
    ) {
        self.store = store
        self.clock = clock
        self.told = told
    }

    package func take(_ delivery: Delivery) async throws -> SyncReply {
        // Alarms and proofs of life go into the last room; all else waits where it is.
        if store.isShort, !delivery.batch.events.isEmpty, !delivery.hasAlarms { throw StoreShort() }
        return try await withCheckedThrowingContinuation { done in
            let one = Waiting(delivery: delivery, done: done)
            if delivery.hasAlarms { alarms.append(one) } else { rest.append(one) }
            if !isBusy {
                isBusy = true
                Task { await drain() }
            }
        }
    }

    private func drain() async {
        while !alarms.isEmpty || !rest.isEmpty {
            let urgent = Array(alarms.prefix(Limits.intakeGroupCount))
            alarms.removeFirst(urgent.count)
            if !urgent.isEmpty { await take(urgent) }
            let others = Array(rest.prefix(Limits.intakeGroupCount))
            rest.removeFirst(others.count)
            if !others.isEmpty { await take(others) }
        }
        isBusy = false
    }

    private func take(_ group: [Waiting]) async {
        let (deliveries, now) = (group.map(\.delivery), clock.now())
        // In the order of their names, so that two hubs never wait for each other.
        let order = deliveries.indices.sorted { deliveries[$0].terminal < deliveries[$1].terminal }
        do {
            let outcomes = try await store.write { session in
                var outcomes: [Int: IntakeOutcome] = [:]
                if deliveries.contains(where: \.hasAlarms) { try session.hold(.alarms) }
                let called = try session.terminalsWithOrders(
                    sinceMs: now.wallMs - Int64(Limits.orderAnswerMs))
                for index in order { outcomes[index] = try session.take(deliveries[index], called, now: now) }
                return outcomes
            }
            for (index, one) in group.enumerated() {
                if let outcome = outcomes[index] { one.done.resume(returning: outcome.reply) }
            }
            await told(order.compactMap { outcomes[$0]?.news })
        } catch {
            // One bad batch must not hold up the others: each alone.
            if group.count > 1 {
                for one in group { await take([one]) }
            } else {
                group.first?.done.resume(throwing: error)
            }
        }
    }
}

/// The hub's disk is full; what is not most urgent has to wait.
struct StoreShort: Error {}

/// What one request came to.
struct IntakeOutcome: Sendable {
    var reply: SyncReply
    var news: IntakeNews
}

/// What the rest of the hub is told after the commit.
package struct IntakeNews: Sendable {
    package var terminal: TerminalID
    package var at: Moment
    package var isCarried = false
    /// Alarms that changed, as they are now, and whether the change came late.
    package var alarms: [(alarm: HubAlarm, isHistory: Bool)] = []
    /// Two machines seem to use the name.
    package var isCloneSuspected = false
    /// Entries that nobody can bring any more.
    package var generations: [NewGeneration] = []
}

extension HubSession {
    /// One request of a terminal, inside the transaction.
    fileprivate func take(
        _ delivery: IntakeDesk.Delivery, _ called: Set<TerminalID>, now: Moment
    ) throws -> IntakeOutcome {
        let terminal = delivery.terminal
        try holdTerminal(terminal)
        var intake = SyncIntake(
            terminal: terminal, heads: try heads(of: terminal), boots: try boots(of: terminal))
        let before = intake
        let verdict = try intake.take(
            delivery.batch, hello: delivery.hello, nowMs: now.wallMs,
            hasOrders: called.contains(terminal),
            sha256: { Array(SHA256.hash(data: $0)) }, stored: { try self.hash(of: terminal, at: $0) })
        try noteOffered(delivery, before, now: now)
        try append(verdict.accepted.map { HubEvent(entry: $0.event.entry, receivedMs: now.wallMs) })
        try noteRuns(of: terminal, verdict.accepted)
        for (stream, head) in intake.heads where before.heads[stream] != head {
            try setHead(head, of: terminal)
        }
        if intake.boots != before.boots { try setBoots(intake.boots, of: terminal) }
        for conflict in verdict.conflicts {
            try putAside(conflict.event.entry, of: terminal, receivedMs: now.wallMs)
        }
        if !delivery.isCarried {
            try setProof(
                of: terminal, atMs: now.wallMs, hello: delivery.hello,
                behind: delivery.hello.heads.ahead(of: intake.cursors))
        }
        if verdict.isCloneSuspected { try setCloned(terminal, atMs: now.wallMs) }
        var news = IntakeNews(terminal: terminal, at: now)
        news.isCarried = delivery.isCarried
        news.isCloneSuspected = verdict.isCloneSuspected
        news.generations = verdict.generations
        let time = try learnTime(
            verdict, delivery.hello, of: terminal, now: now, isNew: intake.boots != before.boots)
        news.alarms = try fold(verdict.accepted, hello: delivery.hello, time: time, now: now)
        try fold(acts: verdict.accepted, hello: delivery.hello, time: time, now: now)
        try fold(calls: verdict.accepted, hello: delivery.hello, time: time, now: now)
        try fold(plays: verdict.accepted, hello: delivery.hello, time: time, now: now)
        for (alarm, isHistory) in news.alarms {
            try tell(alarm.eventName, body: alarm.cloudEvent(isHistory: isHistory), atMs: now.wallMs)
        }
        return IntakeOutcome(reply: verdict.reply, news: news)
    }

    /// A hub that was put back to an older day says, once for each terminal, how much it had lost of it.
    private func noteOffered(_ delivery: IntakeDesk.Delivery, _ known: SyncIntake, now: Moment) throws {
        guard let restored = try setting("restored-at") else { return }
        let name = "restored-at:\(delivery.terminal)"
        guard try setting(name) != restored else { return }
        try setSetting(name, restored)
        let lost = delivery.hello.heads.sequences.reduce(UInt64(0)) { sum, head in
            let from = max(
                known.cursors[head.key] ?? 0,
                JournalGeneration.base(JournalGeneration.of(sequence: head.value)))
            let (more, isBeyond) = sum.addingReportingOverflow(head.value > from ? head.value - from : 0)
            return isBeyond ? .max : more
        }
        guard lost > 0 else { return }
        try append(
            AuditNote(
                who: delivery.terminal.text, what: "hub.restored",
                subject: "restored: \(lost) events offered again"), atMs: now.wallMs)
    }

    /// In which boot each run was: a hub above is told it with each entry.
    private func noteRuns(of terminal: TerminalID, _ accepted: [AcceptedEvent]) throws {
        var last: UInt64?
        for event in accepted.map(\.event) where event.id.run != last {
            last = event.id.run
            if let boot = event.boot { try putRun(event.id.run, boot: "\(boot)", of: terminal) }
        }
    }

    /// Moments at which the time of a boot is known: as the terminal says it, and by this hub's own clock.
    private func learnTime(
        _ verdict: SyncVerdict, _ hello: SyncHello, of terminal: TerminalID, now: Moment, isNew: Bool
    ) throws -> HonestTime {
        guard isNew || !verdict.accepted.isEmpty else { return HonestTime() }
        var time = try honestTime(of: terminal)
        let before = time
        func learn(_ moment: Moment, of boot: BootID?) {
            guard moment.uncertaintyMs != Limits.wallUnknownMs, let boot else { return }
            // Only what says much more than is known: the store is not written for a millisecond.
            var unknown = moment
            unknown.uncertaintyMs = Limits.wallUnknownMs
            let known = time.wall(of: unknown, boot: boot).map { Int($0.uncertaintyMs) } ?? .max
            if known / 2 > Int(moment.uncertaintyMs) + Limits.anchorGainMs { time.learn(moment, of: boot) }
        }
        // By place: a copy of each entry would count its four byte strings up and down.
        for place in verdict.accepted.indices {
            learn(verdict.accepted[place].event.entry.event.at, of: verdict.accepted[place].event.boot)
        }
        learn(hello.at, of: hello.boot)
        let answered = UInt32(Limits.syncAnswerMs)
        learn(
            Moment(uptime: hello.at.uptime, wallMs: now.wallMs, uncertaintyMs: answered), of: hello.boot)
        if time != before { try setHonestTime(time, of: terminal) }
        return time
    }
}
