// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
package import PanelLink

/// The alarms of this terminal as its alarm process tells them, and which of them want a call.
///
/// A value of the call desk; no I/O. Always true: an alarm is called for once, and again only when the button
/// is pressed anew, the call was cut short, or this process begins anew and nobody has spoken yet.
package struct AlarmFeed: Sendable {
    package enum Wish: Hashable, Sendable {
        case call(AlarmRecord)
        /// A step of the ladder, or a further one.
        case widen(CallID, steps: Int)
        case withdraw(CallID)
    }

    private struct Known {
        var call: CallID?
        var presses: UInt32
        var steps: Int
        /// A post has it on its list, and sounding.
        var isAnnunciated = false
    }

    let own: TerminalID
    package let daemon: String
    package private(set) var token = UInt64.random(in: 1 ... .max)
    package private(set) var askAt: Uptime?
    private var known: [EventID: Known] = [:]

    package init(own: TerminalID, daemon: String) {
        self.own = own
        self.daemon = daemon
        askAt = Uptime(nanoseconds: 0)
    }

    /// A post has confirmed an alarm that is called for.
    package var isAnnunciated: Bool { known.values.contains { $0.call != nil && $0.isAnnunciated } }

    package func isDue(_ now: Uptime) -> Bool { askAt.map { $0 <= now } ?? false }

    /// The question that is to be sent now; a new number asks for the whole list.
    package mutating func question(isReached: Bool, _ now: Uptime) -> Message {
        if !isReached { token = .random(in: 1 ... .max) }
        askAt = now.advanced(ms: isReached ? Limits.followerLeaseMs / 3 : Limits.deskRepeatMs)
        return .query(Query(token: token, what: .follow))
    }

    /// The whole list once more, at the next turn.
    package mutating func again(_ now: Uptime) {
        token = .random(in: 1 ... .max)
        askAt = now
    }

    package mutating func take(_ record: AlarmRecord) -> Wish? {
        guard record.point.terminal == own, record.alarmClass != .trouble, !record.silentAtOrigin else {
            return nil
        }
        guard record.isOpen, record.attended == nil else {
            return known.removeValue(forKey: record.id)?.call.map { .withdraw($0) }
        }
        let steps = Int(record.escalation)
        guard var entry = known[record.id] else {
            // Of before this process: whoever was spoken with is not rung again.
            if record.spokenMs >= UInt32(Limits.spokenMinMs) {
                known[record.id] = Known(call: nil, presses: record.presses, steps: steps)
                return nil
            }
            return .call(record)
        }
        entry.isAnnunciated = record.annunciated != nil
        defer { known[record.id] = entry }
        if let call = entry.call {
            guard steps > entry.steps else { return nil }
            entry.steps = steps
            return .widen(call, steps: steps)
        }
        return record.presses > entry.presses ? .call(record) : nil
    }

    /// A call for it was begun.
    package mutating func called(_ record: AlarmRecord, as call: CallID) {
        known[record.id] = Known(
            call: call, presses: record.presses, steps: Int(record.escalation),
            isAnnunciated: record.annunciated != nil)
    }

    /// It is over. What was cut short is called again with the next list.
    package mutating func ended(_ call: CallID, _ why: CallEnding, _ now: Uptime) {
        guard let id = known.first(where: { $0.value.call == call })?.key else { return }
        known[id]?.call = nil
        switch why {
        case .preempted, .busy, .soundFailed, .unreachable, .notAnswered:
            known[id] = nil
            again(now)
        case .hungUp, .farHungUp, .answeredElsewhere, .refused, .farLost, .withdrawn, .notRecorded: break
        }
    }
}
