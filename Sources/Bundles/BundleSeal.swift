// SPDX-License-Identifier: Apache-2.0
package import Crypto
package import Facility
import FoundationEssentials
import SwiftASN1
import X509

/// The hub's word on its bundles: made with the key of its authority, held against the authority's
/// certificate that a terminal was given when it joined. A value; any thread.
package struct BundleSeal: Sendable {
    private let key: P256.Signing.PublicKey

    /// `authority`: the certificate, PEM.
    package init(authority: String, at place: String) throws(Fault) {
        guard let certificate = try? Certificate(pemEncoded: authority),
            let key = P256.Signing.PublicKey(certificate.publicKey)
        else {
            throw Fault(
                "read the hub's authority", at: place, cause: "it is no certificate of a hub",
                hint: "Join again: get a code from the hub's console, then watchpost join.")
        }
        self.key = key
    }

    package func holds(_ manifest: BundleManifest) -> Bool {
        guard let der = Data(base64Encoded: manifest.signature),
            let signature = try? P256.Signing.ECDSASignature(derRepresentation: der)
        else { return false }
        return key.isValidSignature(signature, for: Data(manifest.signedText.utf8))
    }

    /// The same manifest with a signature.
    package static func sign(
        _ manifest: BundleManifest, with key: P256.Signing.PrivateKey
    ) throws -> BundleManifest {
        var signed = manifest
        let signature = try key.signature(for: Data(manifest.signedText.utf8))
        signed.signature = signature.derRepresentation.base64EncodedString()
        return signed
    }

    package static func sha256(_ bytes: [UInt8]) -> String { HexText.of(SHA256.hash(data: bytes)) }
}
