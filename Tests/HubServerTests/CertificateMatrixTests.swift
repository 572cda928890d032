// SPDX-License-Identifier: Apache-2.0
import Crypto
import Facility
import Foundation
import NIOSSL
import SwiftASN1
import Sync
import Testing

@testable import HubServer

/// Bad client certificates against the real sync port: each is refused, at the handshake or by a 401 or 403.
struct CertificateMatrixTests {
    typealias Bend = @Sendable (inout TestCertificate, Hands) -> Void

    /// The authority's own key is in the wrong hands here: most of these could never be made without it.
    struct Hands: Sendable {
        let authority: P256.Signing.PrivateKey
        let own: P256.Signing.PrivateKey
        let other: P256.Signing.PrivateKey
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var signer: @Sendable (Hands) -> P256.Signing.PrivateKey = { $0.authority }
        let bend: Bend
        var testDescription: String { name }

        init(
            _ name: String,
            by signer: @escaping @Sendable (Hands) -> P256.Signing.PrivateKey = { $0.authority },
            _ bend: @escaping Bend
        ) {
            (self.name, self.signer, self.bend) = (name, signer, bend)
        }
    }

    static let day = 86_400.0
    static func inDays(_ days: Double) -> Date { Date(timeIntervalSinceNow: days * day) }
    static func terminal(_ name: String) -> [UInt8] { Bytes.names([Bytes.uri("watchpost:terminal/" + name)]) }

    static let cases: [Case] = [
        Case("expired") { c, _ in (c.notBefore, c.notAfter) = (inDays(-40), inDays(-1)) },
        Case("expired a second ago") { c, _ in c.notAfter = Date(timeIntervalSinceNow: -1) },
        Case("not yet valid") { c, _ in (c.notBefore, c.notAfter) = (inDays(1), inDays(30)) },
        Case("ends before it begins") { c, _ in (c.notBefore, c.notAfter) = (inDays(2), inDays(-2)) },
        Case("lasts for ten years") { c, _ in c.notAfter = inDays(3_650) },
        Case("signed by another key", by: \.other) { _, _ in },
        Case("signed by itself", by: \.own) { _, _ in },
        Case("signed by itself under its own name", by: \.own) { c, _ in c.issuer = c.subject },
        Case("of another issuer") { c, _ in c.issuer = Bytes.name("Watchpost hub 00000000") },
        Case("of an issuer with an empty name") { c, _ in c.issuer = Bytes.tagged(0x30) },
        Case("bent signature") { c, _ in c.bendsSignature = true },
        Case("signed with SHA-1") { c, _ in (c.algorithm, c.isSHA1) = (OID.ecdsaSHA1, true) },
        Case("says SHA-1, signed with SHA-256") { c, _ in c.algorithm = OID.ecdsaSHA1 },
        Case("for servers") { c, _ in c.extensions["extended"] = usage([OID.serverAuth]) },
        Case("for clients and servers") { c, _ in
            c.extensions["extended"] = usage([OID.clientAuth, OID.serverAuth])
        },
        Case("for any use") { c, _ in c.extensions["extended"] = usage([OID.anyUsage]) },
        Case("for signing code") { c, _ in c.extensions["extended"] = usage([OID.codeSigning]) },
        Case("for no named use") { c, _ in c.extensions["extended"] = nil },
        Case("an authority") { c, _ in
            c.extensions["basic"] = Bytes.ext(
                [0x55, 0x1d, 0x13], isCritical: true, Bytes.tagged(0x30, [0x01, 0x01, 0xff]))
        },
        Case("without basic constraints") { c, _ in c.extensions["basic"] = nil },
        Case("key for signing certificates") { c, _ in c.extensions["keyUsage"] = keys(0x02, 0x04) },
        Case("key for enciphering") { c, _ in c.extensions["keyUsage"] = keys(0x05, 0x20) },
        Case("key for signing and certificates") { c, _ in c.extensions["keyUsage"] = keys(0x02, 0x84) },
        Case("without key usage") { c, _ in c.extensions["keyUsage"] = nil },
        Case("without names") { c, _ in c.extensions["names"] = nil },
        Case("with an empty list of names") { c, _ in c.extensions["names"] = Bytes.names([]) },
        Case("another terminal's name beside its own") { c, _ in
            c.extensions["names"] = Bytes.names([
                Bytes.uri("watchpost:terminal/cell-101"), Bytes.uri("watchpost:terminal/cell-201"),
            ])
        },
        Case("another terminal's name, own CN") { c, _ in c.extensions["names"] = terminal("cell-201") },
        Case("own name, another terminal's CN") { c, _ in c.subject = Bytes.name("cell-201") },
        Case("an unlisted terminal") { c, _ in
            (c.extensions["names"], c.subject) = (terminal("cell-999"), Bytes.name("cell-999"))
        },
        Case("a DNS name") { c, _ in c.extensions["names"] = Bytes.names([Bytes.dns("cell-101")]) },
        Case("a DNS name besides") { c, _ in
            c.extensions["names"] = Bytes.names([
                Bytes.uri("watchpost:terminal/cell-101"), Bytes.dns("cell-101"),
            ])
        },
        Case("a name of another scheme") { c, _ in
            c.extensions["names"] = Bytes.names([Bytes.uri("https://terminal/cell-101")])
        },
        Case("a name with a path") { c, _ in c.extensions["names"] = terminal("cell-101/..") },
        Case("a name in capitals") { c, _ in c.extensions["names"] = terminal("CELL-101") },
        Case("a name with a blank") { c, _ in c.extensions["names"] = terminal("cell-101 ") },
        Case("a name with NUL") { c, _ in c.extensions["names"] = terminal("cell-101\u{0}x") },
        Case("a name in Cyrillic that looks the same") { c, _ in
            c.extensions["names"] = terminal("\u{0441}ell-101")
        },
        Case("a name of a zero-width blank more") { c, _ in
            c.extensions["names"] = terminal("cell-101\u{200b}")
        },
        Case("a name that is too long") { c, _ in
            c.extensions["names"] = terminal(String(repeating: "c", count: 5_000))
        },
        Case("empty CN") { c, _ in c.subject = Bytes.name("") },
        Case("no subject") { c, _ in c.subject = Bytes.tagged(0x30) },
        Case("two CNs") { c, _ in
            c.subject = Bytes.tagged(
                0x30, Bytes.part(Array("cell-101".utf8)) + Bytes.part(Array("cell-201".utf8)))
        },
        Case("CN with NUL") { c, _ in c.subject = Bytes.name(bytes: Array("cell-101\u{0}".utf8)) },
        Case("CN that looks the same") { c, _ in c.subject = Bytes.name("\u{0441}ell-101") },
        Case("an unknown critical extension") { c, _ in
            c.extensions["odd"] = Bytes.ext([0x2a, 0x03, 0x04], isCritical: true, [0x05, 0x00])
            c.order.append("odd")
        },
        Case("an unknown extension") { c, _ in
            c.extensions["odd"] = Bytes.ext([0x2a, 0x03, 0x04], [0x05, 0x00])
            c.order.append("odd")
        },
        Case("name constraints") { c, _ in
            c.extensions["odd"] = Bytes.ext(
                [0x55, 0x1d, 0x1e], isCritical: true,
                Bytes.tagged(0x30, Bytes.tagged(0xa0, Bytes.tagged(0x30, Bytes.dns("x")))))
            c.order.append("odd")
        },
        Case("names twice") { c, _ in c.order.append("names") },
        Case("key usage twice") { c, _ in c.order.append("keyUsage") },
        Case("without key identifiers") { c, _ in
            (c.extensions["subjectKey"], c.extensions["authorityKey"]) = (nil, nil)
        },
        Case("no extensions at all") { c, _ in c.order = [] },
        Case("version 1 with extensions") { c, _ in c.version = [] },
        Case("version 9") { c, _ in c.version = Bytes.tagged(0xa0, Bytes.int([8])) },
        Case("huge") { c, _ in
            c.extensions["odd"] = Bytes.ext([0x2a, 0x03, 0x04], [UInt8](repeating: 0, count: 60_000))
            c.order.append("odd")
        },
        Case("weak RSA key") { c, _ in c.spki = WeakKey.spki },
    ]

