// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// What a terminal sends next, and when: the outbox is the journal beyond the hub's cursor, and this value
/// holds the cursors. For the thread or actor of `watchpost-sync`.
///
///     note(heads) ─> next(class) ─> plan ─fill─> request ─> sent ─ … ─> take(result) ─> next(class) …
///
/// Always true: one request outstanding for each class; a stream is sent in its order from where the hub says
/// it is, also when it says less than before (a hub put back from a backup is healed by that alone); what
/// fails is sent again, never skipped; a stream to which the hub objects stops, and no other, and is shown to
/// the hub again from time to time.
package struct SyncPump: Hashable, Sendable {
    struct Lane: Hashable, Sendable {
        var outstanding: Outstanding?
        var retry: RetryMachine
        var pace = SyncPace()
        /// When it last had an answer; `nil`: it knows no cursors yet.
        var answeredAt: Uptime?
    }

    struct Outstanding: Hashable, Sendable {
        let plan: SyncPlan
        var plannedAt: Uptime
        var giveUpAt: Uptime
        var bytes = 0
        var count = 0
        var newest: [Stream: UInt64] = [:]
        /// One entry, larger than a batch: it leaves as quickly as the way is thought to carry.
        var isHeldBack = false
        /// When the last bytes of it left.
        var leftAt: Uptime?
    }

    struct Progress: Hashable, Sendable {
        /// Everything up to here is the hub's.
        var past: UInt64 = 0
        /// The newest in the journal, as far as was heard.
        var newest: UInt64 = 0
        /// The hub had more than the journal: it is shown what the journal has after this.
        var lostAfter: UInt64?
        /// The hub objected: not sent before this.
        var stoppedUntil: Uptime?

        var isStopped: Bool { stoppedUntil != nil }
        var isPending: Bool { !isStopped && newest > past }
    }

    /// Bytes a second of the streams that are no alarms; `nil`: no bound.
    package var budgetBytesPerSecond: Int?
    var lanes: [SyncClass: Lane] = [:]
    var progress: [Stream: Progress] = [:]
    /// How often the hub wants to hear that this terminal lives.
    var proofMs = Limits.syncProofMs
    private var lastNumber: UInt64 = 0
    /// What has left keeps the way busy until then.
    var isWayBusyUntil = Uptime(nanoseconds: 0)
    /// The budget is used up until then.
    private var isSpentUntil = Uptime(nanoseconds: 0)
    private var isNoted = false
    var faults: [Fault] = []
    /// Kinds of fault that were told and still hold.
    var told: Set<SyncFault> = []

    package init(budgetBytesPerSecond: Int? = nil) {
        self.budgetBytesPerSecond = budgetBytesPerSecond
        for stream in Stream.allCases { progress[stream] = Progress() }
        for urgency in SyncClass.allCases { lanes[urgency] = Lane(retry: Self.retry(of: urgency)) }
    }

    private static func retry(of urgency: SyncClass) -> RetryMachine {
        switch urgency {
        case .alarm:
            RetryMachine(lastMs: Limits.syncRetryAlarmLastMs, afterMaxMs: Limits.syncRetryAlarmLastMs)
        case .rest: RetryMachine(lastMs: Limits.syncRetryRestLastMs, afterMaxMs: Limits.syncRetryAfterMaxMs)
        }
    }

    // MARK: What is known

    /// How far the journal goes; before the first step, and whenever it grew.
    package mutating func note(_ heads: [StreamHead]) {
        isNoted = true
        for head in heads { grow(head.stream, to: head.sequence) }
        for stream in Stream.allCases { settle(stream) }
    }

    func isPending(_ urgency: SyncClass) -> Bool {
        urgency.streams.contains { progress[$0]?.isPending == true }
    }

    /// What the hub has of each stream, as it last said.
    package var cursors: [Stream: UInt64] { progress.mapValues(\.past) }

    /// Streams that wait for a person.
    package var stopped: [Stream] { Stream.allCases.filter { progress[$0]?.isStopped == true } }

    /// A person has looked: the stream is tried again.
    package mutating func resume(_ stream: Stream) {
        progress[stream]?.stoppedUntil = nil
        told.remove(.objected(stream))
    }

    package func isOutstanding(_ urgency: SyncClass) -> Bool { lanes[urgency]?.outstanding != nil }

    /// Each fault once; again only after it was over.
    package mutating func takeFaults() -> [Fault] {
        defer { faults = [] }
        return faults
    }

    mutating func grow(_ stream: Stream, to sequence: UInt64) {
        let newest = progress[stream]?.newest ?? 0
        progress[stream]?.newest = max(newest, sequence)
    }

    /// There is nothing to be read after this place: what a damaged file held there is lost.
    private mutating func end(_ read: SyncCursor) {
        let newest = progress[read.stream]?.newest ?? 0
        progress[read.stream]?.newest = min(newest, read.sequence)
    }

    /// The hub may have what the journal has lost. The journal's newest entry, and what comes after it, is
    /// then sent all the same: where it is another entry under the same number, the hub keeps it aside and
    /// objects.
    mutating func settle(_ stream: Stream) {
        guard isNoted, var now = progress[stream] else { return }
        if now.past <= now.newest {
            if now.lostAfter == nil { return }
            if now.past <= now.lostAfter ?? 0 { now.lostAfter = nil }
        } else {
            tell(.ahead(stream), SyncFault.ahead(stream).fault(hub: now.past, journal: now.newest))
            now.lostAfter = now.lostAfter ?? (now.newest > 0 ? now.newest - 1 : 0)
        }
        if let lostAfter = now.lostAfter { now.past = lostAfter }
        progress[stream] = now
    }

    // MARK: What to do

    package mutating func next(
        _ urgency: SyncClass, at now: Uptime, using chance: inout some RandomNumberGenerator
    ) -> SyncStep {
        if let outstanding = lanes[urgency]?.outstanding {
            guard outstanding.giveUpAt <= now else { return .wait(until: outstanding.giveUpAt) }
            take(.nothing, of: outstanding.plan.number, at: now, using: &chance)
        }
        guard let lane = lanes[urgency] else { preconditionFailure("every class has a lane") }
        if let until = lane.retry.until, until > now { return .wait(until: until) }
        // A hub that was mended goes on without anybody at the terminal.
        for stream in urgency.streams {
            guard let until = progress[stream]?.stoppedUntil, until <= now else { continue }
            progress[stream]?.stoppedUntil = nil
        }
        guard let answeredAt = lane.answeredAt else { return .send(plan(urgency, reads: [], at: now)) }
        let proofAt = answeredAt.advanced(ms: urgency == .alarm ? proofMs : Limits.syncProofRestMs)
        guard isPending(urgency) else {
            return proofAt <= now ? .send(plan(urgency, reads: [], at: now)) : .wait(until: proofAt)
        }
        if urgency == .rest, let until = standBack(at: now) { return .wait(until: until) }
        let reads = urgency.streams.compactMap { stream in
            progress[stream].flatMap { $0.isPending ? SyncCursor(stream: stream, sequence: $0.past) : nil }
        }
        return .send(plan(urgency, reads: reads, at: now))
    }

    /// Until when the other streams stand back: for an alarm under way, or because the budget is used up.
    private func standBack(at now: Uptime) -> Uptime? {
        if let until = alarmUntil(now) { return until }
        return budgetBytesPerSecond != nil && isSpentUntil > now ? isSpentUntil : nil
    }

    private mutating func plan(_ urgency: SyncClass, reads: [SyncCursor], at now: Uptime) -> SyncPlan {
        lastNumber += 1
        let waiting = reads.reduce(UInt64(0)) { sum, read in
            let (more, isBeyond) = sum.addingReportingOverflow(
                (progress[read.stream]?.newest ?? 0) - read.sequence)
            return isBeyond ? .max : more
        }
        let isBulk = urgency == .rest && waiting > UInt64(Limits.syncBatchMaxCount)
        let plan = SyncPlan(
            number: lastNumber, urgency: urgency, reads: reads,
            maxCount: isBulk ? Limits.syncBulkMaxCount : Limits.syncBatchMaxCount,
            maxBytes: maxBytes(of: urgency), giveUpAt: now.advanced(ms: Limits.syncAnswerMs))
        lanes[urgency]?.outstanding = Outstanding(plan: plan, plannedAt: now, giveUpAt: plan.giveUpAt)
        return plan
    }

    /// The budget also bounds one batch, to what it allows in the time of a batch.
    private func maxBytes(of urgency: SyncClass) -> Int {
        let bytes = lanes[urgency]?.pace.batchBytes ?? Limits.syncBatchFirstBytes
        guard urgency == .rest, let budgetBytesPerSecond else { return bytes }
        return max(min(bytes, budgetBytesPerSecond / 1_000 * Limits.syncBatchMs), Limits.syncBatchMinBytes)
    }

    /// The request left. Without this call its result still counts; only its size is then unknown.
    package mutating func sent(_ request: SyncRequest, at now: Uptime) {
        guard var lane = lanes[request.urgency], var outstanding = lane.outstanding,
            outstanding.plan.number == request.number
        else { return }
        outstanding.bytes = request.byteCount
        outstanding.count = request.count
        outstanding.newest = request.newest
        outstanding.isHeldBack = request.count == 1 && request.byteCount > lane.pace.batchBytes
        outstanding.plannedAt = now
        outstanding.giveUpAt = now.advanced(ms: Limits.syncAnswerMs + request.patienceMs)
        lane.outstanding = outstanding
        lanes[request.urgency] = lane
        for (stream, sequence) in request.newest { grow(stream, to: sequence) }
        if request.count == 0 {
            for read in outstanding.plan.reads { end(read) }
        }
        guard let budgetBytesPerSecond, budgetBytesPerSecond > 0, request.count > 0 else { return }
        // Alarms are never held up by it, and count.
        isSpentUntil = max(isSpentUntil, now).advanced(ms: request.byteCount * 1_000 / budgetBytesPerSecond)
    }
}
