// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Intercom
import PanelLink

// What comes by SIP, judged before the machine hears of it.
extension CallDesk {
    func take(_ event: SIPEvent) {
        let now = Self.now
        switch event {
        case .invited(let number, let request): invited(number, request, now)
        case .ringing(let number):
            if let leg = numbers[number] { perform(machine.ringing(leg, now: now)) }
        case .answered(let number, let bytes, let header): answered(number, bytes, header, now)
        case .established(let number): if let leg = numbers[number] { beginVoice(leg) }
        case .ended(let number, let status):
            guard let leg = numbers.removeValue(forKey: number) else { return }
            let known = legs[leg]
            let why: CallEnding = known?.plan != nil ? (status == 200 ? .farHungUp : .farLost) : .init(status)
            perform(machine.ended(leg, why, now: now))
            if legs[leg]?.number == number, let known = legs.removeValue(forKey: leg) { stopVoice(known) }
        case .message(let request): message(request)
        case .replied(let task, let status): replied(task, status, now)
        }
    }

    private func invited(_ number: Int, _ request: SIPRequest, _ now: Uptime) {
        guard let (party, offer, nonce) = who(request) else {
            endpoint?.refuse(number, 403, "Forbidden")
            return
        }
        guard let remote = try? SDPSession(reading: request.body) else {
            endpoint?.refuse(number, request.body.isEmpty ? 400 : 488, "Not Acceptable Here")
            return
        }
        let leg = CallLeg(offer.id, party)
        guard legs[leg] == nil else {
            endpoint?.refuse(number, 482, "Loop Detected")
            return
        }
        var known = Leg(number: number, isOurs: false, remote: remote)
        known.farNonce = nonce
        legs[leg] = known
        numbers[number] = leg
        let (refusal, effects) = machine.invited(offer, from: party, now: now)
        perform(effects)
        if let refusal { SoundProcess.log("\(party.text) refused: \(refusal)") }
        // It waits for its entry, or for a hand.
        if legs[leg] != nil { _ = endpoint?.ring(number, user: book.own.id.text) }
    }

    /// nil: nobody who may call.
    private func who(_ request: SIPRequest) -> (Party, CallOffer, nonce: String)? {
        guard let text = request.headers[CallHeader.name.lowercased()] else {
            guard let party = book.caller(request) else { return nil }
            var offer = CallOffer(
                id: mint(), urgency: request.isEmergency ? .emergency : .routine,
                grounds: CallGrounds(officer: nil, reason: request.headers["subject"] ?? ""),
                answersItself: request.answersItself)
            offer.grounds.reason = String(offer.grounds.reason.prefix(Limits.callReasonMaxBytes / 4))
            return (party, offer, "")
        }
        guard let header = CallHeader(reading: text), let from = TerminalID(header[.from]),
            header[.to] == book.own.id.text, let keys = book.keys(from),
            book.site.terminal(from)?.address == request.source,
            header.isSealed("offer", keys, String(decoding: request.body, as: UTF8.self)),
            let offer = header.offer, book.isOfficer(offer.grounds.officer),
            book.isOfficer(offer.grounds.second), isFresh(header[.nonce])
        else { return nil }
        return (.terminal(from), offer, header[.nonce])
    }

    /// An offer that was recorded on the wire opens nothing a second time.
    private func isFresh(_ nonce: String) -> Bool {
        guard !nonce.isEmpty, !seenNonces.contains(nonce) else { return false }
        seenNonces.append(nonce)
        if seenNonces.count > Limits.actionMemoryCount { seenNonces.removeFirst() }
        return true
    }

    private func answered(_ number: Int, _ bytes: [UInt8], _ header: String?, _ now: Uptime) {
        guard let leg = numbers[number], var known = legs[leg], let local = known.local else { return }
        do {
            let remote = try SDPSession(reading: bytes)
            var plan = try SDPAgreement.plan(
                offered: local, answer: remote, policy: book.policy(leg.party))
            try check(plan, leg.party)
            let isFirst = known.plan == nil
            var officer: OfficerID?
            if case .terminal(let id) = leg.party {
                if isFirst {
                    guard let keys = book.keys(id), let said = header.flatMap({ CallHeader(reading: $0) }),
                        said[.call] == leg.call.description, said[.from] == id.text,
                        said.isSealed("answer" + known.nonce, keys, String(decoding: bytes, as: UTF8.self))
                    else { throw SDPFault.noKey }
                    officer = OfficerID(said[.officer])
                    plan.srtp = srtp(keys, caller: known.nonce, answerer: said[.nonce], weCall: true)
                } else {
                    plan.srtp = known.plan?.srtp
                }
            } else if !isFirst {
                try keep(&plan, known)
            }
            (known.remote, known.plan) = (remote, plan)
            legs[leg] = known
            if isFirst {
                perform(machine.answered(leg, officer: officer, now: now))
            } else {
                try known.voice?.update(plan)
            }
        } catch {
            SoundProcess.log("\(leg.party.text) answered: \(error)")
            if known.plan == nil { failed(leg, .unreachable) }
        }
    }

    /// A new offer within a call: hold, another address. Empty: they ask for ours.
    func reoffered(_ number: Int, _ bytes: [UInt8]) -> String? {
        guard let leg = numbers[number], var known = legs[leg], let local = known.local else { return nil }
        if bytes.isEmpty {
            var again = local
            again.version += 1
            known.local = again
            legs[leg] = known
            return again.text
        }
        do {
            let remote = try SDPSession(reading: bytes)
            let own = known.plan?.srtp?.sendKey
            var (description, plan) = try SDPAgreement.answer(
                to: remote, at: local.remote, sessionID: local.sessionID, policy: book.policy(leg.party),
                key: { own ?? self.key($0) }, before: local, isHolding: known.isHeld)
            try check(plan, leg.party)
            if case .terminal = leg.party { plan.srtp = known.plan?.srtp } else { try keep(&plan, known) }
            // The same codec under the same number: a phone may go on sending while it waits for us.
            description.sessionID = local.sessionID
            try known.voice?.update(plan)
            (known.remote, known.local, known.plan) = (remote, description, plan)
            legs[leg] = known
            return description.text
        } catch {
            SoundProcess.log("\(leg.party.text) offers anew: \(error)")
            return nil
        }
    }

    /// The keys of a handshake hold for the call: who shows another certificate in its midst is refused.
    private func keep(_ plan: inout MediaPlan, _ known: Leg) throws(SDPFault) {
        guard let before = known.plan?.handshake else { return }
        guard plan.handshake == before else { throw .noKey }
        plan.srtp = known.plan?.srtp
    }

    private func message(_ request: SIPRequest) {
        // Nothing is done on it: it is told to people, and anybody on this wire could have sent it.
        let words = String(decoding: request.body.prefix(Limits.callReasonMaxBytes), as: UTF8.self)
        guard words.hasPrefix("answered ") else { return }
        SoundProcess.log("\(request.fromUser): \(words.filter { !$0.isNewline })")
    }
}

extension CallEnding {
    /// Why an invitation of ours was not taken.
    init(_ status: Int) {
        switch status {
        case 486, 600: self = .busy
        case 403, 603, 488: self = .refused
        case 480: self = .soundFailed
        default: self = .unreachable
        }
    }
}
