// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The calls of one terminal: who rings whom, who talks, and when the microphone is open.
///
/// A value without clock or I/O; every input names its time and answers with what is to be done, in order.
/// Lives with the call desk. Always true: at most one call talks; the gate is open only for it, and only
/// after the entry of the record and the sign were asked for (of an opening: after the entry was stored); a
/// detainee's call rings until somebody answers, it is withdrawn, or there is no sound.
package struct CallMachine: Sendable {
    /// An invitation of ours.
    package enum LegState: Hashable, Sendable {
        case asked(Uptime)
        case ringing
    }

    package struct Offering: Hashable, Sendable {
        package var targets: [Party]
        package var legs: [Party: LegState] = [:]
        var againAt: Uptime?
        var noticeAt: Uptime?
        var notice = CallNotice.unreachable
        var endAt: Uptime?
        var unreachableTold = false
    }

    package struct Talk: Hashable, Sendable {
        package var far: Party
        package var officer: OfficerID?
        package var isMuted = false
        package var isPushed = false
        /// When the other end last gave a sign of life.
        package var heardAt: Uptime
        package var twoWayMs = 0
        var toldMs = 0
    }

    package enum Phase: Hashable, Sendable {
        case offering(Offering)
        /// It rings here.
        case ringing(Party)
        /// We are opened, once the entry stands.
        case recording(Party, until: Uptime)
        case talking(Talk)
        case held(Talk)
    }

    package struct Entry: Hashable, Sendable {
        package var offer: CallOffer
        package var since: Uptime
        /// We made it.
        package var isOurs: Bool
        /// Whom it may ring again when who answered is lost.
        package var targets: [Party]
        package var phase: Phase
    }

    package let role: TerminalRole
    package internal(set) var calls: [CallID: Entry] = [:]
    package internal(set) var queue = CallQueue()
    package internal(set) var talking: CallID?
    /// Whose gate is open.
    package internal(set) var gate: CallID?
    package internal(set) var hasSound = true
    var bell: CallClass?
    var effects: [CallEffect] = []

    package init(role: TerminalRole) { self.role = role }

    mutating func taken() -> [CallEffect] {
        ring()
        defer { effects = [] }
        return effects
    }

    package func talk(_ call: CallID) -> Talk? {
        switch calls[call]?.phase {
        case .talking(let talk), .held(let talk): talk
        case .offering, .ringing, .recording, nil: nil
        }
    }

    // MARK: - Making a call

    /// A detainee's call, or an officer's. False: something as urgent is under way.
    package mutating func offer(
        _ offer: CallOffer, to targets: [Party], now: Uptime
    ) -> (accepted: Bool, effects: [CallEffect]) {
        guard hasSound, calls[offer.id] == nil, !targets.isEmpty else { return (false, []) }
        if let current = talking, let entry = calls[current] {
            if offer.urgency.isAlarm, let talk = talk(current), targets.contains(talk.far) {
                // Who would be asked is talking with us already.
                calls[current]?.offer.urgency = max(entry.offer.urgency, offer.urgency)
                if entry.offer.alarm == nil { calls[current]?.offer.alarm = offer.alarm }
                calls[current]?.targets = targets
                return (true, taken())
            }
            guard entry.offer.urgency < offer.urgency else { return (false, []) }
            preempt(current, now)
        }
        var offering = Offering(targets: targets)
        offering.endAt = offer.urgency.isAlarm ? nil : now.advanced(ms: Limits.callRingMs)
        calls[offer.id] = Entry(
            offer: offer, since: now, isOurs: true, targets: targets, phase: .offering(offering))
        effects.append(.record(offer.id, .offered, nil, nil))
        invite(offer.id, targets, now)
        return (true, taken())
    }

    /// A step of the ladder: these are asked as well.
    package mutating func widen(_ call: CallID, to more: [Party], now: Uptime) -> [CallEffect] {
        guard var entry = calls[call] else { return [] }
        entry.targets += more.filter { !entry.targets.contains($0) }
        calls[call]?.targets = entry.targets
        guard case .offering(var offering) = entry.phase else { return [] }
        offering.targets = entry.targets
        calls[call]?.phase = .offering(offering)
        invite(call, more.filter { offering.legs[$0] == nil }, now)
        return taken()
    }

    /// The alarm behind it is over: nobody has to be rung any more.
    package mutating func withdraw(_ call: CallID, now: Uptime) -> [CallEffect] {
        guard case .offering? = calls[call]?.phase else { return [] }
        finish(call, .withdrawn)
        return taken()
    }

    mutating func invite(_ call: CallID, _ parties: [Party], _ now: Uptime) {
        guard let entry = calls[call], case .offering(var offering) = entry.phase else { return }
        for party in parties {
            offering.legs[party] = .asked(now)
            effects.append(.invite(CallLeg(call, party), entry.offer))
        }
        offering.againAt = nil
        calls[call]?.phase = .offering(offering)
    }

    // MARK: - What the asked say

    package mutating func ringing(_ leg: CallLeg, now: Uptime) -> [CallEffect] {
        guard case .offering(var offering)? = calls[leg.call]?.phase, offering.legs[leg.party] != nil
        else { return [] }
        if offering.legs[leg.party] != .ringing {
            effects.append(.record(leg.call, .rang, leg.party, nil))
        }
        offering.legs[leg.party] = .ringing
        calls[leg.call]?.phase = .offering(offering)
        return taken()
    }

    /// The first one that answers has the call; the others hear who.
    package mutating func answered(_ leg: CallLeg, officer: OfficerID?, now: Uptime) -> [CallEffect] {
        guard let entry = calls[leg.call], case .offering(let offering) = entry.phase,
            offering.legs[leg.party] != nil
        else {
            let winner = talk(leg.call)?.far
            if winner != leg.party {
                effects.append(.end(leg, .answeredElsewhere, answeredBy: winner))
            }
            return taken()
        }
        guard clearTheWay(entry.offer.urgency, now) else {
            effects.append(.end(leg, .busy, answeredBy: nil))
            return ended(leg, .busy, now: now)
        }
        endLegs(leg.call, .answeredElsewhere, except: leg.party)
        effects.append(.record(leg.call, .answered, leg.party, nil))
        begin(leg, officer: officer, now)
        return taken()
    }

    /// A leg is over, by the other end's will or because nothing reaches it.
    package mutating func ended(_ leg: CallLeg, _ why: CallEnding, now: Uptime) -> [CallEffect] {
        guard let entry = calls[leg.call] else { return [] }
        switch entry.phase {
        case .offering(var offering):
            guard offering.legs.removeValue(forKey: leg.party) != nil else { return [] }
            if entry.offer.urgency.isAlarm, why != .refused, offering.againAt == nil {
                offering.againAt = now.advanced(ms: Limits.callOfferAgainMs)
            }
            calls[leg.call]?.phase = .offering(offering)
            if offering.legs.isEmpty { nobodyReached(leg.call, why, now) }
        case .ringing(let far):
            if far == leg.party { forget(leg.call, why) }
        case .recording(let far, _):
            if far == leg.party { forget(leg.call, why) }
        case .talking(let talk), .held(let talk):
            guard talk.far == leg.party else { return [] }
            switch why {
            case .farLost, .unreachable: lost(leg.call, talk, now)
            case .hungUp, .farHungUp, .answeredElsewhere, .preempted, .busy, .refused, .soundFailed,
                .notAnswered, .withdrawn, .notRecorded:
                silence(leg.call)
                forget(leg.call, why)
            }
        }
        return taken()
    }

    private mutating func nobodyReached(_ call: CallID, _ why: CallEnding, _ now: Uptime) {
        guard let entry = calls[call], case .offering(var offering) = entry.phase else { return }
        guard entry.offer.urgency.isAlarm else { return forget(call, why) }
        if !offering.unreachableTold { effects.append(.record(call, .unreachable, nil, why)) }
        offering.unreachableTold = true
        offering.againAt = now.advanced(ms: Limits.callOfferAgainMs)
        // What is new is said at once, the same again after a while.
        let notice = CallNotice(why)
        if offering.noticeAt == nil || offering.notice != notice { offering.noticeAt = now }
        offering.notice = notice
        calls[call]?.phase = .offering(offering)
        sayNotice(call, now)
    }

    mutating func sayNotice(_ call: CallID, _ now: Uptime) {
        guard role == .cell, talking == nil, case .offering(var offering)? = calls[call]?.phase,
            let due = offering.noticeAt, due <= now
        else { return }
        offering.noticeAt = now.advanced(ms: Limits.callNoticeMs)
        calls[call]?.phase = .offering(offering)
        effects.append(.say(offering.notice))
    }

    /// Who answered a detainee is gone: it rings again, elsewhere first.
    mutating func lost(_ call: CallID, _ talk: Talk, _ now: Uptime) {
        guard let entry = calls[call] else { return }
        silence(call)
        guard entry.isOurs, entry.offer.urgency.isAlarm, hasSound else { return forget(call, .farLost) }
        effects.append(.record(call, .lost, talk.far, .farLost))
        calls[call]?.phase = .offering(Offering(targets: entry.targets, noticeAt: now, notice: .failed))
        let others = entry.targets.filter { $0 != talk.far }
        invite(call, others.isEmpty ? entry.targets : others, now)
        sayNotice(call, now)
    }
}

extension CallNotice {
    /// Why nobody talks with the cell.
    init(_ why: CallEnding) {
        switch why {
        case .busy: self = .busy
        case .unreachable, .notAnswered: self = .unreachable
        case .hungUp, .farHungUp, .answeredElsewhere, .preempted, .refused, .farLost, .soundFailed,
            .withdrawn, .notRecorded:
            self = .failed
        }
    }
}
