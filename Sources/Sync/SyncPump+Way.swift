// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What lets an alarm overtake what is already leaving: its bytes go in mouthfuls, and none while an alarm is
/// under way. A batch is half a second of the way; an entry that is larger than one is held back besides: not
/// more of it is ahead than the way carries in `syncAheadMs`.
extension SyncPump {
    /// An alarm is under way until then at the latest; nil: none is.
    func alarmUntil(_ now: Uptime) -> Uptime? {
        guard let alarm = lanes[.alarm]?.outstanding, !alarm.plan.reads.isEmpty else { return nil }
        let until = alarm.plannedAt.advanced(ms: Limits.syncYieldMs)
        return until > now ? until : nil
    }

    /// The bytes of a batch leave in pieces of this size.
    package var mouthfulBytes: Int {
        guard let rate = lanes[.rest]?.pace.bytesPerSecond else { return Limits.syncMouthfulMinBytes * 4 }
        let wanted = rate * Limits.syncMouthfulMs / 1_000
        return min(max(wanted, Limits.syncMouthfulMinBytes), Limits.syncPieceBytes)
    }

    /// May so many bytes more leave, of a batch without alarms? Nil: yes, and they count as sent; else: ask
    /// again then, or when an alarm has arrived.
    package mutating func goesOn(_ bytes: Int, at now: Uptime) -> Uptime? {
        if let until = alarmUntil(now) { return until }
        lanes[.rest]?.outstanding?.leftAt = now
        guard lanes[.rest]?.outstanding?.isHeldBack == true, let rate = lanes[.rest]?.pace.bytesPerSecond
        else { return nil }
        let freeAt = max(isWayBusyUntil, now)
        guard freeAt.ms(since: now) <= Limits.syncAheadMs else {
            return freeAt.advanced(ms: -Limits.syncAheadMs)
        }
        isWayBusyUntil = freeAt.advanced(ms: bytes * 1_000 / rate)
        return nil
    }
}

extension SyncRequest {
    /// How much longer than any other it may take: one entry is sent however large it is, over whatever way.
    package var patienceMs: Int { count == 1 ? byteCount * 1_000 / Limits.syncSlowestSecondBytes : 0 }
}
