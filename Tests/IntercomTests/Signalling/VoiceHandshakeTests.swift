// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Intercom
import TestBoard
import Testing

struct VoiceHandshakeTests {
    private static let loopback: UInt32 = 0x7f00_0001

    private struct End {
        let socket: MediaSocket
        var handshake: VoiceHandshake
        var keys: SRTPKeys?
        var hasFailed = false

        mutating func take(_ outcome: VoiceHandshake.Outcome) {
            switch outcome {
            case .made(let keys): self.keys = keys
            case .failed: hasFailed = true
            case .goesOn, .voice: break
            }
        }
    }

    /// Both ends in one process, so with one certificate; `shown`: what each believes of the other's.
    private func ends(shown: [UInt8]) throws -> [End] {
        let sockets = try [MediaSocket(host: Self.loopback), MediaSocket(host: Self.loopback)]
        return try [0, 1].map { place in
            let remote = MediaAddress(host: Self.loopback, port: sockets[1 - place].localPort)
            let plan = HandshakePlan(isClient: place == 0, fingerprint: shown)
            let made = VoiceHandshake(socket: sockets[place], remote: remote, plan: plan)
            return End(socket: sockets[place], handshake: try #require(made))
        }
    }

    private func play(_ ends: inout [End]) {
        ends[0].take(ends[0].handshake.turn())
        for _ in 0..<40 where ends.contains(where: { $0.keys == nil && !$0.hasFailed }) {
            for place in [1, 0] { ends[place].take(ends[place].handshake.receive()) }
        }
    }

    @Test func keys_areCrossed_whenBothShowTheirCertificate() throws {
        var ends = try ends(shown: try #require(VoiceHandshake.fingerprint))
        play(&ends)
        let (client, server) = (try #require(ends[0].keys), try #require(ends[1].keys))
        #expect(client.sendKey == server.receiveKey && server.sendKey == client.receiveKey)
        #expect(client.sendKey != client.receiveKey && client.sendKey.count == client.suite.keyBytes)
    }

    @Test func nobody_hasKeys_whenTheCertificateIsAnother() throws {
        var shown = try #require(VoiceHandshake.fingerprint)
        shown[31] ^= 1
        var ends = try ends(shown: shown)
        play(&ends)
        #expect(ends.allSatisfy { $0.keys == nil } && ends[0].hasFailed)
    }

    @Test func stranger_isNotHeard_fromAnotherAddress() throws {
        let shown = try #require(VoiceHandshake.fingerprint)
        let ends = try ends(shown: shown)
        let stranger = try MediaSocket(host: Self.loopback)
        let begins = VoiceHandshake(
            socket: stranger, remote: MediaAddress(host: Self.loopback, port: ends[1].socket.localPort),
            plan: HandshakePlan(isClient: true, fingerprint: shown))
        #expect(try #require(begins).turn() == .goesOn)
        #expect(ends[1].handshake.receive() == .goesOn)
        // Not a word went back.
        var (host, port): (UInt32, UInt16) = (0, 0)
        var packet = [UInt8](repeating: 0, count: 1_500)
        #expect(wp_udp_receive(stranger.rtp, &packet, packet.count, &host, &port) < 0)
    }

    @Test func fingerprintThatIsNone_makesNoHandshake() throws {
        let socket = try MediaSocket(host: Self.loopback)
        let remote = MediaAddress(host: Self.loopback, port: 9)
        let plan = HandshakePlan(isClient: true, fingerprint: [1, 2, 3])
        #expect(VoiceHandshake(socket: socket, remote: remote, plan: plan) == nil)
    }
}
