// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Journal
import PanelLink

// The machine's effects, one by one, in their order.
extension CallDesk {
    func perform(_ effects: [CallEffect]) {
        guard !effects.isEmpty else { return }
        let now = Self.now
        // The record is written after what was done: nobody's bell waits for the journal's thread. The entry
        // of a gate is an effect of its own, and keeps its place.
        // A call may want the microphone soon.
        if !machine.calls.isEmpty { stopListening() }
        for effect in effects where !effect.isRecord { perform(effect, now) }
        for effect in effects where effect.isRecord { perform(effect, now) }
        setTimer(now)
    }

    private func perform(_ effect: CallEffect, _ now: Uptime) {
        switch effect {
        case .invite(let leg, let offer): invite(leg, offer, now)
        case .end(let leg, let why, let answerer): end(leg, why, answerer)
        case .ring(let leg):
            if let number = legs[leg]?.number {
                _ = endpoint?.ring(number, user: book.own.id.text)
            }
        case .answer(let leg): answer(leg, now)
        case .bell(let urgency): ring(urgency)
        case .audit(let leg, let offer, let isAwaited):
            let entry = record(.gateOpened, leg.call, leg.party, nil, offer: offer, urgent: true, now)
            if isAwaited { awaited[entry] = leg.call }
        case .sign(let on):
            isSigned = on
            tellAlarm(now)
        case .startVoice(let leg, let mode): startVoice(leg, mode, now)
        case .stopVoice(let leg):
            if let known = legs[leg] { stopVoice(known) }
            legs[leg]?.voice = nil
            legs[leg]?.handshake = nil
            legs[leg]?.beginsAt = nil
            legs[leg]?.recorder = nil
        case .openGate(let leg): openGate(leg)
        case .closeGate: closeGate()
        case .hold(let leg, let on): hold(leg, on)
        case .say(let notice): say(notice)
        case .spoken(let alarm, let ms, let far, let officer):
            tellSpoken(alarm, ms, far, officer)
        case .record(let call, let step, let party, let why):
            if step == .answered { SoundProcess.log("answered by \(party?.text ?? "-")") }
            // The gate has an entry of its own, with its reason.
            if step != .gateOpened { _ = record(step, call, party, why, urgent: false, now) }
            if step == .ended { SoundProcess.log("ended \(why.map { "\($0)" } ?? "")") }
            if step == .ended, let why {
                feed.ended(call, why, now)
                if page?.call == call { page?.why = why }
            }
        }
    }

    // MARK: - Legs

    private func invite(_ leg: CallLeg, _ offer: CallOffer, _ now: Uptime) {
        do throws(Fault) {
            guard let uri = book.uri(leg.party) else {
                throw Fault(
                    "call", at: leg.party.text, cause: "the site does not say where it is",
                    hint: "Give it a port or an address in the site file.")
            }
            let policy = book.policy(leg.party)
            let socket = try mediaSocket()
            let local = MediaAddress(host: book.own.address, port: socket.localPort)
            let description = SDPAgreement.offer(
                at: local, sessionID: now.nanoseconds, policy: policy,
                key: policy.secrecy == .off ? [] : key(policy.suite))
            var known = Leg(isOurs: true, socket: socket, local: description)
            let text = description.text
            known.number = try endpoint?.invite(
                uri, from: book.own.id.text, headers: headers(offer, leg.party, known.nonce, text),
                offer: text)
            legs[leg] = known
            if let number = known.number { numbers[number] = leg }
        } catch {
            SoundProcess.log("\(error)")
            // Told after this effect: the machine is not entered from within.
            later { $0.perform($0.machine.ended(leg, .unreachable, now: CallDesk.now)) }
        }
    }

    /// One is always open already, with an address that nobody was told: a call does not wait for the system.
    private func mediaSocket() throws(Fault) -> MediaSocket {
        defer { later { $0.openSpare() } }
        guard let ready = spare else { return try MediaSocket(host: book.own.address) }
        spare = nil
        return ready
    }

    func openSpare() { spare = spare ?? (try? MediaSocket(host: book.own.address)) }

