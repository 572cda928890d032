// SPDX-License-Identifier: Apache-2.0
package import Facility
import Journal

extension SyncPump {
    /// How a request ended. A result that is late, doubled or of no request changes nothing.
    package mutating func take(
        _ result: SyncResult, of number: UInt64, at now: Uptime,
        using chance: inout some RandomNumberGenerator
    ) {
        guard
            let urgency = SyncClass.allCases.first(where: { lanes[$0]?.outstanding?.plan.number == number }),
            var lane = lanes[urgency], let outstanding = lane.outstanding
        else { return }
        lane.outstanding = nil
        switch result {
        case .reply(let reply):
            let ms = now.ms(since: outstanding.plannedAt)
            if outstanding.isHeldBack, let leftAt = outstanding.leftAt {
                lane.pace.carriedHeldBack(bytes: outstanding.bytes, ms: ms, tailMs: now.ms(since: leftAt))
            } else {
                lane.pace.carried(bytes: outstanding.bytes, count: outstanding.count, ms: ms)
            }
            if urgency == .alarm, outstanding.count == 0 {
                // What an answer takes is the way's, and the rest seldom asks with empty hands.
                lanes[.rest]?.pace.carried(bytes: outstanding.bytes, count: 0, ms: ms)
            }
            lane.answeredAt = now
            // A hub of very many terminals asks for less, within what is late for nobody.
            proofMs = min(
                max(reply.proofMs ?? Limits.syncProofMs, Limits.syncProofMs), Limits.syncProofSlowMs)
            told.subtract(SyncFault.ofAnswers)
            // A hub that answers and takes nothing is not asked without pause.
            if adopt(reply, of: outstanding, at: now) {
                lane.retry.succeeded()
            } else {
                lane.retry.failed(at: now, using: &chance)
            }
        case .refused(413, _) where lane.pace.wasTooLarge(bytes: outstanding.bytes, count: outstanding.count):
            break
        case .refused(let status, let retryAfterMs):
            tell(status, count: outstanding.count)
            let isGone = status == 410
            lane.retry.failed(
                at: now, retryAfterMs: isGone ? Limits.syncRetryAfterMaxMs : retryAfterMs, using: &chance)
        case .nothing:
            lane.pace.wasLost()
            lane.retry.failed(at: now, using: &chance)
        }
        lanes[urgency] = lane
    }

    /// The hub's word, also when it is less than before: false when nothing that was sent is the hub's now.
    private mutating func adopt(_ reply: SyncReply, of outstanding: Outstanding, at now: Uptime) -> Bool {
        let streams = outstanding.plan.urgency.streams
        for stream in streams {
            progress[stream]?.past = reply.cursors[stream] ?? 0
            if let shown = outstanding.newest[stream], let lostAfter = progress[stream]?.lostAfter {
                progress[stream]?.lostAfter = max(lostAfter, shown)
            }
            settle(stream)
        }
        for objection in reply.objections where streams.contains(objection.stream) {
            progress[objection.stream]?.stoppedUntil = now.advanced(ms: Limits.syncObjectedRetryMs)
            tell(.objected(objection.stream), SyncFault.fault(of: objection))
        }
        let reads = outstanding.plan.reads
        for read in reads where reply.cursors[read.stream] ?? 0 > read.sequence {
            if progress[read.stream]?.isStopped == false { told.remove(.objected(read.stream)) }
        }
        return reads.isEmpty || !reply.objections.isEmpty
            || reads.contains { reply.cursors[$0.stream] ?? 0 > $0.sequence }
    }

    private mutating func tell(_ status: Int, count: Int) {
        guard let kind = SyncFault(status: status) else { return }
        tell(kind, kind.fault(status: status, count: count))
    }

    mutating func tell(_ kind: SyncFault, _ fault: Fault) {
        guard told.insert(kind).inserted else { return }
        faults.append(fault)
    }
}

/// Kinds of fault, each told once until it is over.
enum SyncFault: Hashable {
    case objected(Stream)
    case ahead(Stream)
    case identity
    case version
    case size
    case answer

    static let ofAnswers: Set<SyncFault> = [.identity, .version, .size, .answer]

    /// `nil` for what passes by itself: a hub that is busy, restarts or is away.
    init?(status: Int) {
        switch status {
        case 429, 500...599: return nil
        case 401, 403: self = .identity
        case 410: self = .version
        case 413: self = .size
        default: self = .answer
        }
    }

    func fault(status: Int, count: Int) -> Fault {
        let (cause, hint) =
            switch self {
            case .identity:
                (
                    "it does not accept this terminal's certificate",
                    "Join the terminal again with a new code, if it was not revoked on purpose."
                )
            case .version:
                ("it no longer speaks this version", "Update this terminal's software.")
            case .size:
                (
                    "a batch of \(count) is too large for it",
                    "Raise the body limit of the hub or of the proxy before it to 1 MiB."
                )
            case .answer:
                ("it answers with \(status)", "Check the hub's address; then the hub's own log.")
            case .objected, .ahead: ("it objects", "See the hub's console.")
            }
        return Fault("send to hub", at: "/v1/events", cause: cause, hint: hint)
    }

    func fault(hub: UInt64, journal: UInt64) -> Fault {
        Fault(
            "send to hub", at: "\(self)", cause: "the hub has \(hub), this journal ends at \(journal)",
            hint:
                "The journal lost its end or was put back; keep its file and tell whoever keeps the records.")
    }

    static func fault(of objection: SyncObjection) -> Fault {
        Fault(
            "send to hub", at: "stream \(objection.stream), entry \(objection.sequence)",
            cause: "the hub has something else there (\(objection.reason))",
            hint: "Two machines may use this terminal's name, or it was put back to an older state: see the "
                + "hub's console.")
    }
}
