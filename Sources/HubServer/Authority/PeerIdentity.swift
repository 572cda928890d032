// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Foundation
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

    /// Nil unless it is for clients alone, has exactly one name and that is a terminal's, signs no others,
    /// and is valid now.
    init?(certificate: Certificate, nowMs: Int64) {
        guard let usage = try? certificate.extensions.extendedKeyUsage, Array(usage) == [.clientAuth],
            let names = try? certificate.extensions.subjectAlternativeNames, names.count == 1,
            case .uniformResourceIdentifier(let name)? = names.first, name.hasPrefix(Self.prefix),
            let terminal = TerminalID(name.dropFirst(Self.prefix.count)),
            let constraints = try? certificate.extensions.basicConstraints,
            constraints == .notCertificateAuthority
        else { return nil }
        self.terminal = terminal
        serial = Self.serialText(certificate.serialNumber)
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        guard isValid(atMs: nowMs) else { return nil }
    }

    package func isValid(atMs nowMs: Int64) -> Bool {
        let now = Date(timeIntervalSince1970: Double(nowMs) / 1_000)
        return notBefore <= now && now < notAfter
    }
}
