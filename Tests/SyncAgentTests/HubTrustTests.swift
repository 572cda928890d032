// SPDX-License-Identifier: Apache-2.0
import Crypto
import Facility
import Foundation
import SwiftASN1
import TestBoard
import Testing
import X509

@testable import HubServer
@testable import SyncAgent

@Test func certificate_isTheHubs_byAuthorityNamePurposeAndTime() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let nowMs: Int64 = 1_800_000_000_000
    let authority = try Authority(directory: folder, names: ["hub.example", "10.0.0.1"], nowMs: nowMs)
    let leaf = try Certificate(pemEncoded: authority.serverCertificateText)
    func holds(_ leaf: Certificate, _ hub: String, wallMs: Int64 = 0, floorMs: Int64 = nowMs) async throws
        -> Bool
    {
        try await HubTrust(authorityText: authority.certificateText, hub: hub).holds(
            for: leaf, wallMs: wallMs, floorMs: floorMs)
    }
    #expect(try await holds(leaf, "https://hub.example:7443"))
    #expect(try await holds(leaf, "https://10.0.0.1:7443"))
    #expect(try await !holds(leaf, "https://10.0.0.2:7443"))
    #expect(try await !holds(leaf, "https://other.example:7443"))
    // By the clock, where that is after its signing.
    #expect(try await !holds(leaf, "https://hub.example:7443", wallMs: nowMs * 2))
    #expect(try await !holds(leaf, "https://hub.example:7443", floorMs: 0))
    // A terminal's certificate is of the same authority, and no hub's.
    let key = P256.Signing.PrivateKey()
    let request = try HubIdentity.request(key: key.pemRepresentation, name: "x")
    let terminal = try authority.certify(requestText: request, as: .named("cell-101"), nowMs: nowMs)
    #expect(try await !holds(try Certificate(pemEncoded: terminal.text), "https://hub.example:7443"))
}
