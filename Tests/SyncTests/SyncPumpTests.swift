// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

struct SyncPumpTests {
    private var pump = SyncPump()
    private var dice = Chance(seed: 4)
    private var now = Uptime.ms(1_000)

    private mutating func step(_ urgency: SyncClass) -> SyncStep { pump.next(urgency, at: now, using: &dice) }

    private mutating func plan(_ urgency: SyncClass) -> SyncPlan? {
        if case .send(let plan) = step(urgency) { return plan }
        return nil
    }

    private mutating func take(_ result: SyncResult, _ plan: SyncPlan?) {
        pump.take(result, of: plan?.number ?? 0, at: now, using: &dice)
    }

    private mutating func reply(_ cursors: [Facility.Stream: UInt64], _ plan: SyncPlan?) {
        take(.reply(SyncReply(cursors: cursors, nowMs: 0)), plan)
    }

    /// Both classes know their cursors; nothing is pending.
    private mutating func greet(_ cursors: [Facility.Stream: UInt64] = [:]) {
        pump.note(cursors.map { StreamHead(stream: $0, sequence: $1, hash: []) })
        for urgency in SyncClass.allCases { reply(cursors, plan(urgency)) }
    }

    private mutating func grow(_ stream: Facility.Stream, to sequence: UInt64) {
        pump.note([StreamHead(stream: stream, sequence: sequence, hash: [])])
    }

    private mutating func sent(_ plan: SyncPlan?, bytes: Int, count: Int) {
        guard let plan else { return }
        pump.sent(
            SyncRequest(
                number: plan.number, urgency: plan.urgency,
                pieces: [[UInt8](repeating: 0, count: bytes)[...]],
                count: count,
                newest: [:]), at: now)
    }

    @Test mutating func pump_asksFirst_whereTheHubIs() {
        grow(.alarm, to: 9)
        let first = plan(.alarm)
        #expect(first?.reads == [])
        reply([.alarm: 7], first)
        #expect(plan(.alarm)?.reads == [SyncCursor(stream: .alarm, sequence: 7)])
    }

    @Test mutating func request_isTheOnlyOne_ofItsClass() {
        greet()
        grow(.alarm, to: 1)
        grow(.health, to: 1)
        let first = plan(.alarm)
        #expect(plan(.alarm) == nil && pump.isOutstanding(.alarm))
        now = now.advanced(ms: Limits.syncYieldMs)
        #expect(plan(.rest)?.reads == [SyncCursor(stream: .health, sequence: 0)])
        reply([.alarm: 1], first)
        #expect(step(.alarm) == .wait(until: now.advanced(ms: Limits.syncProofMs)))
    }

    @Test mutating func streams_areRead_inOrderOfUrgency() {
        greet()
        for stream in Facility.Stream.allCases.reversed() { grow(stream, to: 1) }
        #expect(plan(.rest)?.reads.map(\.stream) == [.call, .page, .conduct, .duty, .health])
    }

    @Test mutating func alarm_overtakes_whenTheRestIsUnderWay() {
        greet()
        grow(.health, to: 1_000_000)
        let rest = plan(.rest)
        sent(rest, bytes: 8_000, count: 8)
        grow(.alarm, to: 1)
        let alarm = plan(.alarm)
        #expect(alarm?.reads.isEmpty == false, "it does not wait for the other's answer")
        reply([.health: 8], rest)
        #expect(step(.rest) == .wait(until: now.advanced(ms: Limits.syncYieldMs)), "it stands back")
        reply([.alarm: 1], alarm)
        #expect(plan(.rest) != nil)
    }

    @Test mutating func budget_holdsTheRest_andNeverAlarms() {
        pump.budgetBytesPerSecond = 1_000
        greet()
        grow(.health, to: 100)
        let rest = plan(.rest)
        #expect(rest?.maxBytes == Limits.syncBatchMinBytes)
        sent(rest, bytes: 4_000, count: 4)
        reply([.health: 4], rest)
        #expect(step(.rest) == .wait(until: now.advanced(ms: 4_000)))
        grow(.alarm, to: 1)
        let alarm = plan(.alarm)
        sent(alarm, bytes: 1_000, count: 1)
        reply([.alarm: 1], alarm)
        #expect(step(.rest) == .wait(until: now.advanced(ms: 5_000)), "alarms count")
        now = now.advanced(ms: 5_000)
        #expect(plan(.rest)?.reads == [SyncCursor(stream: .health, sequence: 4)])
    }

    @Test mutating func cursor_isTheHubsWord_whenItIsLower() {
        greet([.alarm: 100])
        grow(.alarm, to: 110)
        reply([.alarm: 40], plan(.alarm))
        #expect(pump.cursors[.alarm] == 40)
        now = now.advanced(ms: Limits.syncRetryFirstMs)
        #expect(plan(.alarm)?.reads == [SyncCursor(stream: .alarm, sequence: 40)])
    }

