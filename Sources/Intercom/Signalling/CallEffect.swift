// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One invitation of a call.
package struct CallLeg: Hashable, Sendable {
    package var call: CallID
    package var party: Party

    package init(_ call: CallID, _ party: Party) {
        self.call = call
        self.party = party
    }
}

/// What is sounded in the cell. Only what is so: that help was told is said where a post has confirmed the
/// alarm, which the desk knows.
package enum CallNotice: UInt8, Sendable, CaseIterable, Hashable {
    /// The tone of an open microphone, for as long as an officer's opening lasts.
    case opened = 1
    /// Every post has others to speak with.
    case busy = 2
    /// A talk broke off, or was not taken: it is offered again.
    case failed = 3
    /// No post answers to the call.
    case unreachable = 4
}

/// What a call machine wants done, in this order. A value; performed by the call desk.
package enum CallEffect: Hashable, Sendable {
    /// Ask `party`; what it answers comes back as an input.
    case invite(CallLeg, CallOffer)
    /// End a leg that was not answered, or that was; `answeredBy`: who has the call instead.
    case end(CallLeg, CallEnding, answeredBy: Party?)
    /// Say that it rings here.
    case ring(CallLeg)
    /// Take an invitation.
    case answer(CallLeg)
    /// The sound of ringing at this post, by the most urgent call that waits; nil: quiet.
    case bell(CallClass?)
    /// The entry of the record that stands before a gate opens. `awaited`: tell `audited` once it is stored.
    case audit(CallLeg, CallOffer, awaited: Bool)
    /// The visible and the audible sign that the microphone is open.
    case sign(Bool)
    case startVoice(CallLeg, CallMode)
    case stopVoice(CallLeg)
    case openGate(CallLeg)
    case closeGate
    /// Tell the other end that we hold it, or no longer do.
    case hold(CallLeg, Bool)
    case say(CallNotice)
    /// Two-way speech so far, for the alarm.
    case spoken(alarm: EventID, ms: Int, with: Party, officer: OfficerID?)
    /// For the record: the call as it stands now, and at its end why.
    case record(CallID, CallStep, Party?, CallEnding?)
}

/// What an entry of the call stream tells; the raw value stands in the record.
package enum CallStep: UInt8, Sendable, CaseIterable, Hashable, CustomStringConvertible {
    case offered = 1
    case rang = 2
    case answered = 3
    case gateOpened = 4
    case held = 5
    case resumed = 6
    case lost = 7
    case ended = 8
    case unreachable = 9

    /// As it stands in records: said without looking at what the type is, which costs more than the rest.
    package var description: String {
        switch self {
        case .offered: "offered"
        case .rang: "rang"
        case .answered: "answered"
        case .gateOpened: "gateOpened"
        case .held: "held"
        case .resumed: "resumed"
        case .lost: "lost"
        case .ended: "ended"
        case .unreachable: "unreachable"
        }
    }
}
