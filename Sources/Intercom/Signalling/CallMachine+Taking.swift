// SPDX-License-Identifier: Apache-2.0
package import Facility

// Being called: a post rings, a cell is opened.
extension CallMachine {
    /// Somebody who may invites us. A refusal is already told to them by an effect; it is for the count.
    package mutating func invited(
        _ offer: CallOffer, from far: Party, now: Uptime
    ) -> (refusal: CallRefusal?, effects: [CallEffect]) {
        let leg = CallLeg(offer.id, far)
        guard calls[offer.id] == nil else { return refuse(leg, .busy, .alreadyAnswered) }
        guard hasSound else { return refuse(leg, .soundFailed, .soundDown) }
        if role == .cell { return opened(offer, from: far, now: now) }
        calls[offer.id] = Entry(
            offer: offer, since: now, isOurs: false, targets: [], phase: .ringing(far))
        let waiting = CallQueue.Waiting(call: offer.id, urgency: offer.urgency, since: now)
        if let last = queue.add(waiting), case .ringing(let caller)? = calls[last]?.phase {
            effects.append(.end(CallLeg(last, caller), .busy, answeredBy: nil))
            forget(last, .busy)
            if last == offer.id { return (.busy, taken()) }
        }
        effects.append(.ring(leg))
        effects.append(.record(offer.id, .rang, far, nil))
        if offer.urgency.isAlarm, let talking, let other = calls[talking]?.offer.urgency,
            other < offer.urgency
        {
            preempt(talking, now)
        }
        if offer.answersItself, talking == nil {
            _ = take(leg, officer: nil, now)
        }
        return (nil, taken())
    }

    /// An officer opens this cell: not without a reason, to listen not alone, and not before it is recorded.
    private mutating func opened(
        _ offer: CallOffer, from far: Party, now: Uptime
    ) -> (refusal: CallRefusal?, effects: [CallEffect]) {
        let leg = CallLeg(offer.id, far)
        if offer.grounds.reason.isEmpty { return refuse(leg, .refused, .reasonMissing) }
        switch offer.mode {
        case .listen:
            guard let second = offer.grounds.second, second != offer.grounds.officer,
                offer.grounds.officer != nil
            else { return refuse(leg, .refused, .secondPersonMissing) }
        case .talk, .pushToTalk: break
        }
        var taken = offer
        // Whatever the caller says of its urgency: it opens a cell.
        taken.urgency = .opening
        if offer.mode != .listen, let waiting = calls.first(where: { $0.value.waits }) {
            // An officer calls us, from a post that we ring or from the command room: that is the answer.
            taken.urgency = waiting.value.offer.urgency
            taken.alarm = waiting.value.offer.alarm
            endLegs(waiting.key, .answeredElsewhere, except: nil, by: far)
            calls[waiting.key] = nil
            effects.append(.record(waiting.key, .ended, far, .answeredElsewhere))
        } else if calls.values.contains(where: { $0.offer.urgency.isAlarm }) {
            return refuse(leg, .busy, .busy)
        }
        if let talking, let other = calls[talking]?.offer.urgency {
            guard other < taken.urgency else { return refuse(leg, .busy, .busy) }
            preempt(talking, now)
        }
        if calls.values.contains(where: { $0.isRecording }) { return refuse(leg, .busy, .busy) }
        calls[offer.id] = Entry(
            offer: taken, since: now, isOurs: false, targets: [],
            phase: .recording(far, until: now.advanced(ms: Limits.callAuditMs)))
        effects.append(.record(offer.id, .rang, far, nil))
        effects.append(.audit(leg, taken, awaited: true))
        return (nil, self.taken())
    }

    private mutating func refuse(
        _ leg: CallLeg, _ ending: CallEnding, _ refusal: CallRefusal
    ) -> (refusal: CallRefusal?, effects: [CallEffect]) {
        effects.append(.end(leg, ending, answeredBy: nil))
        return (refusal, taken())
    }

    /// The entry of an opening is on the disk.
    package mutating func audited(_ call: CallID, now: Uptime) -> [CallEffect] {
        guard let entry = calls[call], case .recording(let far, _) = entry.phase else { return [] }
        let leg = CallLeg(call, far)
        guard clearTheWay(entry.offer.urgency, now) else {
            effects.append(.end(leg, .busy, answeredBy: nil))
            forget(call, .busy)
            return taken()
        }
        effects.append(.answer(leg))
        effects.append(.record(call, .answered, far, nil))
        connect(leg, officer: entry.offer.grounds.officer, now)
        openGate(call, isRecorded: true)
        return taken()
    }

    // MARK: - An officer answers

    /// `call` nil: the first of the queue.
    package mutating func answer(
        _ call: CallID?, officer: OfficerID?, now: Uptime
    ) throws(CallRefusal) -> [CallEffect] {
        guard hasSound else { throw .soundDown }
        guard let id = call ?? queue.first, let entry = calls[id] else { throw .noCall }
        guard case .ringing(let far) = entry.phase else { throw .alreadyAnswered }
        if let refusal = take(CallLeg(id, far), officer: officer, now) { throw refusal }
        return taken()
    }

    private mutating func take(_ leg: CallLeg, officer: OfficerID?, _ now: Uptime) -> CallRefusal? {
        guard let entry = calls[leg.call] else { return .noCall }
        if let talking, let other = calls[talking]?.offer.urgency {
            guard other <= entry.offer.urgency else { return .busy }
            preempt(talking, now)
        }
        queue.remove(leg.call)
        calls[leg.call]?.offer.grounds.officer = officer ?? entry.offer.grounds.officer
        effects.append(.answer(leg))
        effects.append(.record(leg.call, .answered, leg.party, nil))
        begin(leg, officer: officer, now)
        return nil
    }
}

extension CallMachine.Entry {
    /// It is a detainee's call of ours that nobody has answered.
    var waits: Bool {
        guard case .offering = phase else { return false }
        return isOurs && offer.urgency.isAlarm
    }

    var isRecording: Bool {
        switch phase {
        case .recording: true
        case .offering, .ringing, .talking, .held: false
        }
    }
}
