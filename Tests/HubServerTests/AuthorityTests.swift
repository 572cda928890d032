// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Crypto
import Facility
import Foundation
import SwiftASN1
import Testing
import X509

@testable import HubServer

struct AuthorityTests {
    private static let nowMs: Int64 = 1_800_000_000_000
    private static let dayMs: Int64 = 86_400_000

    private func request(_ subject: String = "anything", key: P256.Signing.PrivateKey = .init()) throws
        -> String
    {
        try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(subject) }, privateKey: .init(key),
            attributes: .init()
        ).serializeAsPEM().pemString
    }

    private func der(_ text: String) throws -> [UInt8] { try PEMDocument(pemString: text).derBytes }

    @Test func authority_staysTheSame_whenStartedAgain() throws {
        let folder = try temporaryFolder()
        let first = try Authority(directory: folder, names: ["hub.example", "10.0.0.1"], nowMs: Self.nowMs)
        let second = try Authority(
            directory: folder, names: ["hub.example"], nowMs: Self.nowMs + Self.dayMs)
        #expect(first.fingerprint == second.fingerprint)
        #expect(first.serverCertificateText == second.serverCertificateText)
        for key in ["authority.key", "server.key"] {
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + key)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(key)")
        }
    }

    @Test func serverCertificate_isMadeAnew_whenItsNamesOrItsTimeNoLongerDo() throws {
        let folder = try temporaryFolder()
        let first = try Authority(directory: folder, names: ["hub.example"], nowMs: Self.nowMs)
        let named = try Authority(directory: folder, names: ["hub.example", "10.0.0.1"], nowMs: Self.nowMs)
        let old = try Authority(
            directory: folder, names: ["10.0.0.1"],
            nowMs: Self.nowMs + Int64(Limits.serverCertificateDays) * Self.dayMs * 3 / 4)
        let texts = Set([first, named, old].map(\.serverCertificateText))
        #expect(texts.count == 3)
        #expect(Set([first, named, old].map(\.fingerprint)).count == 1)
    }

    @Test func authority_refusesToStart_withHalfOfItself() throws {
        let folder = try temporaryFolder()
        _ = try Authority(directory: folder, names: ["hub"], nowMs: Self.nowMs)
        try FileManager.default.removeItem(atPath: folder + "/authority.pem")
        #expect(throws: Fault.self) { try Authority(directory: folder, names: ["hub"], nowMs: Self.nowMs) }
    }

    @Test func certificate_namesTheTerminal_whateverTheRequestSays() throws {
        let authority = try Authority(directory: try temporaryFolder(), names: ["hub"], nowMs: Self.nowMs)
        let issued = try authority.certify(
            requestText: try request("post-a"), as: name("cell-101"), nowMs: Self.nowMs)
        let peer = try #require(authority.peer(der: try der(issued.text), nowMs: Self.nowMs))
        #expect(peer.terminal == name("cell-101"))
        #expect(peer.serial == issued.serial)
        let end = Self.nowMs + Int64(Limits.terminalCertificateDays) * Self.dayMs
        #expect(issued.notAfterMs == end)
        #expect(peer.isValid(atMs: end - 1_000) && !peer.isValid(atMs: end + 1_000))
        #expect(authority.peer(der: try der(issued.text), nowMs: end + 1_000) == nil)
        #expect(authority.peer(der: try der(issued.text), nowMs: Self.nowMs - 2 * Self.dayMs) == nil)
    }

    @Test func request_isRefused_whenItIsNotSignedByItsOwnP256Key() throws {
        let authority = try Authority(directory: try temporaryFolder(), names: ["hub"], nowMs: Self.nowMs)
        let other = Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
        let edwards = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("x") }, privateKey: other,
            attributes: .init()
        ).serializeAsPEM().pemString
        var bytes = try der(try request())
        bytes[bytes.count - 3] ^= 1
        let altered = PEMDocument(type: "CERTIFICATE REQUEST", derBytes: bytes).pemString
        for text in ["", "nonsense", edwards, altered] {
            #expect(throws: Fault.self) {
                try authority.certify(requestText: text, as: name("cell-101"), nowMs: Self.nowMs)
            }
        }
    }

    @Test func peer_isNobody_unlessOursForClientsAndOneTerminal() throws {
        let (mine, other) = (
            try Authority(directory: try temporaryFolder(), names: ["hub"], nowMs: Self.nowMs),
            try Authority(directory: try temporaryFolder(), names: ["hub"], nowMs: Self.nowMs)
        )
        let foreign = try other.certify(requestText: try request(), as: name("cell-101"), nowMs: Self.nowMs)
        var bad = [
            try der(foreign.text), try der(mine.serverCertificateText), try der(mine.certificateText), [],
            [1],
        ]
        var flipped = try der(
            try mine.certify(requestText: try request(), as: name("a"), nowMs: Self.nowMs).text)
        flipped[flipped.count / 2] ^= 1
        bad.append(flipped)
        for der in bad { #expect(mine.peer(der: der, nowMs: Self.nowMs) == nil) }
    }
}
