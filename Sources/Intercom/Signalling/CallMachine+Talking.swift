// SPDX-License-Identifier: Apache-2.0
package import Facility

// The one call that talks: its gate, its ends, and what time does.
extension CallMachine {
    /// Both ends are connected, and what is said here goes out.
    mutating func begin(_ leg: CallLeg, officer: OfficerID?, _ now: Uptime) {
        connect(leg, officer: officer, now)
        openGate(leg.call, isRecorded: false)
    }

    mutating func connect(_ leg: CallLeg, officer: OfficerID?, _ now: Uptime) {
        guard let mode = calls[leg.call]?.offer.mode else { return }
        calls[leg.call]?.phase = .talking(Talk(far: leg.party, officer: officer, heardAt: now))
        talking = leg.call
        effects.append(.startVoice(leg, mode))
    }

    /// The only place where the gate opens. Nothing happens where the microphone has to stay closed.
    mutating func openGate(_ call: CallID, isRecorded: Bool) {
        guard gate == nil, let entry = calls[call], case .talking(let talk) = entry.phase,
            !talk.isMuted, mayBeHeard(entry, talk)
        else { return }
        let leg = CallLeg(call, talk.far)
        if !isRecorded { effects.append(.audit(leg, entry.offer, awaited: false)) }
        effects.append(.sign(true))
        // Who did not call hears that the microphone is open.
        if role == .cell, !entry.isOurs { effects.append(.say(.opened)) }
        effects.append(.record(call, .gateOpened, talk.far, nil))
        effects.append(.openGate(leg))
        gate = call
    }

    /// Who listens in is not heard; with push-to-talk an officer only while the key is held.
    private func mayBeHeard(_ entry: Entry, _ talk: Talk) -> Bool {
        switch entry.offer.mode {
        case .talk: true
        case .listen: !entry.isOurs
        case .pushToTalk: role == .cell || talk.isPushed
        }
    }

    mutating func closeGate() {
        guard gate != nil else { return }
        gate = nil
        effects.append(.closeGate)
        effects.append(.sign(false))
    }

    /// Ends what can be heard of a call; its entry stays.
    mutating func silence(_ call: CallID) {
        guard let entry = calls[call], let talk = talk(call) else { return }
        if gate == call { closeGate() }
        if talking == call { talking = nil }
        effects.append(.stopVoice(CallLeg(call, talk.far)))
        if entry.isOurs || role == .cell, let alarm = entry.offer.alarm, talk.twoWayMs > talk.toldMs,
            talk.twoWayMs >= Limits.spokenMinMs
        {
            tellSpoken(alarm, talk)
        }
    }

    private mutating func tellSpoken(_ alarm: EventID, _ talk: Talk) {
        effects.append(.spoken(alarm: alarm, ms: talk.twoWayMs, with: talk.far, officer: talk.officer))
    }

    /// A more urgent call needs the terminal: what an alarm is about is held, the rest ends.
    mutating func preempt(_ call: CallID, _ now: Uptime) {
        guard let entry = calls[call], case .talking(let talk) = entry.phase else { return }
        if role == .post, entry.offer.urgency.isAlarm { return setHeld(call, talk) }
        finish(call, .preempted)
    }

    /// False: who talks now is as urgent.
    mutating func clearTheWay(_ urgency: CallClass, _ now: Uptime) -> Bool {
        guard let talking, let other = calls[talking]?.offer.urgency else { return true }
        guard other < urgency else { return false }
        preempt(talking, now)
        return true
    }

    // MARK: - What the officer does

    /// `call` nil: the one that talks, else the first that rings.
    package mutating func hangUp(_ call: CallID?, now: Uptime) throws(CallRefusal) -> [CallEffect] {
        guard let id = call ?? talking ?? calls.first(where: { $0.value.isOurs })?.key ?? queue.first,
            let entry = calls[id]
        else { throw .noCall }
        // A detainee's call is not hung up at the cell before somebody answered.
        if entry.isOurs, entry.offer.urgency.isAlarm, talk(id) == nil { throw .notTalking }
        finish(id, talk(id) == nil && !entry.isOurs ? .refused : .hungUp)
        return taken()
    }

