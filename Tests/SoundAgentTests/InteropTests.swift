// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Intercom
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// Real phones on loopback: they call us and are called, codec by codec, transport by transport.
@Suite(.serialized, .realTime, .enabled(if: Peer.has("baresip")))
struct InteropTests {
    private typealias S = SoundSite

    /// A site whose phone is baresip, and that phone.
    private func site(
        _ ways: Baresip.Ways, transport: PhoneTransport = .udp, secrecyRequired: Bool = false,
        secrecy: PhoneSecrecy? = nil, _ body: (SoundSite, Baresip) async throws -> Void
    ) async throws {
        let ports = try Peer.ports(2)
        let folder = "/tmp/wpp-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var ways = ways
        var tls: SoundPlan.TLS?
        if transport == .tls {
            try TestAuthority.make(in: folder)
            ways.certificate = (folder + "/phone.pem", folder + "/ca.pem")
            tls = .init(port: 0, certificate: folder + "/own.pem", authority: folder + "/ca.pem")
        }
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001,
            port: transport == .tls ? ports[0] + 1 : ports[0], transport: transport, step: 0,
            secrecy: secrecy)
        try await SoundSite.run(phones: [phone], tls: tls, secrecyRequired: secrecyRequired) { site in
            let baresip = try Baresip(ways, in: folder, port: ports[0], control: ports[1])
            defer { baresip.end() }
            do {
                try await body(site, baresip)
            } catch {
                print("interop: baresip said:\n\(baresip.log.suffix(3_000))")
                throw error
            }
        }
    }

    /// Talking, with their tone heard here.
    private func hears(_ site: SoundSite) throws {
        _ = try #require(
            try site.sees(S.postA) { $0.phase == .talking && $0.heardDb > -40 && $0.packetsReceived > 20 })
    }

    private func uri(_ site: SoundSite, _ transport: PhoneTransport) throws -> String {
        let plan = try #require(site.configs[S.postA]?.sound)
        let port = try #require(transport == .tls ? plan.tls?.port : plan.ports[S.postA])
        return SIPRequest.uri(user: "post-a", host: 0x7f00_0001, port: port, transport.sip)
    }

    @Test(arguments: ["opus/48000/2", "G722/16000/1", "PCMU/8000/1", "PCMA/8000/1"])
    func phone_isCalledAndHeard_withEachCodec(codec: String) async throws {
        try await site(Baresip.Ways(codec: codec, answers: "auto")) { site, phone in
            let post = try #require(site.clients[S.postA])
            #expect(
                try post.command(.call(to: "gate", .talk, CallGrounds(officer: S.officer)), officer: nil)
                    == nil)
            try hears(site)
            #expect(try post.command(.hangUp(nil), officer: S.officer) == nil)
            #expect(
                eventually(ms: 3_000) { phone.log.contains("terminated") || phone.log.contains("closed") })
        }
    }

    @Test(arguments: ["opus/48000/2", "G722/16000/1", "PCMU/8000/1", "PCMA/8000/1"])
    func phone_callsAndIsHeard_withEachCodec(codec: String) async throws {
        try await site(Baresip.Ways(codec: codec)) { site, phone in
            phone.tell("dial", try uri(site, .udp))
            _ = try #require(try site.sees(S.postA) { $0.phase == .ringing && $0.far == "gate" })
            #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
            try hears(site)
            phone.tell("hangup")
            #expect(eventually(ms: 3_000) { (try? site.clients[S.postA]?.calls().calls.isEmpty) == true })
        }
    }

    @Test func phone_holdsAndResumes_andPressesKeys() async throws {
        try await site(Baresip.Ways()) { site, phone in
            phone.tell("dial", try uri(site, .udp))
            _ = try #require(try site.sees(S.postA) { $0.phase == .ringing })
            #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
            try hears(site)
            for key in "159" { phone.tell("sndcode", "\(key)") }
            let desk = try #require(site.desks[S.postA])
            var digits: [UInt8] = []
            for _ in 0..<60 where digits.count < 3 {
                digits = await desk.digits()
                pause(ms: 50)
            }
            #expect(digits == Array("159".utf8))
            phone.tell("hold")
            var direction: MediaDirection?
            for _ in 0..<60 where direction != .receiveOnly && direction != .inactive {
                direction = await desk.direction()
                pause(ms: 50)
            }
            #expect(direction == .receiveOnly || direction == .inactive)
            phone.tell("resume")
            for _ in 0..<60 where direction != .sendAndReceive {
                direction = await desk.direction()
                pause(ms: 50)
            }
            #expect(direction == .sendAndReceive)
            // We hold, and go on.
            #expect(try site.clients[S.postA]?.command(.hold(true), officer: nil) == nil)
            _ = try #require(try site.sees(S.postA) { $0.phase == .held })
            pause(ms: 300)
            #expect(try site.clients[S.postA]?.command(.hold(false), officer: nil) == nil)
            try hears(site)
        }
    }

    @Test(arguments: [PhoneTransport.tcp, .tls], [true, false])
    func phone_isSpokenWith_overEachTransport(transport: PhoneTransport, isCalled: Bool) async throws {
        let ways = Baresip.Ways(
            answers: isCalled ? "auto" : "manual", secrecy: transport == .tls ? "srtp-mand" : "",
            transport: transport == .tls ? "tls" : "tcp")
        try await site(ways, transport: transport, secrecyRequired: transport == .tls) { site, phone in
            let post = try #require(site.clients[S.postA])
            if isCalled {
                let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
                #expect(try post.command(call, officer: nil) == nil)
            } else {
                phone.tell("dial", try uri(site, transport))
                _ = try #require(try site.sees(S.postA) { $0.phase == .ringing && $0.far == "gate" })
                #expect(try post.command(.answer(nil), officer: S.officer) == nil)
            }
            try hears(site)
            let isSecret = await site.desks[S.postA]?.isSecret() == true
            #expect(isSecret == (transport == .tls))
        }
    }

    @Test(arguments: [true, false])
    func phone_isSpokenWith_withKeysOfAHandshake(isCalled: Bool) async throws {
        let ways = Baresip.Ways(answers: isCalled ? "auto" : "manual", secrecy: "dtls_srtp")
        try await site(ways, secrecy: .dtls) { site, phone in
            let post = try #require(site.clients[S.postA])
            if isCalled {
                let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
                #expect(try post.command(call, officer: nil) == nil)
            } else {
                phone.tell("dial", try uri(site, .udp))
                _ = try #require(try site.sees(S.postA) { $0.phase == .ringing && $0.far == "gate" })
                #expect(try post.command(.answer(nil), officer: S.officer) == nil)
            }
            try hears(site)
            #expect(await site.desks[S.postA]?.isSecret() == true)
            // Held and taken up again: the keys hold for the call.
            phone.tell("hold")
            pause(ms: 300)
            phone.tell("resume")
            try hears(site)
        }
    }

    @Test func phoneWithoutKeys_isNotSpokenWith_whereAHandshakeIsAsked() async throws {
        try await site(Baresip.Ways(), secrecy: .dtls) { site, phone in
            phone.tell("dial", try uri(site, .udp))
            _ = try #require(try site.sees(S.postA) { $0.phase == .ringing && $0.far == "gate" })
            _ = try site.clients[S.postA]?.command(.answer(nil), officer: S.officer)
            #expect(eventually(ms: 3_000) { (try? site.clients[S.postA]?.calls().calls.isEmpty) == true })
        }
    }
}

