// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Intercom
import PanelLink
import TestCalls
import TestBoard
import Testing

@testable import SoundAgent

/// Through an exchange, under the load of sipp, and with certificates of nobody.
@Suite(.serialized, .realTime)
struct ExchangeTests {
    private typealias S = SoundSite

    private func folder() throws -> String {
        let folder = "/tmp/wpx-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    static func kamailio(_ port: UInt16, _ folder: String) throws -> Peer {
        let modules = ["sl", "tm", "rr", "pv", "usrloc", "registrar", "textops", "siputils", "auth"]
        let config = """
            #!KAMAILIO
            debug=1
            log_stderror=yes
            children=1
            disable_tcp=yes
            auto_aliases=no
            listen=udp:127.0.0.1:\(port)
            mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
            \(modules.map { "loadmodule \"\($0).so\"" }.joined(separator: "\n"))
            request_route {
                if (is_method("REGISTER")) {
                    if (!pv_www_authenticate("watchpost.test", "secret", "0")) {
                        www_challenge("watchpost.test", "0");
                        exit;
                    }
                    save("location");
                    exit;
                }
                if (has_totag()) {
                    if (loose_route()) { t_relay(); exit; }
                    if (is_method("ACK") && t_check_trans()) t_relay();
                    exit;
                }
                if (is_method("CANCEL")) {
                    if (t_check_trans()) t_relay();
                    exit;
                }
                record_route();
                if (!lookup("location")) {
                    sl_send_reply("404", "Not Found");
                    exit;
                }
                t_relay();
            }

            """
        try config.write(toFile: folder + "/kamailio.cfg", atomically: true, encoding: .utf8)
        return try Peer(
            "kamailio",
            [
                "-f", folder + "/kamailio.cfg", "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder, "-w",
                folder,
            ], in: folder)
    }

