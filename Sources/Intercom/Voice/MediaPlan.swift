// SPDX-License-Identifier: Apache-2.0

/// Where the other side's voice goes and must come from.
package struct MediaAddress: Hashable, Sendable {
    /// IPv4, host byte order.
    package var host: UInt32
    package var port: UInt16

    package init(host: UInt32, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// The codec of a call, with the payload type that the other side's answer gave it.
package enum VoiceCodecChoice: Hashable, Sendable {
    /// `fec`: the other side takes in-band correction; `stereo` is what it may send: we always send one
    /// channel.
    case opus(payloadType: UInt8, fec: Bool, stereo: Bool)
    case g722(payloadType: UInt8)
    case pcma(payloadType: UInt8)
    case pcmu(payloadType: UInt8)

    package var payloadType: UInt8 {
        switch self {
        case .opus(let type, _, _), .g722(let type), .pcma(let type), .pcmu(let type): type
        }
    }

    /// Ticks of the RTP timestamp in a second (G.722 counts 8,000 although it has 16,000 samples: RFC 3551).
    package var clockRate: Int {
        switch self {
        case .opus: 48_000
        case .g722, .pcma, .pcmu: 8_000
        }
    }
}

/// How media is protected: RFC 4568 names in SDP.
package enum SRTPSuite: Int, Hashable, Sendable, CaseIterable {
    case aes128Bits80 = 0
    case aes128Bits32
    case aes256Bits80
    case gcm128
    case gcm256

    /// Master key and salt together.
    package var keyBytes: Int {
        switch self {
        case .aes128Bits80, .aes128Bits32: 30
        case .aes256Bits80: 46
        case .gcm128: 28
        case .gcm256: 44
        }
    }

    /// As `a=crypto` writes it.
    package var name: String {
        switch self {
        case .aes128Bits80: "AES_CM_128_HMAC_SHA1_80"
        case .aes128Bits32: "AES_CM_128_HMAC_SHA1_32"
        case .aes256Bits80: "AES_256_CM_HMAC_SHA1_80"
        case .gcm128: "AEAD_AES_128_GCM"
        case .gcm256: "AEAD_AES_256_GCM"
        }
    }
}

/// Both directions' master keys with their salts behind them, `suite.keyBytes` each.
package struct SRTPKeys: Hashable, Sendable {
    package var suite: SRTPSuite
    package var sendKey: [UInt8]
    package var receiveKey: [UInt8]

    package init(suite: SRTPSuite, sendKey: [UInt8], receiveKey: [UInt8]) {
        self.suite = suite
        self.sendKey = sendKey
        self.receiveKey = receiveKey
    }
}

/// How the keys of a voice are made by DTLS (RFC 5764), as offer and answer agreed.
package struct HandshakePlan: Hashable, Sendable {
    /// We begin.
    package var isClient: Bool
    /// SHA-256 of the certificate that the other side has to show.
    package var fingerprint: [UInt8]

    package init(isClient: Bool, fingerprint: [UInt8]) {
        self.isClient = isClient
        self.fingerprint = fingerprint
    }
}

/// Who sends, as this side sees it (RFC 3264): `sendOnly` means that we send.
package enum MediaDirection: Hashable, Sendable {
    case sendAndReceive, sendOnly, receiveOnly, inactive

    package var sends: Bool { self == .sendAndReceive || self == .sendOnly }
    package var receives: Bool { self == .sendAndReceive || self == .receiveOnly }
}

/// What offer and answer agreed on for one call's voice. Made by the signalling; the voice path obeys it.
/// Always true: nothing is sent but to `remote`, and nothing is heard but from it.
package struct MediaPlan: Hashable, Sendable {
    package var remote: MediaAddress
    /// RTCP comes and goes on the same port; otherwise on port + 1.
    package var rtcpMux: Bool
    package var codec: VoiceCodecChoice
    /// RFC 4733's payload type; nil: the other side takes no keys.
    package var telephoneEvent: UInt8?
    /// RFC 2198's payload type, between our own terminals.
    package var redundancy: UInt8?
    /// 10 or 20 as agreed.
    package var frameMs: Int
    /// nil: plain RTP, which the configuration must allow.
    package var srtp: SRTPKeys?
    /// Where the keys come from a handshake: `srtp` is nil before it.
    package var handshake: HandshakePlan?
    package var direction: MediaDirection

    package init(
        remote: MediaAddress, rtcpMux: Bool = true, codec: VoiceCodecChoice, telephoneEvent: UInt8? = nil,
        redundancy: UInt8? = nil, frameMs: Int = 20, srtp: SRTPKeys? = nil,
        direction: MediaDirection = .sendAndReceive
    ) {
        self.remote = remote
        self.rtcpMux = rtcpMux
        self.codec = codec
        self.telephoneEvent = telephoneEvent
        self.redundancy = redundancy
        self.frameMs = frameMs
        self.srtp = srtp
        self.direction = direction
    }
}
