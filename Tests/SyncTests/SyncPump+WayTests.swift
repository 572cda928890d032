// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

/// A batch over a slow way: how much of it is ahead of an alarm.
struct SyncPumpWayTests {
    private var pump = SyncPump()
    private var dice = Chance(seed: 4)
    private var now = Uptime.ms(1_000)

    private mutating func plan(_ urgency: SyncClass) -> SyncPlan? {
        if case .send(let plan) = pump.next(urgency, at: now, using: &dice) { plan } else { nil }
    }

    private mutating func reply(_ plan: SyncPlan?, health: UInt64, afterMs: Int) {
        now = now.advanced(ms: afterMs)
        pump.take(
            .reply(SyncReply(cursors: [.health: health], nowMs: 0)), of: plan?.number ?? 0, at: now,
            using: &dice)
    }

    private mutating func note(_ stream: Facility.Stream, to sequence: UInt64) {
        pump.note([StreamHead(stream: stream, sequence: sequence, hash: [])])
    }

    private mutating func sent(_ plan: SyncPlan?, bytes: Int, count: Int) {
        guard let plan else { return }
        let body = [UInt8](repeating: 0, count: bytes)
        pump.sent(
            SyncRequest(
                number: plan.number, urgency: plan.urgency, pieces: [body[...]], count: count, newest: [:]),
            at: now)
    }

    /// Batches of a modem of so many bytes a millisecond; the most that ever waited in it, in milliseconds.
    private mutating func drain(bytesPerMs: Int, pathMs: Int, entryBytes: Int, batches: Int) -> Int {
        note(.alarm, to: 0)
        note(.health, to: 1_000_000)
        for urgency in SyncClass.allCases { reply(plan(urgency), health: 0, afterMs: pathMs) }
        var (aheadMs, health) = (0, UInt64(0))
        for batch in 0..<batches {
            guard let plan = plan(.rest) else { break }
            let count = max(1, plan.maxBytes / entryBytes)
            sent(plan, bytes: count * entryBytes, count: count)
            var (left, isThereAt) = (count * entryBytes, now)
            while left > 0 {
                let bite = min(left, pump.mouthfulBytes)
                if let until = pump.goesOn(bite, at: now) {
                    now = max(until, now.advanced(ms: 1))
                    continue
                }
                left -= bite
                isThereAt = max(isThereAt, now).advanced(ms: bite / bytesPerMs)
                if batch > 5 { aheadMs = max(aheadMs, isThereAt.ms(since: now)) }
            }
            health += UInt64(count)
            reply(plan, health: health, afterMs: isThereAt.ms(since: now) + pathMs)
        }
        return aheadMs
    }

    @Test mutating func alarm_waitsForLittle_behindLargeEntriesOnASlowWay() {
        let aheadMs = drain(bytesPerMs: 8, pathMs: 60, entryBytes: 22_000, batches: 30)
        #expect(aheadMs <= 2 * Limits.syncAheadMs + Limits.syncMouthfulMs, "\(aheadMs) ms")
    }

    @Test(arguments: [(125, 600), (1_000, 20), (20_000, 2)])
    mutating func way_isUsed_howeverQuickOrFarItIs(bytesPerMs: Int, pathMs: Int) {
        _ = drain(bytesPerMs: bytesPerMs, pathMs: pathMs, entryBytes: 400, batches: 80)
        #expect(pump.mouthfulBytes >= min(bytesPerMs * Limits.syncMouthfulMs / 2, Limits.syncPieceBytes))
    }

    /// A hub that was away, or answers late whatever it is sent, must not make a quick way slow for good.
    @Test(arguments: [400, 6_000, 22_000])
    mutating func way_isUsedAgain_whenTheHubWasAway(entryBytes: Int) {
        _ = drain(bytesPerMs: 20_000, pathMs: 2, entryBytes: entryBytes, batches: 20)
        for _ in 0..<40 {
            guard let plan = plan(.rest) else { continue }
            sent(plan, bytes: entryBytes, count: 1)
            now = now.advanced(ms: Limits.syncRetryAfterMaxMs)
            pump.take(.nothing, of: plan.number, at: now, using: &dice)
            now = now.advanced(ms: Limits.syncRetryAfterMaxMs)
        }
        _ = drain(bytesPerMs: 20_000, pathMs: 600, entryBytes: entryBytes, batches: 40)
        let began = now
        _ = drain(bytesPerMs: 20_000, pathMs: 2, entryBytes: entryBytes, batches: 40)
        #expect(now.ms(since: began) <= 40 * 50, "\(now.ms(since: began)) ms for 40 batches")
    }

    @Test mutating func batch_pauses_whileAnAlarmIsUnderWay() {
        for urgency in SyncClass.allCases { reply(plan(urgency), health: 0, afterMs: 5) }
        note(.health, to: 100)
        let rest = plan(.rest)
        sent(rest, bytes: 8_000, count: 20)
        let isFree = pump.goesOn(1_000, at: now) == nil
        #expect(isFree)
        note(.alarm, to: 1)
        let alarm = plan(.alarm)
        sent(alarm, bytes: 900, count: 1)
        let until = pump.goesOn(1_000, at: now)
        #expect(until == now.advanced(ms: Limits.syncYieldMs))
        pump.take(
            .reply(SyncReply(cursors: [.alarm: 1], nowMs: 0)), of: alarm?.number ?? 0, at: now, using: &dice)
        let goesOn = pump.goesOn(1_000, at: now) == nil
        #expect(goesOn)
    }

    @Test mutating func largestEntry_isGivenTime_overTheSlowestWay() {
        for urgency in SyncClass.allCases { reply(plan(urgency), health: 0, afterMs: 5) }
        note(.health, to: 1)
        let bytes = 90_000
        sent(plan(.rest), bytes: bytes, count: 1)
        let neededMs = bytes * 1_000 / Limits.syncSlowestSecondBytes
        now = now.advanced(ms: neededMs)
        let step = pump.next(.rest, at: now, using: &dice)
        #expect(step == .wait(until: now.advanced(ms: Limits.syncAnswerMs)))
    }
}
