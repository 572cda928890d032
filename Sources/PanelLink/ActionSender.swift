// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility

/// Brings an officer's actions from a post to the custodian of the alarm, and keeps on until it replies or
/// the time is up.
///
/// A value, owned by the line thread's desk, which seals and sends what `due` names. Always true: each
/// submitted action ends in exactly one `reply` or one `givenUp`.
package struct ActionSender: Sendable {
    private struct Errand: Sendable {
        let request: ActionRequest
        let custodian: TerminalID
        let submitted: Uptime
        var firstSent: Uptime?
        var nextDue: Uptime
    }

    private var errands: [Errand] = []

    package init() {}

    /// False: `Limits.actionsMaxCount` are under way; refuse it as `tooMany`. The same id twice is one
    /// errand.
    package mutating func submit(_ request: ActionRequest, to custodian: TerminalID, now: Uptime) -> Bool {
        if errands.contains(where: { $0.request.actionID == request.actionID }) { return true }
        guard errands.count < Limits.actionsMaxCount else { return false }
        errands.append(Errand(request: request, custodian: custodian, submitted: now, nextDue: now))
        return true
    }

    /// What to send now. Calling it counts as having sent.
    package mutating func due(_ now: Uptime) -> [(TerminalID, ActionRequest)] {
        var sends: [(TerminalID, ActionRequest)] = []
        for place in errands.indices where errands[place].nextDue <= now {
            sends.append((errands[place].custodian, errands[place].request))
            let first = errands[place].firstSent ?? now
            errands[place].firstSent = first
            let scheduled = Limits.annunciationRetryMs.lazy.map { first.advanced(ms: $0) }.first { $0 > now }
            errands[place].nextDue = scheduled ?? now.advanced(ms: Limits.annunciationRetryLastMs)
        }
        return sends
    }

    /// The request that is answered; `nil`: already answered, given up, or not asked of this terminal.
    package mutating func reply(from terminal: TerminalID, _ reply: ActionReply) -> ActionRequest? {
        let place = errands.firstIndex { $0.request.actionID == reply.actionID && $0.custodian == terminal }
        return place.map { errands.remove(at: $0).request }
    }

    /// Those without a reply for `Limits.actionGiveUpMs`: the officer is told `cellUnreachable`.
    package mutating func givenUp(_ now: Uptime) -> [ActionRequest] {
        let late = errands.filter { now >= $0.submitted.advanced(ms: Limits.actionGiveUpMs) }.map(\.request)
        if !late.isEmpty { errands.removeAll { now >= $0.submitted.advanced(ms: Limits.actionGiveUpMs) } }
        return late
    }

    /// The custodian runs anew, or the link has got its session: everything for it is sent again now.
    package mutating func renamed(_ terminal: TerminalID, now: Uptime) {
        for place in errands.indices where errands[place].custodian == terminal {
            errands[place].firstSent = nil
            errands[place].nextDue = now
        }
    }

    /// The custodian is lost: whoever asks decides for it now.
    package mutating func withdraw(from terminal: TerminalID) -> [ActionRequest] {
        let withdrawn = errands.filter { $0.custodian == terminal }.map(\.request)
        errands.removeAll { $0.custodian == terminal }
        return withdrawn
    }

    /// When `due` or `givenUp` has something next.
    package var deadline: Uptime? {
        errands.map { min($0.nextDue, $0.submitted.advanced(ms: Limits.actionGiveUpMs)) }.min()
    }

    package var count: Int { errands.count }

    /// Is this action under way already?
    package func contains(_ actionID: UInt64) -> Bool { errands.contains { $0.request.actionID == actionID } }
}

/// The replies given lately, so that a repeated action is done once and answered alike.
///
/// A value, owned by the custodian's desk. At `Limits.actionMemoryCount` the oldest is forgotten.
package struct ActionMemory: Sendable {
    private struct Key: Hashable, Sendable {
        let asker: TerminalID
        let actionID: UInt64
    }

    private var replies: [Key: ActionReply] = [:]
    private var order: [Key] = []
    /// Where the oldest stands once the ring is full.
    private var oldest = 0

    package init() {}

    package func reply(to actionID: UInt64, from asker: TerminalID) -> ActionReply? {
        replies[Key(asker: asker, actionID: actionID)]
    }

    /// The first reply to an action stays its reply.
    package mutating func remember(_ reply: ActionReply, to asker: TerminalID) {
        let key = Key(asker: asker, actionID: reply.actionID)
        guard replies[key] == nil else { return }
        if order.count < Limits.actionMemoryCount {
            order.append(key)
        } else {
            replies[order[oldest]] = nil
            order[oldest] = key
            oldest = (oldest + 1) % order.count
        }
        replies[key] = reply
    }
}