    func later(_ deed: @escaping @Sendable (isolated CallDesk) -> Void) {
        Task { deed(self) }
    }

    func key(_ suite: SRTPSuite) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<suite.keyBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    private func headers(
        _ offer: CallOffer, _ party: Party, _ nonce: String, _ description: String
    ) -> [(String, String)] {
        var headers: [(String, String)] = []
        if offer.urgency >= .emergency { headers.append(("Priority", "emergency")) }
        switch party {
        case .terminal(let id):
            guard let keys = book.keys(id) else { return headers }
            let header = CallHeader(offer, from: book.own.id, to: id, nonce: nonce)
            headers.append((CallHeader.name, header.sealed("offer", keys, description).text))
        case .phone:
            if offer.urgency.isAlarm {
                headers.append(("Alert-Info", "<http://127.0.0.1/>;info=alert-emergency"))
                headers.append(("Subject", "\(offer.urgency) \(book.own.title)"))
            }
        }
        return headers
    }

    private func end(_ leg: CallLeg, _ why: CallEnding, _ answerer: Party?) {
        guard let known = legs.removeValue(forKey: leg) else { return }
        stopVoice(known)
        guard let number = known.number else { return }
        numbers[number] = nil
        let reason = ("Reason", why.reason(answerer))
        if let answerer, case .terminal(let id) = leg.party, answerer != leg.party {
            tellAnswered(id, leg.call, by: answerer)
        }
        if !known.isOurs, known.plan == nil {
            let (status, words) = why.refusal
            endpoint?.refuse(number, status, words, headers: [reason])
        } else {
            endpoint?.end(number, headers: [reason])
        }
    }

    /// The other posts hear who has the call.
    private func tellAnswered(_ id: TerminalID, _ call: CallID, by answerer: Party) {
        guard let uri = book.uri(.terminal(id)) else { return }
        let body = "answered \(call) \(answerer.text)"
        _ = try? endpoint?.ask(
            "MESSAGE", uri, from: book.own.id.text, type: "text/plain", body: body)
    }

    private func answer(_ leg: CallLeg, _ now: Uptime) {
        guard var known = legs[leg], let number = known.number, let remote = known.remote else { return }
        do {
            let policy = book.policy(leg.party)
            let socket = try mediaSocket()
            let local = MediaAddress(host: book.own.address, port: socket.localPort)
            let (description, agreed) = try SDPAgreement.answer(
                to: remote, at: local, sessionID: now.nanoseconds, policy: policy, key: key)
            var plan = agreed
            try check(plan, leg.party)
            let text = description.text
            var headers: [(String, String)] = []
            if case .terminal(let id) = leg.party, let keys = book.keys(id) {
                plan.srtp = srtp(keys, caller: known.farNonce, answerer: known.nonce, weCall: false)
                let officer =
                    machine.talk(leg.call)?.officer ?? machine.calls[leg.call]?.offer.grounds.officer
                let header = CallHeader([
                    .from: book.own.id.text, .to: id.text, .call: leg.call.description,
                    .officer: officer?.text ?? "", .nonce: known.nonce,
                ])
                headers.append(
                    (CallHeader.name, header.sealed("answer" + known.farNonce, keys, text).text))
            }
            (known.socket, known.local, known.plan) = (socket, description, plan)
            legs[leg] = known
            _ = endpoint?.ring(number, user: book.own.id.text)
            guard endpoint?.answer(number, text, headers: headers) == true else {
                return failed(leg, .farLost)
            }
        } catch {
            SoundProcess.log("answer \(leg.party.text): \(error)")
            failed(leg, .refused)
        }
    }

    /// The machine hears of it after what it has asked for already.
    func failed(_ leg: CallLeg, _ why: CallEnding) {
        end(leg, why, nil)
        later { $0.perform($0.machine.ended(leg, why, now: CallDesk.now)) }
    }

    /// Between terminals voice comes from the terminal itself, whatever the description says.
    func check(_ plan: MediaPlan, _ party: Party) throws(SDPFault) {
        guard case .terminal(let id) = party else { return }
        if plan.direction != .inactive, plan.remote.host != book.site.terminal(id)?.address {
            throw .noAddress
        }
    }

