// SPDX-License-Identifier: Apache-2.0
package import Facility

// What the voice reports, what the card does, and what time does.
extension CallMachine {
    /// `twoWayMs`: so long both ends were heard. `isAlive`: something came of the other end since last time.
    package mutating func heard(
        _ call: CallID, isAlive: Bool, twoWayMs: Int, now: Uptime
    ) -> [CallEffect] {
        guard var entry = calls[call] else { return [] }
        switch entry.phase {
        case .talking(var talk):
            if isAlive { talk.heardAt = now }
            talk.twoWayMs = max(talk.twoWayMs, twoWayMs)
            if entry.isOurs || role == .cell, let alarm = entry.offer.alarm, talk.toldMs == 0,
                talk.twoWayMs >= Limits.spokenMinMs
            {
                talk.toldMs = talk.twoWayMs
                effects.append(
                    .spoken(alarm: alarm, ms: talk.twoWayMs, with: talk.far, officer: talk.officer))
            }
            entry.phase = .talking(talk)
        case .held(var talk):
            if isAlive { talk.heardAt = now }
            entry.phase = .held(talk)
        case .offering, .ringing, .recording: return []
        }
        calls[call] = entry
        return taken()
    }

    /// The card is gone: nobody is left waiting for a voice that cannot come.
    package mutating func soundFailed(now: Uptime) -> [CallEffect] {
        guard hasSound else { return [] }
        hasSound = false
        for call in calls.keys.sorted(by: { $0.description < $1.description }) {
            finish(call, .soundFailed)
        }
        return taken()
    }

    package mutating func soundReturned() { hasSound = true }

    /// Asked at `deadline` or later.
    package mutating func elapsed(now: Uptime) -> [CallEffect] {
        for call in calls.keys.sorted(by: { $0.description < $1.description }) {
            switch calls[call]?.phase {
            case .offering(let offering): offeringElapsed(call, offering, now)
            case .recording(let far, let until):
                guard until <= now else { continue }
                effects.append(.end(CallLeg(call, far), .notRecorded, answeredBy: nil))
                forget(call, .notRecorded)
            case .talking(let talk), .held(let talk):
                guard talk.heardAt.advanced(ms: Limits.callSilenceMs) <= now else { continue }
                effects.append(.end(CallLeg(call, talk.far), .farLost, answeredBy: nil))
                lost(call, talk, now)
            case .ringing, nil: continue
            }
        }
        return taken()
    }

    private mutating func offeringElapsed(_ call: CallID, _ offering: Offering, _ now: Uptime) {
        if let end = offering.endAt, end <= now { return finish(call, .notAnswered) }
        for (party, state) in offering.legs.sorted(by: { $0.key.text < $1.key.text }) {
            guard case .asked(let at) = state, at.advanced(ms: Limits.callReachMs) <= now
            else { continue }
            let leg = CallLeg(call, party)
            effects.append(.end(leg, .unreachable, answeredBy: nil))
            let before = effects
            effects = []
            effects = before + ended(leg, .unreachable, now: now)
        }
        sayNotice(call, now)
        if case .offering(let rest)? = calls[call]?.phase, let again = rest.againAt, again <= now {
            invite(call, rest.targets.filter { rest.legs[$0] == nil }, now)
        }
    }

    /// When `elapsed` has to be asked next; nil: not before another input.
    package var deadline: Uptime? {
        var first: Uptime?
        func sooner(_ time: Uptime?) {
            guard let time else { return }
            first = min(first ?? time, time)
        }
        for entry in calls.values {
            switch entry.phase {
            case .offering(let offering):
                sooner(offering.endAt)
                sooner(offering.againAt)
                if role == .cell, talking == nil { sooner(offering.noticeAt) }
                for state in offering.legs.values {
                    if case .asked(let at) = state { sooner(at.advanced(ms: Limits.callReachMs)) }
                }
            case .recording(_, let until): sooner(until)
            case .talking(let talk), .held(let talk):
                sooner(talk.heardAt.advanced(ms: Limits.callSilenceMs))
            case .ringing: break
            }
        }
        return first
    }
}
