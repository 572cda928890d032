// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Intercom
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// linphone on loopback: it calls us and is called, as the phone of another maker that people really have.
@Suite(.serialized, .realTime, .enabled(if: Peer.has("linphonec")))
struct LinphoneTests {
    private typealias S = SoundSite

    /// A site whose phone is linphone, and that phone.
    private func site(
        _ ways: Linphone.Ways, _ body: (SoundSite, Linphone) async throws -> Void
    ) async throws {
        let ports = try Peer.ports(2)
        let folder = "/tmp/wpl-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var ways = ways
        var tls: SoundPlan.TLS?
        if ways.transport == .tls {
            try TestAuthority.make(in: folder)
            // Its TLS library knows addresses in certificates only as names.
            try TestAuthority.issue("own", san: "IP:127.0.0.1,DNS:127.0.0.1", in: folder)
            ways.authority = folder + "/ca.pem"
            tls = .init(port: 0, certificate: folder + "/own.pem", authority: folder + "/ca.pem")
        }
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001, port: ports[0], transport: ways.transport,
            step: 0)
        try await SoundSite.run(phones: [phone], tls: tls, secrecyRequired: ways.isSecret) { site in
            let linphone = try Linphone(
                ways, in: folder, port: ports[0], voicePort: ports[1] & ~1)
            defer { linphone.end() }
            do {
                try await body(site, linphone)
            } catch {
                print("interop: linphone said:\n\(linphone.log.suffix(3_000))")
                throw error
            }
        }
    }

    /// Talking, with their tone heard here.
    private func hears(_ site: SoundSite) throws {
        _ = try #require(
            try site.sees(S.postA, ms: 20_000) {
                $0.phase == .talking && $0.heardDb > -40 && $0.packetsReceived > 20
            })
    }

    private func uri(_ site: SoundSite, _ transport: PhoneTransport) throws -> String {
        let plan = try #require(site.configs[S.postA]?.sound)
        let port = try #require(transport == .tls ? plan.tls?.port : plan.ports[S.postA])
        return SIPRequest.uri(user: "post-a", host: 0x7f00_0001, port: port, transport.sip)
    }

    private func isCalled(_ site: SoundSite, _ phone: Linphone) throws {
        let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
        #expect(try site.clients[S.postA]?.command(call, officer: nil) == nil)
        try hears(site)
    }

    private func calls(_ site: SoundSite, _ phone: Linphone, _ transport: PhoneTransport = .udp) throws {
        phone.type("call " + (try uri(site, transport)))
        _ = try #require(
            try site.sees(S.postA, ms: 20_000) { $0.phase == .ringing && $0.far == "gate" }, "\(phone.log)")
        #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
        try hears(site)
    }

    private func isOver(_ site: SoundSite) -> Bool {
        eventually(ms: 10_000) { (try? site.clients[S.postA]?.calls().calls.isEmpty) == true }
    }

    @Test(arguments: ["opus", "G722", "PCMU", "PCMA"])
    func linphone_callsAndIsCalled_withEachCodec(codec: String) async throws {
        try await site(Linphone.Ways(codec: codec, answersItself: true)) { site, phone in
            try isCalled(site, phone)
            #expect(phone.says("Media streams established"))
            // We hang up, then they do.
            #expect(try site.clients[S.postA]?.command(.hangUp(nil), officer: S.officer) == nil)
            #expect(phone.says("ended"))
            #expect(isOver(site))
            try calls(site, phone)
            phone.type("terminate")
            #expect(isOver(site))
        }
    }

    @Test(arguments: [PhoneTransport.udp, .tcp, .tls], [false, true])
    func linphone_callsAndIsCalled_overEachTransport(
        transport: PhoneTransport, isSecret: Bool
    ) async throws {
        let ways = Linphone.Ways(answersItself: true, transport: transport, isSecret: isSecret)
        try await site(ways) { site, phone in
            try calls(site, phone, transport)
            let isSealed = await site.desks[S.postA]?.isSecret()
            #expect(isSealed == isSecret)
            phone.type("terminate")
            #expect(isOver(site))
            // As a server of TLS it knows no certificate: phones of this kind are called through an exchange.
            guard transport != .tls else { return }
            try isCalled(site, phone)
            phone.type("terminate")
            #expect(isOver(site))
        }
    }

    @Test func linphone_holdsAndResumes_andPressesKeys() async throws {
        try await site(Linphone.Ways()) { site, phone in
            try calls(site, phone)
            let desk = try #require(site.desks[S.postA])
            for key in "159" { phone.type("\(key)") }
            var digits: [UInt8] = []
            for _ in 0..<200 where digits.count < 3 {
                digits = await desk.digits()
                pause(ms: 50)
            }
            #expect(digits == Array("159".utf8))
            phone.type("pause")
            func direction(_ test: (MediaDirection?) -> Bool) async -> Bool {
                for _ in 0..<200 {
                    if test(await desk.direction()) { return true }
                    pause(ms: 50)
                }
                return false
            }
            #expect(await direction { $0 == .receiveOnly || $0 == .inactive })
            phone.type("resume")
            #expect(await direction { $0 == .sendAndReceive })
            // We hold, and go on.
            #expect(try site.clients[S.postA]?.command(.hold(true), officer: nil) == nil)
            _ = try #require(try site.sees(S.postA) { $0.phase == .held })
            pause(ms: 300)
            #expect(try site.clients[S.postA]?.command(.hold(false), officer: nil) == nil)
            try hears(site)
        }
    }

    @Test func linphone_waitsForAHand_andIsAnswered() async throws {
        try await site(Linphone.Ways()) { site, phone in
            let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
            #expect(try site.clients[S.postA]?.command(call, officer: nil) == nil)
            #expect(phone.says("Receiving new incoming call"))
            phone.type("answer")
            try hears(site)
            #expect(try site.clients[S.postA]?.command(.hangUp(nil), officer: S.officer) == nil)
            #expect(phone.says("ended"))
        }
    }

    @Test(.enabled(if: Peer.has("kamailio"))) func linphone_callsAndIsCalled_throughARegistrar_thatDies()
        async throws
    {
        let ports = try Peer.ports(3)
        let folder = "/tmp/wpl-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let exchange = try ExchangeTests.kamailio(ports[0], folder)
        defer { exchange.end() }
        try "secret\n".write(toFile: folder + "/password", atomically: true, encoding: .utf8)
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001, port: ports[0], transport: .udp, step: 0)
        let registrar = Registrar(
            address: 0x7f00_0001, port: ports[0], transport: .udp, realm: "watchpost.test",
            passwordPath: folder + "/password")
        try await SoundSite.run(phones: [phone], registrars: [registrar]) { site in
            let linphone = try Linphone(
                Linphone.Ways(answersItself: true), in: folder, port: ports[1], voicePort: ports[2] & ~1)
            defer { linphone.end() }
            let post = try #require(site.clients[S.postA])
            #expect(eventually(ms: 20_000) { (try? post.calls().status.isRegistered) == true })
            try #require(linphone.register(at: ports[0]), "\(linphone.log) \(exchange.log("kamailio"))")
            linphone.type("call sip:post-a@127.0.0.1:\(ports[0])")
            _ = try #require(
                try site.sees(S.postA, ms: 20_000) { $0.phase == .ringing && $0.far == "gate" },
                "\(linphone.log)")
            #expect(try post.command(.answer(nil), officer: S.officer) == nil)
            try hears(site)
            linphone.type("terminate")
            #expect(isOver(site))
            try isCalled(site, linphone)
            // The exchange dies: who talks goes on talking.
            exchange.end()
            let line = try #require(try post.calls().calls.first)
            _ = try #require(
                try site.sees(S.postA) {
                    $0.phase == .talking && $0.packetsReceived > line.packetsReceived + 100
                })
        }
    }
}