    func srtp(_ keys: CallKeys, caller: String, answerer: String, weCall: Bool) -> SRTPKeys {
        let suite = SRTPSuite.aes128Bits80
        let called = keys.voice(["caller", caller, answerer], count: suite.keyBytes)
        let answered = keys.voice(["answerer", caller, answerer], count: suite.keyBytes)
        return SRTPKeys(
            suite: suite, sendKey: weCall ? called : answered, receiveKey: weCall ? answered : called)
    }

    private func startVoice(_ leg: CallLeg, _ mode: CallMode, _ now: Uptime) {
        guard let known = legs[leg], let socket = known.socket, let plan = known.plan else { return }
        var settings = VoiceSettings()
        settings.canceller = .init(book.plan.canceller)
        if book.isLight { (settings.canceller, settings.suppressesNoise) = (.off, false) }
        settings.talk = mode == .pushToTalk ? .pushToTalk : .fullDuplex
        settings.allowsPlainRTP = plan.handshake == nil && (plan.srtp != nil || !book.plan.secrecyRequired)
        do throws(Fault) {
            settings.calibratedDelayMs = Int(calibration?.delayUs ?? 0) / 1_000
            announcer.hush()
            yieldMicrophone()
            stopListening()
            legs[leg]?.voice = try VoiceSession(
                socket: socket, plan: plan, speaker: speaker, settings: settings)
            legs[leg]?.beginsAt = now.advanced(ms: Limits.voiceBeginMs)
            legs[leg]?.lookedAt = now
            beginHandshake(leg, now)
        } catch {
            SoundProcess.log("\(error)")
            failed(leg, .soundFailed)
        }
    }

    /// Its threads and buffers: once the other end has said that it heard of the answer, so that neither end
    /// waits for the other's.
    func beginVoice(_ leg: CallLeg) {
        guard let voice = legs[leg]?.voice, legs[leg]?.beginsAt != nil else { return }
        guard legs[leg]?.handshake == nil else { return }
        legs[leg]?.beginsAt = nil
        let recorder = shelf?.recorder(leg.call, rateHz: speaker.rateHz)
        legs[leg]?.recorder = recorder
        voice.start(
            rank: SoundRank(call: machine.calls[leg.call]?.offer.urgency ?? .routine), recorder: recorder)
    }

    private func hold(_ leg: CallLeg, _ on: Bool) {
        beginVoice(leg)
        guard var known = legs[leg], let number = known.number, var local = known.local else { return }
        known.isHeld = on
        known.voice?.hold(on)
        local.version += 1
        local.direction = on ? .sendOnly : .sendAndReceive
        known.local = local
        legs[leg] = known
        if endpoint?.modify(number, offer: local.text) != true {
            SoundProcess.log("hold \(leg.party.text): not now")
        }
    }
}

extension CallEffect {
    var isRecord: Bool { if case .record = self { true } else { false } }
}

extension CallEnding {
    /// RFC 3326.
    func reason(_ answerer: Party?) -> String {
        switch self {
        case .answeredElsewhere:
            "SIP;cause=200;text=\"Call completed elsewhere\(answerer.map { " by \($0.text)" } ?? "")\""
        case .preempted: "preemption;cause=1;text=\"\(self)\""
        case .hungUp, .farHungUp, .busy, .refused, .unreachable, .farLost, .soundFailed, .notAnswered,
            .withdrawn, .notRecorded:
            "Q.850;cause=16;text=\"\(self)\""
        }
    }

    var refusal: (Int, String) {
        switch self {
        case .busy: (486, "Busy Here")
        case .refused: (403, "Forbidden")
        case .soundFailed: (480, "Temporarily Unavailable")
        case .notRecorded: (503, "Service Unavailable")
        case .hungUp, .notAnswered: (603, "Decline")
        case .farHungUp, .answeredElsewhere, .preempted, .unreachable, .farLost, .withdrawn:
            (480, "Temporarily Unavailable")
        }
    }
}
