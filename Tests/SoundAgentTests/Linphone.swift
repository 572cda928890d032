// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Intercom
import Testing

/// linphonec with a tone for a voice, told what to do as a person would type it.
final class Linphone {
    struct Ways {
        /// As it names them: opus, G722, PCMU, PCMA.
        var codec = "opus"
        var answersItself = false
        var transport = PhoneTransport.udp
        var isSecret = false
        /// Of the authority, for the other end's certificate; its own beside it.
        var authority: String?
    }

    let port: UInt16
    private let peer: Peer
    private let user = "phone"

    /// `ports`: for SIP, and for the voice (even, with the next one for RTCP).
    init(_ ways: Ways, in folder: String, port: UInt16, voicePort: UInt16) throws {
        self.port = port
        let home = folder + "/linphone-\(port)"
        // Without this folder it never opens a port.
        try FileManager.default.createDirectory(
            atPath: home + "/.local/share/linphone", withIntermediateDirectories: true)
        let rates = ["opus": (48_000, 2), "G722": (8_000, 1), "PCMU": (8_000, 1), "PCMA": (8_000, 1)]
        let codecs = rates.sorted { $0.key < $1.key }.enumerated().map { place, codec in
            """
            [audio_codec_\(place)]
            mime=\(codec.key)
            rate=\(codec.value.0)
            channels=\(codec.value.1)
            enabled=\(codec.key == ways.codec ? 1 : 0)

            """
        }
        func at(_ transport: PhoneTransport) -> UInt16 { ways.transport == transport ? port : 0 }
        let authority = ways.authority.map { authority in
            """
            root_ca=\(authority)
            client_cert_chain=\(folder)/phone.crt
            client_cert_key=\(folder)/phone.key
            verify_server_certs=1

            """
        }
        let settings = """
            [sip]
            sip_port=\(at(.udp))
            sip_tcp_port=\(at(.tcp))
            sip_tls_port=\(at(.tls))
            bind_address=127.0.0.1
            use_ipv6=0
            guess_hostname=0
            contact="phone" <sip:\(user)@127.0.0.1:\(port)>
            register_only_when_network_is_up=0
            media_encryption=\(ways.isSecret ? "srtp" : "none")
            media_encryption_mandatory=\(ways.isSecret ? 1 : 0)
            \(authority ?? "")[net]
            mtu=1300
            [rtp]
            bind_address=127.0.0.1
            audio_rtp_port=\(voicePort)
            [sound]
            echocancellation=0
            \(codecs.joined())[video]
            enabled=0
            display=0
            capture=0
            automatically_initiate=0
            automatically_accept=0

            """
        try settings.write(toFile: home + "/rc", atomically: true, encoding: .utf8)
        try Baresip.tone(rate: 16_000, channels: 1, to: home + "/tone.wav")
        let peer = try Peer(
            "linphonec", ["-c", home + "/rc", "-d", "0"] + (ways.answersItself ? ["-a"] : []), in: home,
            home: home)
        self.peer = peer
        try #require(
            eventually(ms: 20_000) { peer.log("linphonec").contains("linphonec>") },
            "\(peer.log("linphonec"))")
        type("soundcard use files")
        type("play \(home)/tone.wav")
    }

    func type(_ line: String) { peer.type(line) }
    var log: String { peer.log("linphonec") }

    func says(_ words: String, ms: Int = 15_000) -> Bool { eventually(ms: ms) { log.contains(words) } }

    /// At an exchange on this machine, as `phone` with `secret`.
    func register(at exchange: UInt16) -> Bool {
        type("register sip:\(user)@127.0.0.1:\(exchange) sip:127.0.0.1:\(exchange) secret")
        // It says so only when it is asked.
        return eventually(ms: 20_000) {
            type("status register")
            return says("registered, identity=", ms: 500)
        }
    }

    func end() {
        type("quit")
        _ = eventually(ms: 2_000) { peer.hasEnded }
        peer.end()
    }
}