    @Test mutating func failures_changeNothing_butTheTime() {
        greet([.alarm: 5])
        grow(.alarm, to: 6)
        for result: SyncResult in [
            .nothing, .refused(status: 500, retryAfterMs: nil), .refused(status: 302, retryAfterMs: nil),
            .refused(status: 503, retryAfterMs: .max), .refused(status: 410, retryAfterMs: nil),
        ] {
            let failed = plan(.alarm)
            #expect(failed?.reads == [SyncCursor(stream: .alarm, sequence: 5)])
            take(result, failed)
            now = now.advanced(ms: 2 * Limits.syncRetryAlarmLastMs)
        }
        #expect(pump.takeFaults().count == 2, "a redirect and a version are told; a busy hub passes")
    }

    @Test mutating func fault_isToldOnce_untilItIsOver() {
        greet()
        for round in 0..<2 {
            for _ in 0..<3 {
                now = now.advanced(ms: Limits.syncProofMs + Limits.syncRetryAlarmLastMs * 2)
                take(.refused(status: 403, retryAfterMs: nil), plan(.alarm))
            }
            #expect(pump.takeFaults().count == 1, "round \(round)")
            now = now.advanced(ms: Limits.syncProofMs + Limits.syncRetryAlarmLastMs * 2)
            reply([:], plan(.alarm))
        }
    }

    @Test mutating func silence_isGivenUp_andLateAnswersChangeNothing() {
        greet()
        grow(.alarm, to: 1)
        let first = plan(.alarm)
        #expect(step(.alarm) == .wait(until: now.advanced(ms: Limits.syncAnswerMs)))
        now = now.advanced(ms: Limits.syncAnswerMs + Limits.syncRetryFirstMs)
        _ = step(.alarm)
        now = now.advanced(ms: Limits.syncRetryFirstMs)
        let second = plan(.alarm)
        #expect(second != nil && second?.number != first?.number)
        reply([.alarm: 1], first)
        #expect(pump.cursors[.alarm] == 0 && pump.isOutstanding(.alarm))
    }

    @Test mutating func stream_stopsAlone_whenTheHubObjects() {
        greet()
        grow(.duty, to: 5)
        grow(.health, to: 5)
        let objection = SyncObjection(stream: .duty, sequence: 1, reason: .chain)
        take(.reply(SyncReply(cursors: [.health: 5], nowMs: 0, objections: [objection])), plan(.rest))
        #expect(pump.stopped == [.duty] && pump.takeFaults().count == 1)
        grow(.health, to: 6)
        #expect(plan(.rest)?.reads == [SyncCursor(stream: .health, sequence: 5)])
        pump.resume(.duty)
        #expect(pump.stopped.isEmpty)
    }

    @Test mutating func stream_goesOn_whenTheHubWasMended() {
        greet()
        grow(.alarm, to: 5)
        let objection = SyncObjection(stream: .alarm, sequence: 1, reason: .chain)
        take(.reply(SyncReply(cursors: [:], nowMs: 0, objections: [objection])), plan(.alarm))
        #expect(pump.stopped == [.alarm] && pump.takeFaults().count == 1)
        now = now.advanced(ms: Limits.syncObjectedRetryMs)
        // Still no: stopped again, and not told again.
        take(.reply(SyncReply(cursors: [:], nowMs: 0, objections: [objection])), plan(.alarm))
        #expect(pump.stopped == [.alarm] && pump.takeFaults().isEmpty)
        now = now.advanced(ms: Limits.syncObjectedRetryMs)
        let shown = plan(.alarm)
        #expect(shown?.reads == [SyncCursor(stream: .alarm, sequence: 0)])
        reply([.alarm: 5], shown)
        #expect(pump.stopped.isEmpty)
    }

    @Test mutating func entriesThatADamagedFileHeld_areNotAwaited_whenNothingCanBeRead() {
        greet()
        grow(.duty, to: 5)
        let first = plan(.rest)
        sent(first, bytes: 2, count: 0)
        reply([:], first)
        now = now.advanced(ms: Limits.syncRetryRestLastMs)
        _ = step(.rest)
        #expect(!pump.isPending(.rest))
        grow(.duty, to: 6)
        #expect(pump.isPending(.rest))
    }

    @Test mutating func batch_isHalved_whenItIsTooLarge() {
        greet()
        grow(.health, to: 1_000)
        let first = plan(.rest)
        sent(first, bytes: first?.maxBytes ?? 0, count: 8)
        take(.refused(status: 413, retryAfterMs: nil), first)
        let second = plan(.rest)
        #expect(second?.maxBytes == (first?.maxBytes ?? 0) / 2, "and at once")
        sent(second, bytes: 4_000, count: 1)
        take(.refused(status: 413, retryAfterMs: nil), second)
        #expect(plan(.rest) == nil && pump.takeFaults().count == 1, "one entry cannot be halved")
    }

    @Test mutating func hubThatTakesNothing_isNotAskedWithoutPause() {
        greet()
        grow(.alarm, to: 5)
        var asked = 0
        let end = now.advanced(ms: 60_000)
        while now < end {
            if let plan = plan(.alarm) {
                asked += 1
                reply([:], plan)
            }
            now = now.advanced(ms: 10)
        }
        #expect(asked > 10 && asked < 60)
    }
}