    private static func usage(_ oids: [[UInt8]]) -> [UInt8] {
        Bytes.ext([0x55, 0x1d, 0x25], Bytes.tagged(0x30, oids.flatMap { $0 }))
    }

    private static func keys(_ unused: UInt8, _ bits: UInt8) -> [UInt8] {
        Bytes.ext([0x55, 0x1d, 0x0f], isCritical: true, [0x03, 0x02, unused, bits])
    }

    @Test func badCertificates_areRefused_atTheRealPort() async throws {
        try await TestHub.run { hub in
            let hands = Hands(authority: try hub.authorityKey(), own: .init(), other: .init())
            let good = try hub.certificate(hands)
            #expect(
                try await hub.outcome([good.der(signedBy: hands.authority)], hands.own) == "200",
                "unbent it is let in, so each case below is refused for what it says")
            var (atThePort, unsendable): (Int, [String]) = (0, [])
            for one in Self.cases {
                var certificate = good
                one.bend(&certificate, hands)
                let der = try certificate.der(signedBy: one.signer(hands))
                let nowMs = hub.parts.clock.now().wallMs
                if let peer = hub.parts.authority.peer(der: der, nowMs: nowMs) {
                    // A good certificate of a terminal that is not listed.
                    #expect(!hub.parts.roster.isListed(peer.terminal), "\(one.name)")
                }
                let outcome = try await hub.outcome([der], hands.own)
                if outcome == "unsendable" { unsendable.append(one.name) } else { atThePort += 1 }
                #expect(
                    ["401", "403", "no connection", "unsendable"].contains(outcome), "\(one.name): \(outcome)"
                )
            }
            print("certificates: \(atThePort) bad ones refused at the port; no client sends \(unsendable)")
            #expect(atThePort >= 40)
        }
    }

    @Test func chains_areRefused_throughAnAuthorityBetween() async throws {
        try await TestHub.run { hub in
            let hands = Hands(authority: try hub.authorityKey(), own: .init(), other: .init())
            var between = try hub.certificate(hands)
            between.subject = Bytes.name("between")
            between.spki = Array(hands.other.publicKey.derRepresentation)
            between.extensions["basic"] = Bytes.ext(
                [0x55, 0x1d, 0x13], isCritical: true, Bytes.tagged(0x30, [0x01, 0x01, 0xff]))
            between.extensions["keyUsage"] = Self.keys(0x02, 0x04)
            var leaf = try hub.certificate(hands)
            leaf.issuer = between.subject
            let (middle, end) = (
                try between.der(signedBy: hands.authority), try leaf.der(signedBy: hands.other)
            )
            for chain in [[end], [end, middle]] {
                let outcome = try await hub.outcome(chain, hands.own)
                #expect(["401", "403", "no connection"].contains(outcome), "\(chain.count): \(outcome)")
            }
        }
    }

    @Test func port_refuses_olderTLSAndNoCertificate() async throws {
        try await TestHub.run { hub in
            let hands = Hands(authority: try hub.authorityKey(), own: .init(), other: .init())
            let good = try hub.certificate(hands).der(signedBy: hands.authority)
            #expect(try await hub.outcome([good], hands.own, newest: .tlsv12) == "no connection")
            #expect(try await hub.outcome([], hands.own) == "no connection")
        }
    }

    /// As an administrator, the clock and time change it.
    @Test func goodCertificates_areRefused_whenRevokedDelistedOrReplaced() async throws {
        try await TestHub.run { hub in
            let (parts, nowMs) = (hub.parts, hub.parts.clock.now().wallMs)
            let (cell, later) = (try hub.terminal("cell-101"), try hub.terminal("cell-101"))
            let terminal = try TestTerminal(hub, "cell-101", cell)
            #expect(try await terminal.send([]).status == 200)
            // Renewed: the older one is good for the overlap, then no more.
            for identity in [cell, later] {
                try await JoinRoute.note(
                    IssuedCertificate(text: "", serial: identity.serial, notAfterMs: nowMs + 1),
                    of: name("cell-101"),
                    what: "terminal.renew", parts)
            }
            #expect(try await terminal.send([]).status == 200)
            let der = try PEMDocument(pemString: cell.certificate).derBytes
            let peer = try #require(parts.authority.peer(der: der, nowMs: nowMs))
            let beyond = parts.clock.now().wallMs + Int64(Limits.certificateOverlapMs) + 1
            #expect(throws: Roster.Refusal.revoked) { try parts.roster.check(peer, nowMs: beyond) }
            let end = nowMs + Int64(Limits.terminalCertificateDays + 1) * 86_400_000
            #expect(throws: Roster.Refusal.foreignCertificate) { try parts.roster.check(peer, nowMs: end) }
            #expect(throws: Roster.Refusal.foreignCertificate) {
                try parts.roster.check(peer, nowMs: nowMs - 2 * 86_400_000)
            }
            #expect(parts.authority.peer(der: der, nowMs: end) == nil)
            // Delisted: on the open connection.
            try await parts.store.write { session in
                var site = TestHub.site
                site.terminals.removeAll { $0.id == name("cell-101") }
                try session.setSite(site)
            }
            try await parts.roster.refresh(from: parts.store)
            #expect(try await terminal.send([]).status == 403)
            try await parts.store.write { try $0.setSite(TestHub.site) }
            try await parts.roster.refresh(from: parts.store)
            #expect(try await terminal.send([]).status == 200)
            // Another terminal's events under this certificate.
            let other = TestJournalOwner("cell-201")
            let foreign = try await terminal.send([other.event])
            #expect(foreign.status == 409 && foreign.body.contains("\"terminal\""), "\(foreign.body)")
            #expect(try await parts.store.read { try $0.countEvents() } == 0)
            // Revoked: on the open connection.
            let serials = try await parts.store.write {
                try $0.revokeCertificates(of: name("cell-101"), atMs: nowMs)
            }
            parts.roster.revoke(serials, fromMs: nowMs)
            #expect(try await terminal.send([]).status == 403)
            try await terminal.close()
        }
    }
}

/// One event of a terminal that is not the one that sends it.
private struct TestJournalOwner {
    let event: SyncEvent

    init(_ terminal: String) {
        var journal = TestJournal(terminal)
        event = SyncEvent(entry: journal.next(payload: [1]).entry, boot: nil)
    }
}