extension CallDesk {
    func reports() -> [VoiceReport] { legs.values.compactMap { $0.voice?.report() } }
    func digits() -> [UInt8] { legs.values.flatMap { $0.voice?.report().digits ?? [] } }
    func direction() -> MediaDirection? { legs.values.first?.plan?.direction }
    func isSecret() -> Bool { legs.values.contains { $0.plan?.srtp != nil } }
}

/// An authority and two certificates for this machine's loopback address.
enum TestAuthority {
    static func make(in folder: String) throws {
        try Peer.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem",
            ], in: folder)
        for name in ["own", "phone"] { try issue(name, san: "IP:127.0.0.1", in: folder) }
    }

    static func issue(_ name: String, san: String, in folder: String) throws {
        try "subjectAltName=\(san)\n".write(
            toFile: folder + "/\(name).ext", atomically: true, encoding: .utf8)
        try Peer.run(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/CN=\(name)", "-keyout", name + ".key", "-out", name + ".csr",
            ], in: folder)
        try Peer.run(
            "openssl",
            [
                "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", name + ".ext", "-out", name + ".crt",
            ], in: folder)
        let parts = try [".key", ".crt"].map {
            try String(contentsOfFile: folder + "/" + name + $0, encoding: .utf8)
        }
        try parts.joined().write(toFile: folder + "/\(name).pem", atomically: true, encoding: .utf8)
    }
}
