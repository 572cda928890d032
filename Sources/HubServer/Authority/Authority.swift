// SPDX-License-Identifier: Apache-2.0
import Bundles
import Crypto
package import Facility
import Foundation
import SwiftASN1
import Synchronization
import X509

/// The hub's own small certificate authority: it says which machine is which terminal, and proves the hub to
/// them.
///
/// Immutable after the start; any task. Always true: it signs a key for the name that the hub decided, never
/// for a name that a request asks for; its own key never leaves its file.
package final class Authority: Sendable {
    private let key: Certificate.PrivateKey
    private let certificate: Certificate
    /// Certificates that are ours, by their SHA-256: a signature is checked once, not at every heartbeat.
    private let known = Mutex<[[UInt8]: PeerIdentity]>([:])
    /// PEM, as terminals and browsers are given it.
    package let certificateText: String
    package let serverCertificateText: String
    package let serverKeyText: String

    /// Reads the folder, or makes everything anew in an empty one. `names`: what the hub is reached by.
    package init(directory: String, names: [String], nowMs: Int64) throws {
        let files = try AuthorityFiles(directory: directory)
        if let key = try files.key("authority.key"), let certificate = try files.certificate("authority.pem")
        {
            (self.key, self.certificate) = (key, certificate)
        } else {
            guard try files.read("authority.key") == nil, try files.read("authority.pem") == nil else {
                throw AuthorityFiles.fault(
                    "read authority", directory, "its key or its certificate is missing")
            }
            key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            certificate = try Self.selfSigned(key, nowMs: nowMs)
            try files.write("authority.key", key.serializeAsPEM().pemString)
            try files.write("authority.pem", certificate.serializeAsPEM().pemString)
        }
        certificateText = try certificate.serializeAsPEM().pemString

        var server = (key: try files.key("server.key"), certificate: try files.certificate("server.pem"))
        if server.key == nil || !Self.serves(server.certificate, names, nowMs) {
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let signed = try Self.sign(
                key.publicKey, by: self.key, of: certificate, subject: names[0],
                names: names.map(Self.generalName),
                usage: .serverAuth, days: Limits.serverCertificateDays, nowMs: nowMs)
            try files.write("server.key", key.serializeAsPEM().pemString)
            try files.write("server.pem", signed.serializeAsPEM().pemString)
            server = (key, signed)
        }
        guard let serverKey = server.key, let serverCertificate = server.certificate else {
            fatalError("just made")
        }
        serverKeyText = try serverKey.serializeAsPEM().pemString
        serverCertificateText = try serverCertificate.serializeAsPEM().pemString
    }

    /// SHA-256 of the authority's certificate, as a person compares it: `AB:CD:…`.
    package var fingerprint: String {
        let bytes = (try? certificate.serializeAsPEM().derBytes) ?? []
        return SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count == 1 ? "0" + text : text
        }.joined(separator: ":")
    }

    /// A certificate for the key of a request, under the name the hub decided. The request's own names are
    /// not read.
    package func certify(requestText: String, as terminal: TerminalID, nowMs: Int64) throws
        -> IssuedCertificate
    {
        let request = try checkRequest(requestText)
        let certificate = try Self.sign(
            request.publicKey, by: key, of: self.certificate, subject: terminal.text,
            names: [.uniformResourceIdentifier(PeerIdentity.name(of: terminal))], usage: .clientAuth,
            days: Limits.terminalCertificateDays, nowMs: nowMs)
        return IssuedCertificate(
            text: try certificate.serializeAsPEM().pemString,
            serial: PeerIdentity.serialText(certificate.serialNumber),
            notAfterMs: nowMs + Self.days(Limits.terminalCertificateDays))
    }

    /// A request that could be granted: a P-256 key that signed it.
    @discardableResult
    func checkRequest(_ text: String) throws(Fault) -> CertificateSigningRequest {
        let hint = "Run `watchpost join` again; it makes a fresh request."
        let request: CertificateSigningRequest
        do { request = try CertificateSigningRequest(pemEncoded: text) } catch {
            throw Fault("read certificate request", at: "the request", cause: "\(error)", hint: hint)
        }
        guard P256.Signing.PublicKey(request.publicKey) != nil,
            request.publicKey.isValidSignature(request.signature, for: request)
        else {
            throw Fault(
                "check certificate request", at: "the request",
                cause: "not a P-256 key that signed its own request", hint: hint)
        }
        return request
    }

    /// Under which name a certificate of ours was given, whether it is still good or not.
    func name(der: [UInt8]) -> String? {
        guard let peer = try? Certificate(derEncoded: der),
            certificate.publicKey.isValidSignature(peer.signature, for: peer)
        else { return nil }
        return PeerIdentity(certificate: peer)?.terminal.text
    }

    /// Who a client certificate says it is; nil when it is not one that this authority gives to terminals.
    package func peer(der: [UInt8], nowMs: Int64) -> PeerIdentity? {
        guard der.count <= Limits.certificateMaxBytes else { return nil }
        let key = Array(SHA256.hash(data: der))
        guard let peer = known.withLock({ $0[key] }) ?? checked(der: der) else { return nil }
        known.withLock { known in
            if known.count >= Limits.peersKnownMaxCount { known.removeAll() }
            known[key] = peer
        }
        return peer.isValid(atMs: nowMs) ? peer : nil
    }

    private func checked(der: [UInt8]) -> PeerIdentity? {
        guard let peer = try? Certificate(derEncoded: der),
            peer.issuer == certificate.subject, peer.signatureAlgorithm == .ecdsaWithSHA256,
            certificate.publicKey.isValidSignature(peer.signature, for: peer)
        else { return nil }
        return PeerIdentity(certificate: peer)
    }
}

