// SPDX-License-Identifier: Apache-2.0

/// What we offer and take: codecs in our order, keys, frames. A value; any thread.
package struct VoicePolicy: Hashable, Sendable {
    package enum Codec: UInt8, Sendable, CaseIterable, Hashable {
        case opus = 1
        case g722 = 2
        case pcma = 3
        case pcmu = 4
    }

    package enum Secrecy: UInt8, Sendable, CaseIterable, Hashable {
        /// Keys within the description (RFC 4568): only where the signalling itself is TLS.
        case required = 1
        case allowed = 2
        case off = 3
        /// By a handshake with the certificates that the descriptions name (RFC 5763), and not otherwise.
        case dtls = 4
    }

    package var codecs = Codec.allCases
    package var secrecy = Secrecy.off
    /// Between our own terminals.
    package var redundancy = false
    package var frameMs = 20
    /// Which suite we offer.
    package var suite = SRTPSuite.aes128Bits80
    /// SHA-256 of the certificate that we show where `secrecy` is `.dtls`.
    package var fingerprint: [UInt8] = []

    package init() {}
}

/// Offer and answer (RFC 3264) over values: no I/O, no randomness of its own. Any thread.
package enum SDPAgreement {
    private static let opusType: UInt8 = 96
    private static let eventType: UInt8 = 101
    private static let redType: UInt8 = 121

    /// `key`: what we protect our voice with, where the policy wants it.
    package static func offer(
        at local: MediaAddress, sessionID: UInt64, policy: VoicePolicy, key: [UInt8] = []
    ) -> SDPSession {
        var formats: [SDPSession.Format] = []
        for codec in policy.codecs {
            formats.append(format(codec))
            if codec == .opus, policy.redundancy {
                formats.append(.init(redType, "RED", 48_000, channels: 2, parameters: "96/96"))
            }
        }
        formats.append(.init(eventType, "TELEPHONE-EVENT", 8_000, parameters: "0-15"))
        var session = SDPSession(sessionID: sessionID, remote: local, formats: formats)
        session.rtcpMux = true
        session.frameMs = policy.frameMs
        session.frameMaxMs = 60
        if policy.secrecy == .dtls {
            (session.isSecret, session.fingerprint, session.setup) = (true, policy.fingerprint, .actpass)
        } else if policy.secrecy != .off, key.count == policy.suite.keyBytes {
            session.isSecret = policy.secrecy == .required
            session.cryptos = [.init(tag: 1, suite: policy.suite, key: key)]
        }
        return session
    }

    private static func format(_ codec: VoicePolicy.Codec) -> SDPSession.Format {
        switch codec {
        case .opus:
            .init(opusType, "OPUS", 48_000, channels: 2, parameters: "useinbandfec=1;stereo=0;sprop-stereo=0")
        case .g722: .init(9, "G722", 8_000)
        case .pcma: .init(8, "PCMA", 8_000)
        case .pcmu: .init(0, "PCMU", 8_000)
        }
    }

    /// Our answer, and what it means for our voice. `before`: our last description in this call.
    package static func answer(
        to offer: SDPSession, at local: MediaAddress, sessionID: UInt64, policy: VoicePolicy,
        key: (SRTPSuite) -> [UInt8], before: SDPSession? = nil, isHolding: Bool = false
    ) throws(SDPFault) -> (session: SDPSession, plan: MediaPlan) {
        guard let (codec, format) = common(offer, policy) else { throw .noCommonCodec }
        var answer = SDPSession(sessionID: sessionID, remote: local, formats: [format])
        answer.version = (before?.version ?? 0) + 1
        answer.isSecret = offer.isSecret
        answer.hasFeedback = offer.hasFeedback
        answer.rtcpMux = offer.rtcpMux
        (answer.others, answer.place) = (offer.others, offer.place)
        answer.direction = offer.direction.mirrored
        if isHolding { answer.direction = answer.direction.sends ? .sendOnly : .inactive }
        answer.frameMs = frame(offer, policy)
        let crypto = try chosen(offer, policy)
        var plan = MediaPlan(remote: offer.remote, rtcpMux: offer.rtcpMux, codec: codec)
        if let crypto {
            let own = key(crypto.suite)
            answer.cryptos = [.init(tag: crypto.tag, suite: crypto.suite, key: own)]
            plan.srtp = SRTPKeys(suite: crypto.suite, sendKey: own, receiveKey: crypto.key)
        }
        if policy.secrecy == .dtls {
            plan.handshake = try handshake(with: offer, before: before)
            answer.isSecret = true
            answer.fingerprint = policy.fingerprint
            answer.setup = plan.handshake?.isClient == true ? .active : .passive
        }
        if policy.redundancy, let red = offer.formats.first(where: { $0.name == "RED" }),
            case .opus = codec
        {
            answer.formats.append(red)
            plan.redundancy = red.payloadType
        }
        if let event = event(offer) {
            answer.formats.append(event)
            plan.telephoneEvent = event.payloadType
        }
        plan.frameMs = answer.frameMs ?? policy.frameMs
        plan.direction = answer.direction
        return (answer, plan)
    }

    /// What their answer to our offer means for our voice.
    package static func plan(
        offered: SDPSession, answer: SDPSession, policy: VoicePolicy
    ) throws(SDPFault) -> MediaPlan {
        guard let (codec, _) = common(answer, policy) else { throw .noCommonCodec }
        var plan = MediaPlan(
            remote: answer.remote, rtcpMux: offered.rtcpMux && answer.rtcpMux, codec: codec)
        if policy.secrecy == .dtls {
            guard !answer.fingerprint.isEmpty, let setup = answer.setup, setup != .actpass else {
                throw .noKey
            }
            plan.handshake = HandshakePlan(isClient: setup == .passive, fingerprint: answer.fingerprint)
        } else if let ours = offered.cryptos.first {
            if let theirs = answer.cryptos.first(where: { $0.tag == ours.tag && $0.suite == ours.suite }) {
                plan.srtp = SRTPKeys(suite: ours.suite, sendKey: ours.key, receiveKey: theirs.key)
            } else if policy.secrecy == .required || answer.isSecret {
                throw .noKey
            }
        } else if answer.isSecret {
            throw .noKey
        }
        if policy.redundancy, case .opus = codec {
            plan.redundancy = answer.formats.first { $0.name == "RED" }?.payloadType
        }
        plan.telephoneEvent = event(answer)?.payloadType
        plan.frameMs = frame(answer, policy)
        // We obey their wish, and do not send what we did not offer to.
        let wished = answer.direction.mirrored
        plan.direction = MediaDirection(
            sends: wished.sends && offered.direction.sends,
            receives: wished.receives && offered.direction.receives)
        return plan
    }

    // MARK: - Parts

    /// Who begins: we do, unless they want to or we did not before.
    private static func handshake(
        with offer: SDPSession, before: SDPSession?
    ) throws(SDPFault) -> HandshakePlan {
        guard !offer.fingerprint.isEmpty else { throw .needsSecrecy }
        let isClient =
            switch offer.setup {
            case .active: false
            case .passive: true
            case .actpass, nil: before?.setup != .passive
            }
        return HandshakePlan(isClient: isClient, fingerprint: offer.fingerprint)
    }

    /// Of the offered codecs the first of ours, in our order.
    private static func common(
        _ session: SDPSession, _ policy: VoicePolicy
    ) -> (VoiceCodecChoice, SDPSession.Format)? {
        for codec in policy.codecs {
            for format in session.formats {
                if let choice = choice(codec, format) { return (choice, format) }
            }
        }
        return nil
    }

    private static func choice(
        _ codec: VoicePolicy.Codec, _ format: SDPSession.Format
    ) -> VoiceCodecChoice? {
        let type = format.payloadType
        switch codec {
        case .opus:
            guard format.name == "OPUS", format.clockHz == 48_000 else { return nil }
            return .opus(
                payloadType: type, fec: has("useinbandfec=1", format), stereo: has("stereo=1", format))
        case .g722:
            return format.name == "G722" && format.clockHz == 8_000 ? .g722(payloadType: type) : nil
        case .pcma:
            return format.name == "PCMA" && format.clockHz == 8_000 ? .pcma(payloadType: type) : nil
        case .pcmu:
            return format.name == "PCMU" && format.clockHz == 8_000 ? .pcmu(payloadType: type) : nil
        }
    }

    private static func has(_ parameter: String, _ format: SDPSession.Format) -> Bool {
        format.parameters.split(separator: ";").contains {
            $0.filter { $0 != " " }.lowercased() == parameter
        }
    }

    private static func event(_ session: SDPSession) -> SDPSession.Format? {
        session.formats.first { $0.name == "TELEPHONE-EVENT" && $0.clockHz == 8_000 }
    }

    /// 10 or 20: ours, unless they ask for something else.
    private static func frame(_ session: SDPSession, _ policy: VoicePolicy) -> Int {
        let wished = session.frameMs ?? policy.frameMs
        return min(wished, session.frameMaxMs ?? wished) < 20 ? 10 : 20
    }

    private static func chosen(
        _ offer: SDPSession, _ policy: VoicePolicy
    ) throws(SDPFault) -> SDPSession.Crypto? {
        switch policy.secrecy {
        case .off:
            if offer.isSecret { throw .noKey }
            return nil
        case .dtls: return nil
        case .allowed, .required:
            if let crypto = offer.cryptos.first { return crypto }
            if offer.isSecret { throw .noKey }
            if policy.secrecy == .required { throw .needsSecrecy }
            return nil
        }
    }
}

extension MediaDirection {
    init(sends: Bool, receives: Bool) {
        self = sends ? (receives ? .sendAndReceive : .sendOnly) : (receives ? .receiveOnly : .inactive)
    }
}
