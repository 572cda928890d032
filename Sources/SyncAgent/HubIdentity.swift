// SPDX-License-Identifier: Apache-2.0
import CLinux
import Crypto
package import Facility
import FoundationEssentials
import Glibc
package import NIOSSL
import SwiftASN1
import X509

/// What makes this terminal known to its hub, and the hub to it: one directory that only `watchpost-sync` may
/// enter, filled by `watchpost join`.
///
///     hub              https://address:port of the sync port
///     terminal         the name under which the hub knows us
///     authority.pem    the hub's own certificate authority: nothing else is believed
///     certificate.pem  ours, renewed at two thirds of its life
///     key.pem          ours, 0600, made here and never sent
///     address          where the hub was last found (`HubAddress`); may be missing
///     time             the latest time that the hub told, Unix ms (`TimeFloor`); may be missing
///
/// A value, read anew for every start and after a renewal. None of it is needed for an alarm.
package struct HubIdentity: Sendable {
    package let directory: String
    package let hub: String
    package let terminal: TerminalID
    let key: String
    let certificate: String
    let authority: String

    package static func read(_ directory: String) throws(Fault) -> HubIdentity {
        let name = try text(directory, "terminal")
        guard let terminal = TerminalID(name) else {
            throw Fault(
                "read identity", at: directory + "/terminal", cause: "`\(name)` is no terminal's name",
                hint: joinHint)
        }
        let identity = HubIdentity(
            directory: directory, hub: try text(directory, "hub"), terminal: terminal,
            key: try text(directory, "key.pem"), certificate: try text(directory, "certificate.pem"),
            authority: try text(directory, "authority.pem"))
        _ = try identity.tls()
        return identity
    }

    /// TLS 1.3, our certificate, and no authority but the hub's.
    package func tls() throws(Fault) -> TLSConfiguration {
        do {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv13
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
            return tls
        } catch {
            throw Fault("read identity", at: directory, cause: "\(error)", hint: Self.joinHint)
        }
    }

    /// Who is believed to be the hub.
    package func trust() throws(Fault) -> HubTrust {
        do { return try HubTrust(authorityText: authority, hub: hub) } catch {
            throw Fault("read identity", at: directory, cause: "\(error)", hint: Self.joinHint)
        }
    }

    /// Where the hub was last found; nil where it is given by an address.
    package func address() -> HubAddress? { HubAddress(hub: hub, directory: directory) }

    /// How far time had come when this identity was last seen to be good.
    package func floor() -> TimeFloor {
        let epoch = Date(timeIntervalSince1970: 0)
        let from = (try? Certificate(pemEncoded: certificate)).map { epoch.distance(to: $0.notValidBefore) }
        // The hub dates it back, for terminals whose clock is behind.
        let signedMs = Int64((from ?? 0) * 1_000) + Int64(Limits.certificateBackdateMs)
        return TimeFloor(directory: directory, signedMs: from == nil ? 0 : signedMs)
    }

    /// Two thirds of the certificate's life are over. `nowMs`: wall milliseconds, as well known as they are.
    package func isRenewalDue(nowMs: Int64) -> Bool {
        guard let parsed = try? Certificate(pemEncoded: certificate) else { return true }
        let life = parsed.notValidBefore.distance(to: parsed.notValidAfter)
        let due = parsed.notValidBefore.advanced(by: life * 2 / 3)
        return Date(timeIntervalSince1970: Double(nowMs) / 1_000) >= due
    }

    /// A request for a certificate over our key, PEM.
    func request() throws(Fault) -> String { try Self.request(key: key, name: terminal.text) }

    static func request(key: String, name: String) throws(Fault) -> String {
        do {
            let csr = try CertificateSigningRequest(
                version: .v1, subject: try DistinguishedName { CommonName(name) },
                privateKey: try Certificate.PrivateKey(pemEncoded: key), attributes: .init())
            return try csr.serializeAsPEM().pemString
        } catch {
            throw Fault("request certificate", at: name, cause: "\(error)", hint: joinHint)
        }
    }

    static func makeKey() -> String { P256.Signing.PrivateKey().pemRepresentation }

    // MARK: Files

    static let joinHint =
        "Get a one-time code from the hub's console, then: watchpost join https://HUB --code CODE"

    private static func text(_ directory: String, _ name: String) throws(Fault) -> String {
        let path = directory + "/" + name
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw Fault("read identity", at: path, cause: String(cString: strerror(errno)), hint: joinHint)
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Limits.identityFileMaxBytes)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count < bytes.count else {
            throw Fault("read identity", at: path, cause: "it is empty or too long", hint: joinHint)
        }
        var text = String(decoding: bytes[..<count], as: UTF8.self)
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// Each file whole or not at all; the certificate last, so that what is read together belongs together.
    static func write(_ files: [(name: String, text: String)], to directory: String) throws(Fault) {
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw Fault(
                "write identity", at: directory, cause: String(cString: strerror(errno)),
                hint: "Run as the user of watchpost-sync, or as root.")
        }
        for (name, text) in files {
            let path = directory + "/" + name
            let file = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            // A panel holds the officers' list against it; everything else is ours alone.
            if name == "authority.pem" { fchmod(file, 0o644) }
            let bytes = Array((text + "\n").utf8)
            let written =
                file >= 0 && Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
            let code = errno
            if file >= 0 { close(file) }
            guard written, rename(path + ".new", path) == 0 else {
                throw Fault(
                    "write identity", at: path, cause: String(cString: strerror(written ? errno : code)),
                    hint: "Check free space with `df`, and the rights of the directory.")
            }
        }
        _ = wp_sync_directory_of(directory + "/hub")
    }
}
