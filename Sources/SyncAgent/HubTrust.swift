// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
package import NIOCore
import NIOSSL
import SwiftASN1
// Judging at a time of ours: the library keeps it apart, because with a clock that is set it is a mistake.
@_spi(FixedExpiryValidationTime) package import X509

/// Is this the hub? Judged by us while the clock is behind the floor, because TLS knows only the clock: chain
/// to the hub's own authority, name, purpose and validity, the latter at `TimeFloor.judged`.
///
/// A value, any thread.
package struct HubTrust: Sendable {
    package enum Doubt: Error, Hashable, Sendable {
        case noCertificate
        /// It is for another purpose or name, of another authority, or not valid.
        case notTheHub
    }

    private let authority: [Certificate]
    private let host: String

    /// `hub`: `https://name:port`.
    package init(authorityText: String, hub: String) throws {
        authority = try NIOSSLCertificate.fromPEMBytes(Array(authorityText.utf8)).map {
            try Certificate(derEncoded: try $0.toDERBytes())
        }
        let place = hub.split(separator: "/").dropFirst().first ?? ""
        host =
            place.hasPrefix("[")
            ? String(place.dropFirst().prefix { $0 != "]" }) : String(place.prefix { $0 != ":" })
    }

    package func holds(for leaf: Certificate, wallMs: Int64, floorMs: Int64) async -> Bool {
        guard let usage = try? leaf.extensions.extendedKeyUsage, Array(usage).contains(.serverAuth) else {
            return false
        }
        let epoch = Date(timeIntervalSince1970: 0)
        let notBeforeMs = Int64(epoch.distance(to: leaf.notValidBefore) * 1_000)
        let atMs = TimeFloor.judged(wallMs: wallMs, floorMs: floorMs, notBeforeMs: notBeforeMs)
        let isAddress = host.contains(":") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
        var verifier = Verifier(rootCertificates: CertificateStore(authority)) {
            RFC5280Policy(fixedExpiryValidationTime: Date(timeIntervalSince1970: Double(atMs) / 1_000))
            ServerIdentityPolicy(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
        }
        switch await verifier.validate(leaf: leaf, intermediates: CertificateStore(authority)) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }

    /// For a connection whose handshake is done and over which nothing was sent: it is closed when this is
    /// not the hub.
    package func check(
        _ channel: any Channel, wallMs: Int64, floorMs: Int64
    ) -> EventLoopFuture<Void> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.nioSSL_peerCertificate().whenComplete { result in
            promise.completeWithTask {
                guard let bytes = try result.get()?.toDERBytes() else { throw Doubt.noCertificate }
                let leaf = try Certificate(derEncoded: bytes)
                guard await holds(for: leaf, wallMs: wallMs, floorMs: floorMs) else { throw Doubt.notTheHub }
            }
        }
        // Its owner is told first: a connection that ends before it began confuses it.
        promise.futureResult.whenFailure { _ in channel.eventLoop.execute { channel.close(promise: nil) } }
        return promise.futureResult
    }
}