extension Authority {
    /// The hub's word on a bundle.
    func sign(_ manifest: BundleManifest) throws -> BundleManifest {
        let key = try P256.Signing.PrivateKey(pemRepresentation: key.serializeAsPEM().pemString)
        return try BundleSeal.sign(manifest, with: key)
    }
}

/// What a terminal is given.
package struct IssuedCertificate: Hashable, Sendable {
    package let text: String
    package let serial: String
    package let notAfterMs: Int64
}

// MARK: - Signing

extension Authority {
    private static func date(_ ms: Int64) -> Date { Date(timeIntervalSince1970: Double(ms / 1_000)) }

    private static func days(_ count: Int) -> Int64 { Int64(count) * 86_400_000 }

    private static func selfSigned(_ key: Certificate.PrivateKey, nowMs: Int64) throws -> Certificate {
        let name = try DistinguishedName {
            OrganizationName("Watchpost")
            CommonName("Watchpost hub \(UUID().uuidString.prefix(8))")
        }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: date(nowMs - Int64(Limits.certificateBackdateMs)),
            notValidAfter: date(nowMs + days(Limits.authorityDays)), issuer: name, subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            }, issuerPrivateKey: key)
    }

    private static func sign(
        _ publicKey: Certificate.PublicKey, by key: Certificate.PrivateKey, of authority: Certificate,
        subject: String,
        names: [GeneralName], usage: ExtendedKeyUsage.Usage, days count: Int, nowMs: Int64
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: date(nowMs - Int64(Limits.certificateBackdateMs)),
            notValidAfter: date(nowMs + days(count)), issuer: authority.subject,
            subject: try DistinguishedName { CommonName(subject) },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
            }, issuerPrivateKey: key)
    }

    private static func generalName(_ name: String) -> GeneralName {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4
            ? .ipAddress(ASN1OctetString(contentBytes: bytes[...])) : .dnsName(name)
    }

    /// Good for at least a third of its life yet, and for all names.
    private static func serves(_ certificate: Certificate?, _ names: [String], _ nowMs: Int64) -> Bool {
        guard let certificate, let found = try? certificate.extensions.subjectAlternativeNames else {
            return false
        }
        return names.allSatisfy { found.contains(generalName($0)) }
            && certificate.notValidAfter > date(nowMs + days(Limits.serverCertificateDays / 3))
    }
}