    package mutating func mute(_ on: Bool, now: Uptime) throws(CallRefusal) -> [CallEffect] {
        guard let id = talking, case .talking(var talk)? = calls[id]?.phase else { throw .notTalking }
        talk.isMuted = on
        calls[id]?.phase = .talking(talk)
        if on { closeGate() } else { openGate(id, isRecorded: false) }
        return taken()
    }

    package mutating func push(_ on: Bool, now: Uptime) throws(CallRefusal) -> [CallEffect] {
        guard let id = talking, let entry = calls[id], case .talking(var talk) = entry.phase,
            entry.offer.mode == .pushToTalk
        else { throw .notTalking }
        talk.isPushed = on
        calls[id]?.phase = .talking(talk)
        if on { openGate(id, isRecorded: false) } else if role == .post { closeGate() }
        return taken()
    }

    package mutating func hold(_ on: Bool, call: CallID?, now: Uptime) throws(CallRefusal) -> [CallEffect] {
        if on {
            guard let id = call ?? talking, case .talking(let talk)? = calls[id]?.phase
            else { throw .notTalking }
            setHeld(id, talk)
            return taken()
        }
        let held = calls.filter { if case .held = $0.value.phase { true } else { false } }
        let oldest = held.min { $0.value.since < $1.value.since }
        guard let id = call ?? oldest?.key, case .held(var talk)? = calls[id]?.phase
        else { throw .noCall }
        if let talking { preempt(talking, now) }
        talk.heardAt = now
        calls[id]?.phase = .talking(talk)
        talking = id
        effects.append(.hold(CallLeg(id, talk.far), false))
        effects.append(.record(id, .resumed, talk.far, nil))
        openGate(id, isRecorded: false)
        return taken()
    }

    private mutating func setHeld(_ call: CallID, _ talk: Talk) {
        if gate == call { closeGate() }
        if talking == call { talking = nil }
        calls[call]?.phase = .held(talk)
        effects.append(.hold(CallLeg(call, talk.far), true))
        effects.append(.record(call, .held, talk.far, nil))
    }

    // MARK: - Ends

    /// We end it, whatever it is doing.
    mutating func finish(_ call: CallID, _ why: CallEnding) {
        guard let entry = calls[call] else { return }
        switch entry.phase {
        case .offering: endLegs(call, why, except: nil)
        case .ringing(let far), .recording(let far, _):
            effects.append(.end(CallLeg(call, far), why, answeredBy: nil))
        case .talking(let talk), .held(let talk):
            silence(call)
            effects.append(.end(CallLeg(call, talk.far), why, answeredBy: nil))
        }
        forget(call, why)
    }

    mutating func endLegs(
        _ call: CallID, _ why: CallEnding, except winner: Party?, by answerer: Party? = nil
    ) {
        guard case .offering(let offering)? = calls[call]?.phase else { return }
        for party in offering.legs.keys.sorted(by: { $0.text < $1.text }) where party != winner {
            effects.append(.end(CallLeg(call, party), why, answeredBy: winner ?? answerer))
        }
    }

    mutating func forget(_ call: CallID, _ why: CallEnding) {
        guard let entry = calls.removeValue(forKey: call) else { return }
        queue.remove(call)
        if gate == call { closeGate() }
        if talking == call { talking = nil }
        effects.append(.record(call, .ended, entry.far, why))
    }

    /// The bell follows the queue: it is heard unless something as urgent is being talked about.
    mutating func ring() {
        let first = queue.first.flatMap { calls[$0]?.offer.urgency }
        let now = talking.flatMap { calls[$0]?.offer.urgency }
        let wanted = first.flatMap { first in now.map { first > $0 } ?? true ? first : nil }
        guard wanted != bell else { return }
        bell = wanted
        // Who is to hear it comes before the caller, who only waits for that.
        effects.insert(.bell(wanted), at: wanted == nil ? effects.count : 0)
    }
}

extension CallMachine.Entry {
    /// Who is at the other end, where that is one.
    package var far: Party? {
        switch phase {
        case .offering: nil
        case .ringing(let far), .recording(let far, _): far
        case .talking(let talk), .held(let talk): talk.far
        }
    }
}
