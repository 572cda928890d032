// SPDX-License-Identifier: Apache-2.0
package import Facility
import Journal

/// An event that the hub takes. History is shown and stored like any other; it never rings.
package struct AcceptedEvent: Hashable, Sendable {
    package let event: SyncEvent
    package fileprivate(set) var isHistory: Bool
}

/// Entries before `found` are missing; they are asked for again by the cursor.
package struct SyncGap: Hashable, Sendable {
    package let stream: Stream
    package let cursor: UInt64
    package let found: UInt64
}

/// A stream goes on in a new file, because the one before was damaged; what that one held after `after` and
/// nobody could read is lost.
package struct NewGeneration: Hashable, Sendable {
    package let stream: Stream
    package let generation: UInt64
    /// The last that the hub had; 0 for nothing.
    package let after: UInt64
}

/// An entry that contradicts what the hub has: kept aside as evidence, never put in the place of anything.
package struct SyncConflict: Hashable, Sendable {
    package let event: SyncEvent
    package let reason: SyncObjection.Reason
    /// What the hub has: at that place, or, when the chain does not follow, at the place before.
    package let storedHash: [UInt8]?

    package var objection: SyncObjection {
        SyncObjection(stream: event.id.stream, sequence: event.entry.sequence, reason: reason)
    }
}

/// What became of one batch. A value; `reply` may leave the hub after the commit.
package struct SyncVerdict: Hashable, Sendable {
    package fileprivate(set) var accepted: [AcceptedEvent] = []
    /// Events that the hub has already, the same.
    package var repeats = 0
    package var gaps: [SyncGap] = []
    package var generations: [NewGeneration] = []
    /// At most one for each stream: what follows it in the batch is not looked at.
    package var conflicts: [SyncConflict] = []
    /// A boot that spoke again after another one had: two machines use this terminal's name.
    package var returnedBoot: BootID?
    package var reply: SyncReply

    init(reply: SyncReply) { self.reply = reply }

    /// Two machines under one name, or one that was put back to an older state: a technician has to look.
    package var isCloneSuspected: Bool {
        returnedBoot != nil || conflicts.contains { $0.reason == .altered || $0.reason == .chain }
    }

    mutating func append(_ event: SyncEvent) {
        accepted.append(AcceptedEvent(event: event, isHistory: false))
    }

    /// Old, or followed by a later word on the same subject.
    mutating func markHistory(hello: SyncHello, nowMs: Int64) {
        struct Subject: Hashable {
            let stream: Stream
            let name: [UInt8]
        }
        var followed: Set<Subject> = []
        for index in accepted.indices.reversed() {
            // By place: most have no subject, and a copy would cost more than the look.
            let isOld = Self.isOld(
                accepted[index].event.entry.event.at, of: accepted[index].event.boot, hello: hello,
                nowMs: nowMs)
            var isFollowed = false
            if !accepted[index].event.entry.event.subject.isEmpty {
                let event = accepted[index].event.entry.event
                isFollowed =
                    !followed.insert(Subject(stream: event.id.stream, name: event.subject)).inserted
            }
            accepted[index].isHistory = isOld || isFollowed
        }
    }

    /// Of the boot that speaks, the uptime tells the age, whatever any wall clock shows. Of an earlier boot
    /// the wall clock has to; where it was unknown the event is from before this start, and old.
    private static func isOld(
        _ at: Moment, of boot: BootID?, hello: SyncHello, nowMs: Int64
    ) -> Bool {
        if let boot, boot == hello.boot {
            return hello.at.uptime.ms(since: at.uptime) > Limits.historyAfterMs
        }
        guard at.uncertaintyMs != Limits.wallUnknownMs else { return true }
        let (ageMs, isBeyond) = nowMs.subtractingReportingOverflow(at.wallMs)
        return isBeyond ? nowMs > at.wallMs : ageMs > Int64(Limits.historyAfterMs)
    }
}
