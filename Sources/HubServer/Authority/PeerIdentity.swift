// SPDX-License-Identifier: Apache-2.0
import Crypto
package import Facility
package import Foundation
import SwiftASN1
import X509

/// Which terminal a client certificate stands for. A value; whether it is revoked or no longer listed, the
/// hub asks of its `Roster` at every request.
package struct PeerIdentity: Hashable, Sendable {
    package let terminal: TerminalID
    /// The certificate's serial number, hexadecimal.
    package let serial: String
    package let notBefore: Date
    package let notAfter: Date

    private static let prefix = "watchpost:terminal/"

    static func name(of terminal: TerminalID) -> String { prefix + terminal.text }

    static func serialText(_ serial: Certificate.SerialNumber) -> String {
        serial.bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// Nil unless it is such a certificate as `Authority` gives to a terminal, and nothing else: a P-256
    /// key for clients alone, one name that is a terminal's in both places, signs no others, has exactly
    /// the extensions that we know, and lasts no longer than we let it.
    init?(certificate: Certificate) {
        let extensions = certificate.extensions
        guard certificate.version == .v3, P256.Signing.PublicKey(certificate.publicKey) != nil,
            Set(extensions.map(\.oid)) == Self.known, extensions.count == Self.known.count,
            let usage = try? extensions.extendedKeyUsage, Array(usage) == [.clientAuth],
            let keys = try? extensions.keyUsage, keys == KeyUsage(digitalSignature: true),
            let names = try? extensions.subjectAlternativeNames, names.count == 1,
            case .uniformResourceIdentifier(let name)? = names.first, name.hasPrefix(Self.prefix),
            let terminal = TerminalID(name.dropFirst(Self.prefix.count)),
            let subject = try? DistinguishedName(builder: { CommonName(terminal.text) }),
            certificate.subject == subject,
            let constraints = try? extensions.basicConstraints, constraints == .notCertificateAuthority
        else { return nil }
        self.terminal = terminal
        serial = Self.serialText(certificate.serialNumber)
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        let longest = Double(Limits.terminalCertificateDays + 2) * 86_400
        guard notBefore < notAfter, DateInterval(start: notBefore, end: notAfter).duration <= longest else {
            return nil
        }
    }

    private static let known: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.subjectKeyIdentifier,
        .X509ExtensionID.authorityKeyIdentifier,
    ]

    package func isValid(atMs nowMs: Int64) -> Bool {
        let now = Date(timeIntervalSince1970: Double(nowMs) / 1_000)
        return notBefore <= now && now < notAfter
    }
}