    @Test(.enabled(if: Peer.has("kamailio") && Peer.has("baresip")))
    func phone_callsAndIsCalled_throughARegistrar() async throws {
        let ports = try Peer.ports(3)
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let exchange = try Self.kamailio(ports[0], folder)
        defer { exchange.end() }
        try "secret\n".write(toFile: folder + "/password", atomically: true, encoding: .utf8)
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001, port: ports[0], transport: .udp, step: 0)
        let dead = Registrar(
            address: 0x7f00_0001, port: 9, transport: .udp, realm: "watchpost.test",
            passwordPath: folder + "/password")
        var living = dead
        living.port = ports[0]
        // The first does not answer: the next one is asked.
        try await SoundSite.run(phones: [phone], registrars: [dead, living]) { site in
            var ways = Baresip.Ways()
            ways.registrar = ports[0]
            ways.answers = "manual"
            let baresip = try Baresip(ways, in: folder, port: ports[1], control: ports[2])
            defer { baresip.end() }
            do { try Self.callBothWays(site, baresip, ports[0]) } catch {
                print(
                    "interop: baresip said \(baresip.log.suffix(2_000)), kamailio \(exchange.log("kamailio"))"
                )
                throw error
            }
        }
    }

    private static func callBothWays(_ site: SoundSite, _ baresip: Baresip, _ exchange: UInt16) throws {
        let post = try #require(site.clients[S.postA])
        #expect(eventually(ms: 20_000) { (try? post.calls().status.isRegistered) == true })
        #expect(eventually(ms: 5_000) { baresip.log.contains("200 OK") })
        baresip.tell("dial", "sip:post-a@127.0.0.1:\(exchange)")
        _ = try #require(
            try site.sees(S.postA) { $0.phase == .ringing && $0.far == "gate" }, "\(baresip.log)")
        #expect(try post.command(.answer(nil), officer: S.officer) == nil)
        _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.heardDb > -40 })
        baresip.tell("hangup")
        #expect(eventually(ms: 3_000) { (try? post.calls().calls.isEmpty) == true })
        let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
        #expect(try post.command(call, officer: nil) == nil)
        #expect(eventually(ms: 3_000) { baresip.log.contains("Incoming call from") })
        baresip.tell("accept")
        _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.heardDb > -40 })
        #expect(try post.command(.hangUp(nil), officer: S.officer) == nil)
    }

    // MARK: - sipp

    private static let head = """
        From: <sip:phone@[local_ip]:[local_port]>;tag=[pid]T[call_number]
        Call-ID: [call_id]
        Max-Forwards: 70

        """

    private static func invite(_ sequence: Int, via: String, inDialog: Bool) -> String {
        """
        <send retrans="500"><![CDATA[
        INVITE sip:post-a@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
        \(head)To: <sip:post-a@[remote_ip]:[remote_port]>\(inDialog ? "[peer_tag_param]" : "")
        CSeq: \(sequence) INVITE
        Contact: <sip:phone@[local_ip]:[local_port]>
        Answer-Mode: Auto
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=u 1 \(sequence) IN IP4 [local_ip]
        s=-
        c=IN IP4 [local_ip]
        t=0 0
        m=audio 39998 RTP/AVP 0
        a=rtpmap:0 PCMU/8000
        ]]></send>
        <recv response="100" optional="true"></recv>
        <recv response="180" optional="true"></recv>
        <recv response="200"></recv>
        <send><![CDATA[
        ACK sip:post-a@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
        \(head)To: <sip:post-a@[remote_ip]:[remote_port]>[peer_tag_param]
        CSeq: \(sequence) ACK
        Content-Length: 0

        ]]></send>

        """
    }

    private static func scenario(reinvitations: Int) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"calls\">\n"
        for sequence in 1...(1 + reinvitations) {
            text += invite(sequence, via: "", inDialog: sequence > 1)
        }
        return text + """
            <send retrans="500"><![CDATA[
            BYE sip:post-a@[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
            \(head)To: <sip:post-a@[remote_ip]:[remote_port]>[peer_tag_param]
            CSeq: \(2 + reinvitations) BYE
            Content-Length: 0

            ]]></send>
            <recv response="200"></recv>
            </scenario>

            """
    }

    /// More than `Limits.sipCallsPerSecondCount` in a second would get 503, within calls too.
    @Test(.enabled(if: Peer.has("sipp")), arguments: [(100, 0), (1, 45)])
    func calls_areAllTaken_fromSipp(calls: Int, reinvitations: Int) async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ports = try Peer.ports(1)
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001, port: ports[0], transport: .udp, step: 0)
        try await SoundSite.run(phones: [phone], card: .null) { site in
            try Self.scenario(reinvitations: reinvitations).write(
                toFile: folder + "/calls.xml", atomically: true, encoding: .utf8)
            let port = try #require(site.configs[S.postA]?.sound?.ports[S.postA])
            let peer = try Peer(
                "sipp",
                [
                    "127.0.0.1:\(port)", "-sf", folder + "/calls.xml", "-i", "127.0.0.1", "-p", "\(ports[0])",
                    "-m", "\(calls)", "-l", "1", "-r", "20", "-timeout", "60s", "-timeout_error", "-nostdin",
                ], in: folder)
            _ = eventually(ms: 70_000) { peer.hasEnded }
            #expect(peer.hasEnded && peer.status == 0, "\(peer.log("sipp").suffix(1_500))")
            peer.end()
            #expect(eventually(ms: 2_000) { (try? site.clients[S.postA]?.calls().calls.isEmpty) == true })
        }
    }

    // MARK: - Certificates

    @Test func certificateOfNobody_getsNoCall_eitherWay() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try TestAuthority.make(in: folder)
        // Of our authority, but for another machine.
        try TestAuthority.issue("other", san: "IP:10.9.9.9,DNS:other.test", in: folder)
        let rogue = try self.folder()
        defer { try? FileManager.default.removeItem(atPath: rogue) }
        try TestAuthority.make(in: rogue)
        let ports = try Peer.ports(4)
        func tls(_ certificate: String, _ port: UInt16) -> SIPEndpoint.TLS {
            .init(
                certificate: certificate, authority: folder + "/ca.pem", names: ["127.0.0.1"], port: port)
        }
        try await SIPEnds.run { ends in
            try await ends.open("us", tls: tls(folder + "/own.pem", ports[0]))
            try await ends.open("friend", tls: tls(folder + "/phone.pem", ports[1]))
            try await ends.open("other", tls: tls(folder + "/other.pem", ports[2]))
            try await ends.open("rogue", tls: tls(rogue + "/phone.pem", ports[3]))
            func uri(_ port: UInt16) -> String {
                SIPRequest.uri(user: "x", host: SIPEnds.host, port: port, .tls)
            }
            let good = try await ends.invite("friend", uri(ports[0]))
            #expect(await ends.sees("friend") { $0 == .ringing(good) })
            for (name, port) in [("other", ports[2]), ("rogue", ports[3])] {
                let called = try await ends.invite(name, uri(ports[0]))
                #expect(await !ends.sees(name, ms: 1_500) { $0 == .ringing(called) })
                let calls = try await ends.invite("us", uri(port))
                #expect(await !ends.sees("us", ms: 1_500) { $0 == .ringing(calls) })
                #expect(await ends.events[name]?.invited == nil)
            }
        }
    }
}
