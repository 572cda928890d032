// SPDX-License-Identifier: Apache-2.0

/// Which card a terminal speaks and hears with.
package enum CardName: Hashable, Sendable {
    case simulated
    /// Silence in, nothing out.
    case null
    /// ALSA's name, for both directions: `plughw:CARD=Codec,DEV=0`.
    case alsa(String)

    package var text: String {
        switch self {
        case .simulated: "simulated"
        case .null: "null"
        case .alsa(let name): "alsa:" + name
        }
    }

    package init?(_ text: String) {
        if text == "simulated" {
            self = .simulated
        } else if text == "null" {
            self = .null
        } else {
            guard text.hasPrefix("alsa:"), text.utf8.count > 5 else { return nil }
            self = .alsa(String(text.dropFirst(5)))
        }
    }
}

/// What takes the loudspeaker out of the microphone, as a board names it.
package enum CancellerName: String, Sendable, CaseIterable, Hashable {
    /// Ours.
    case adaptive
    case speex
    /// Of libwebrtc-audio-processing, where that is installed; else ours.
    case webrtc
    /// A handset: nothing is heard of the loudspeaker.
    case off
}

/// How the voice of a phone is protected, and where its keys come from.
package enum PhoneSecrecy: String, Sendable, CaseIterable, Hashable {
    /// In the descriptions (RFC 4568): only where the signalling itself is TLS.
    case sdes
    /// A handshake on the voice's own way, with the certificates that the descriptions name (RFC 5764).
    case dtls
    case off
}

/// How a phone or a registrar is spoken with.
package enum PhoneTransport: UInt8, Sendable, CaseIterable, Hashable {
    case udp = 1
    case tcp = 2
    case tls = 3
}

/// A SIP phone, or an extension of an exchange, that the site lists: nobody else may call.
package struct Phone: Hashable, Sendable {
    package var name: String
    /// The user part of its address: `201`.
    package var user: String
    package var address: UInt32
    package var port: UInt16
    package var transport: PhoneTransport
    /// With which step of the ladder it is rung, from 1; 0: it is not.
    package var step: UInt8
    /// nil: by keys in the descriptions where it speaks TLS, else not.
    package var secrecy: PhoneSecrecy?

    package init(
        name: String, user: String, address: UInt32, port: UInt16, transport: PhoneTransport, step: UInt8,
        secrecy: PhoneSecrecy? = nil
    ) {
        self.name = name
        self.user = user
        self.address = address
        self.port = port
        self.transport = transport
        self.step = step
        self.secrecy = secrecy
    }
}

/// An exchange that a terminal registers with; the first that answers is used.
package struct Registrar: Hashable, Sendable {
    package var address: UInt32
    package var port: UInt16
    package var transport: PhoneTransport
    package var realm: String
    /// Ours there is the terminal's name.
    package var passwordPath: String

    package init(
        address: UInt32, port: UInt16, transport: PhoneTransport, realm: String, passwordPath: String
    ) {
        self.address = address
        self.port = port
        self.transport = transport
        self.realm = realm
        self.passwordPath = passwordPath
    }
}

/// Everything `watchpost-sound` is told beyond the site; compiled with the rest. A value; any thread.
package struct SoundPlan: Hashable, Sendable {
    package struct TLS: Hashable, Sendable {
        package var port: UInt16
        /// PEM files on the terminal.
        package var certificate: String
        package var authority: String

        package init(port: UInt16, certificate: String, authority: String) {
            self.port = port
            self.certificate = certificate
            self.authority = authority
        }
    }

    package var card: CardName
    /// SIP, UDP and TCP, of every terminal that has sound.
    package var ports: [TerminalID: UInt16]
    package var phones: [Phone]
    package var registrars: [Registrar]
    package var tls: TLS?
    /// Phones without keys for their voice are refused.
    package var secrecyRequired: Bool
    /// 指挥中心: the command room's telephone, on the hub's machine: it may speak with every terminal and hears
    /// no alarm. Its port is its SIP port.
    package var gateway: Terminal?
    package var canceller: CancellerName
    /// The hub's X25519 key: recordings are encrypted to it, and nobody here opens them again. Empty: they
    /// are kept as they are.
    package var recordingKey: [UInt8]
    /// nil: no pages here.
    package var pages: PagePlan?

    package init(
        card: CardName, ports: [TerminalID: UInt16], phones: [Phone] = [], registrars: [Registrar] = [],
        tls: TLS? = nil, secrecyRequired: Bool = false, gateway: Terminal? = nil,
        canceller: CancellerName = .adaptive, recordingKey: [UInt8] = [], pages: PagePlan? = nil
    ) {
        self.card = card
        self.ports = ports
        self.phones = phones
        self.registrars = registrars
        self.tls = tls
        self.secrecyRequired = secrecyRequired
        self.gateway = gateway
        self.canceller = canceller
        self.recordingKey = recordingKey
        self.pages = pages
    }
}
