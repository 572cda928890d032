// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import TalkLink

// The command room's pages: what the gateway asks of the desk.
extension CallDesk {
    /// The call in a page's name, and why it ended.
    struct Page {
        let call: CallID
        var why: CallEnding?
    }

    func open(_ request: TalkRequest) -> Result<CallID, TalkEndError> {
        let party = Party.terminal(request.terminal)
        guard book.uri(party) != nil else { return .failure(TalkEndError(.unreachable)) }
        let grounds = CallGrounds(
            officer: request.officer, second: request.second,
            reason: request.purpose == .answer ? CallGrounds.answering : request.reason)
        let offer = CallOffer(
            id: mint(), urgency: .opening, mode: request.purpose == .listen ? .listen : .talk,
            grounds: grounds)
        let (isTaken, effects) = machine.offer(offer, to: [party], now: Self.now)
        guard isTaken else { return .failure(TalkEndError(machine.hasSound ? .busy : .gatewayFault)) }
        page = Page(call: offer.id)
        perform(effects)
        return .success(offer.id)
    }

    func state(of call: CallID) -> TalkState {
        guard let entry = machine.calls[call] else {
            return .ended(TalkEnd(page?.call == call ? page?.why : nil))
        }
        switch entry.phase {
        case .offering, .ringing, .recording: return .calling
        case .talking, .held:
            let report = entry.far.flatMap { legs[CallLeg(call, $0)]?.voice?.report() }
            let all = (report?.packetsReceived ?? 0) + (report?.packetsLost ?? 0)
            return .talking(
                delayMs: UInt16(clamping: Int(max(0, report?.mouthToEarMs ?? 0))),
                lossPermille: UInt16(clamping: all > 0 ? (report?.packetsLost ?? 0) * 1_000 / all : 0))
        }
    }

    func act(_ act: TalkAct, on call: CallID) {
        let now = Self.now
        do throws(CallRefusal) {
            switch act {
            case .mute: perform(try machine.mute(true, now: now))
            case .unmute: perform(try machine.mute(false, now: now))
            case .press: perform(try machine.push(true, now: now))
            case .release: perform(try machine.push(false, now: now))
            case .hangUp: perform(try machine.hangUp(call, now: now))
            }
        } catch { SoundProcess.log("page: \(act) refused: \(error)") }
    }
}

/// `TalkEnd` where Swift wants an error.
struct TalkEndError: Error {
    let why: TalkEnd
    init(_ why: TalkEnd) { self.why = why }
}

extension TalkEnd {
    /// As the officer at the page reads it.
    init(_ why: CallEnding?) {
        switch why {
        case .hungUp, .farHungUp, .withdrawn, nil: self = .hungUp
        case .answeredElsewhere: self = .answeredElsewhere
        case .preempted: self = .preempted
        case .busy: self = .busy
        case .refused, .notRecorded: self = .refused
        case .unreachable, .notAnswered: self = .unreachable
        case .farLost: self = .lost
        case .soundFailed: self = .gatewayFault
        }
    }
}
