// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// Which requests wait for each other: alarms have a connection of their own, all other streams share one.
package enum SyncClass: UInt8, Sendable, CaseIterable, Hashable {
    case alarm = 1
    case rest = 2

    /// In order of urgency.
    package var streams: [Stream] {
        switch self {
        case .alarm: [.alarm]
        case .rest: [.call, .page, .conduct, .duty, .health]
        }
    }
}

/// What is to be done for one class of urgency now.
package enum SyncStep: Hashable, Sendable {
    case send(SyncPlan)
    /// Nothing before this, unless a journal grew or a result came.
    case wait(until: Uptime)
}

/// One request as the pump wants it. A value.
package struct SyncPlan: Hashable, Sendable {
    package let number: UInt64
    package let urgency: SyncClass
    /// Where to read, in this order, until the request is full. None: an empty batch, the proof of life.
    package let reads: [SyncCursor]
    package let maxCount: Int
    package let maxBytes: Int
    /// Without an answer by then it is given up.
    package let giveUpAt: Uptime

    /// Reads the journal and writes the body. At least one entry is taken, however large it is.
    ///
    /// `boot` tells in which boot a run was.
    package func fill(
        boot: (UInt64) -> BootID?, read: (SyncCursor, Int) throws(Fault) -> [JournalEntry]
    ) throws(Fault) -> SyncRequest {
        var writer = EventWriter(capacity: Limits.syncBatchMinBytes)
        var newest: [Stream: UInt64] = [:]
        var count = 0
        var lastRun: (run: UInt64, boot: BootID?)?
        var isCut = false
        reading: for start in reads {
            var cursor = start
            while true {
                guard count < maxCount else {
                    isCut = true
                    break reading
                }
                let wanted = min(Limits.syncReadCount, maxCount - count)
                let entries = try read(cursor, wanted)
                for entry in entries {
                    let run = entry.event.id.run
                    let known = lastRun?.run == run ? lastRun?.boot : boot(run)
                    lastRun = (run, known)
                    let event = SyncEvent(
                        entry: entry, boot: known,
                        after: JournalGeneration.begins(at: entry.sequence) ? cursor.sequence : nil)
                    guard writer.append(event, maxBytes: count == 0 ? .max : maxBytes) else {
                        isCut = true
                        break reading
                    }
                    count += 1
                    cursor.sequence = entry.sequence
                    newest[start.stream] = entry.sequence
                }
                // Fewer than wanted are not yet the end: a reader stops at a bound of its own.
                if entries.isEmpty { break }
            }
        }
        return SyncRequest(
            number: number, urgency: urgency, pieces: writer.finish(), count: count, newest: newest,
            isCut: isCut)
    }

    /// What comes next if the hub takes all of `request`: made while the hub still has it in hand. `nil`
    /// where nothing is known to be left.
    package func following(_ request: SyncRequest) -> SyncPlan? {
        guard request.isCut else { return nil }
        let rest = reads.map {
            SyncCursor(stream: $0.stream, sequence: request.newest[$0.stream] ?? $0.sequence)
        }
        return SyncPlan(
            number: number, urgency: urgency, reads: rest, maxCount: maxCount, maxBytes: maxBytes,
            giveUpAt: giveUpAt)
    }

    /// Is `request`, made ahead for `foreseen`, what this plan asks for? The hub may have said something else
    /// meanwhile, or the bounds have become narrower.
    package func isMet(by request: SyncRequest, of foreseen: SyncPlan) -> Bool {
        let streams = Set(reads.map(\.stream))
        return urgency == foreseen.urgency && Set(reads).isSubset(of: foreseen.reads)
            && streams.isSuperset(of: request.newest.keys)
            && request.count <= maxCount && (request.count == 1 || request.byteCount <= maxBytes)
    }
}

/// One request as it is sent. A value.
package struct SyncRequest: Hashable, Sendable {
    package let number: UInt64
    package let urgency: SyncClass
    /// The body, to be sent one after the other.
    package let pieces: [ArraySlice<UInt8>]
    package let byteCount: Int
    /// Entries in it.
    package let count: Int
    /// The last of each stream in it.
    package let newest: [Stream: UInt64]
    /// It ended at a bound, so more is left.
    package var isCut = false

    package init(
        number: UInt64, urgency: SyncClass, pieces: [ArraySlice<UInt8>], count: Int,
        newest: [Stream: UInt64], isCut: Bool = false
    ) {
        (self.number, self.urgency, self.pieces, self.count) = (number, urgency, pieces, count)
        (self.newest, self.isCut) = (newest, isCut)
        byteCount = pieces.reduce(0) { $0 + $1.count }
    }

    /// The whole of it.
    package var body: [UInt8] { Array(pieces.joined()) }

    /// The same, asked for by another plan.
    package func numbered(_ number: UInt64) -> SyncRequest {
        SyncRequest(
            number: number, urgency: urgency, pieces: pieces, count: count, newest: newest, isCut: isCut)
    }
}

extension JournalGeneration {
    /// Is this the first place of a later file than the first?
    static func begins(at sequence: UInt64) -> Bool {
        let generation = of(sequence: sequence)
        return generation > 0 && sequence == base(generation) + 1
    }
}

/// How a request ended.
package enum SyncResult: Hashable, Sendable {
    /// 200 or 409 with a body that was understood.
    case reply(SyncReply)
    /// Any other status, redirects included, which are never followed.
    case refused(status: Int, retryAfterMs: Int?)
    /// No answer, or one that was not understood.
    case nothing
}
