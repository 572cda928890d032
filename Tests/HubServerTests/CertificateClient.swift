// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Crypto
import Facility
import Foundation
import NIOHTTP1
import NIOSSL
import SwiftASN1
import Sync
import X509

@testable import HubServer

extension TestHub {
    func authorityKey() throws -> P256.Signing.PrivateKey {
        let path = parts.config.folder + "/authority/authority.key"
        return try P256.Signing.PrivateKey(pemRepresentation: String(contentsOfFile: path, encoding: .utf8))
    }

    func certificate(_ hands: CertificateMatrixTests.Hands) throws -> TestCertificate {
        let own = try Certificate(pemEncoded: parts.authority.certificateText)
        var serializer = DER.Serializer()
        try serializer.serialize(own.subject)
        return TestCertificate(
            issuer: serializer.serializedBytes, key: hands.own.publicKey, authority: hands.authority.publicKey
        )
    }

    /// The status, or why there is none. `unsendable`: the client's own TLS would not even hold it.
    func outcome(
        _ chain: [[UInt8]], _ key: P256.Signing.PrivateKey, newest: TLSVersion? = nil
    ) async throws -> String {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(parts.authority.certificateText.utf8)))
        tls.maximumTLSVersion = newest
        if let leaf = chain.first {
            let isWeak = leaf.contains(sequence: WeakKey.spki)
            let text = isWeak ? WeakKey.pem : key.pemRepresentation
            guard let certificates = try? chain.map({ try NIOSSLCertificate(bytes: $0, format: .der) }),
                let own = try? NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem)
            else { return "unsendable" }
            tls.certificateChain = certificates.map { .certificate($0) }
            tls.privateKey = .privateKey(own)
            guard (try? NIOSSLContext(configuration: tls)) != nil else { return "unsendable" }
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        let client = HTTPClient(configuration: configuration)
        let hello = SyncHello(
            boot: nil, at: parts.clock.now(), generation: 0, heads: SyncHeads([TestJournal("cell-101").head]))
        let answer = try? await client.ask(
            .POST, "https://localhost:\(sync)/v1/events", headers: hello.headers.map { ($0.name, $0.value) },
            body: Array("[]".utf8))
        try await client.shutdown()
        return answer.map { "\($0.status)" } ?? "no connection"
    }
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        !sequence.isEmpty && !ranges(of: sequence).isEmpty
    }
}
