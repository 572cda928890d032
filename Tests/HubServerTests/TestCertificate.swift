// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Crypto
import Foundation

@testable import HubServer

/// A certificate laid out byte by byte, so that it can be wrong in any way. A value; as it is made it is
/// such a one as the authority gives to `cell-101`.
struct TestCertificate {
    var version: [UInt8] = Bytes.tagged(0xa0, Bytes.int([2]))
    var serial: [UInt8] = [0x11] + Secrets.bytes(8)
    var algorithm = OID.ecdsaSHA256
    var issuer: [UInt8]
    var notBefore = Date(timeIntervalSinceNow: -3_600)
    var notAfter = Date(timeIntervalSinceNow: 30 * 86_400)
    var subject = Bytes.name("cell-101")
    var spki: [UInt8]
    var extensions: [String: [UInt8]]
    /// In which order they stand; a name twice stands twice.
    var order = ["basic", "keyUsage", "extended", "names", "subjectKey", "authorityKey"]
    var isSHA1 = false
    var bendsSignature = false

    init(issuer: [UInt8], key: P256.Signing.PublicKey, authority: P256.Signing.PublicKey) {
        self.issuer = issuer
        spki = Array(key.derRepresentation)
        extensions = [
            "basic": Bytes.ext([0x55, 0x1d, 0x13], isCritical: true, Bytes.tagged(0x30)),
            "keyUsage": Bytes.ext([0x55, 0x1d, 0x0f], isCritical: true, [0x03, 0x02, 0x07, 0x80]),
            "extended": Bytes.ext([0x55, 0x1d, 0x25], Bytes.tagged(0x30, OID.clientAuth)),
            "names": Bytes.names([Bytes.uri("watchpost:terminal/cell-101")]),
            "subjectKey": Bytes.ext([0x55, 0x1d, 0x0e], Bytes.tagged(0x04, Self.id(key))),
            "authorityKey": Bytes.ext(
                [0x55, 0x1d, 0x23], Bytes.tagged(0x30, Bytes.tagged(0x80, Self.id(authority)))),
        ]
    }

    private static func id(_ key: P256.Signing.PublicKey) -> [UInt8] {
        Array(Insecure.SHA1.hash(data: Array(key.x963Representation)))
    }

    func der(signedBy key: P256.Signing.PrivateKey) throws -> [UInt8] {
        let all = order.compactMap { extensions[$0] }.flatMap { $0 }
        let tbs = Bytes.tagged(
            0x30,
            version + Bytes.int(serial) + Bytes.tagged(0x30, algorithm) + issuer
                + Bytes.tagged(0x30, Bytes.time(notBefore) + Bytes.time(notAfter)) + subject + spki
                + (all.isEmpty ? [] : Bytes.tagged(0xa3, Bytes.tagged(0x30, all))))
        let made =
            try isSHA1
            ? key.signature(for: Insecure.SHA1.hash(data: tbs)) : key.signature(for: SHA256.hash(data: tbs))
        var signature = Array(made.derRepresentation)
        if bendsSignature { signature[signature.count - 1] ^= 1 }
        return Bytes.tagged(0x30, tbs + Bytes.tagged(0x30, algorithm) + Bytes.tagged(0x03, [0] + signature))
    }
}

/// Object identifiers with tag and length, as they stand in a certificate.
enum OID {
    static let ecdsaSHA256: [UInt8] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
    static let ecdsaSHA1: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]
    static let clientAuth: [UInt8] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]
    static let serverAuth: [UInt8] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
    static let codeSigning: [UInt8] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03]
    static let anyUsage: [UInt8] = [0x06, 0x04, 0x55, 0x1d, 0x25, 0x00]
}

/// The few shapes of ASN.1 that a certificate is made of.
enum Bytes {
    static func tagged(_ tag: UInt8, _ content: [UInt8] = []) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 128
            ? [UInt8(count)]
            : count < 256
                ? [0x81, UInt8(count)]
                : count < 65_536
                    ? [0x82, UInt8(count >> 8), UInt8(count & 255)]
                    : [0x83, UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)]
        return [tag] + length + content
    }

    static func int(_ bytes: [UInt8]) -> [UInt8] { tagged(0x02, bytes) }

    static func time(_ date: Date) -> [UInt8] {
        let text = date.ISO8601Format().filter(\.isNumber).dropFirst(2)
        return tagged(0x17, Array((text + "Z").utf8))
    }

    /// A name with one CN.
    static func name(_ text: String, tag: UInt8 = 0x0c) -> [UInt8] { name(bytes: Array(text.utf8), tag: tag) }

    static func name(bytes: [UInt8], tag: UInt8 = 0x0c) -> [UInt8] {
        tagged(0x30, part(bytes, tag: tag))
    }

    static func part(_ bytes: [UInt8], tag: UInt8 = 0x0c) -> [UInt8] {
        tagged(0x31, tagged(0x30, [0x06, 0x03, 0x55, 0x04, 0x03] + tagged(tag, bytes)))
    }

    static func uri(_ text: String) -> [UInt8] { tagged(0x86, Array(text.utf8)) }
    static func dns(_ text: String) -> [UInt8] { tagged(0x82, Array(text.utf8)) }

    static func names(_ names: [[UInt8]]) -> [UInt8] {
        ext([0x55, 0x1d, 0x11], tagged(0x30, names.flatMap { $0 }))
    }

    static func ext(_ oid: [UInt8], isCritical: Bool = false, _ value: [UInt8]) -> [UInt8] {
        tagged(0x30, tagged(0x06, oid) + (isCritical ? [0x01, 0x01, 0xff] : []) + tagged(0x04, value))
    }
}

/// A key of RSA with 1,024 bits, worthless: what a certificate must not be for.
enum WeakKey {
    static let spki = Array(Data(base64Encoded: publicText) ?? Data())
    static let pem = "-----BEGIN " + "PRIVATE KEY-----\n\(privateText)\n-----END " + "PRIVATE KEY-----\n"

    private static let publicText = """
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCynVV9AwSlzR2UIe1Oy3xHIFf7F9+g7/wOT7wIVD4xQIaHmuEwma\
        kfYN0/F9AQu6XicEglFXMUimrenpwTVN2z3wzC/DKtHJTl40DCYE/kytO6lV1DsNF7WGH0GAea2Y4j2X72fDPiCA4V\
        dYR9IhFTY5pNqsAa8nfX5JJHtGf06wIDAQAB
        """
    private static let privateText = """
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALKdVX0DBKXNHZQh7U7LfEcgV/sX36Dv/A5PvAhUPj\
        FAhoea4TCZqR9g3T8X0BC7peJwSCUVcxSKat6enBNU3bPfDML8Mq0clOXjQMJgT+TK07qVXUOw0XtYYfQYB5rZjiPZ\
        fvZ8M+IIDhV1hH0iEVNjmk2qwBryd9fkkke0Z/TrAgMBAAECgYBYJn4CbHLmwQxQB05vDM4Q7E1/hpC/hLEI/yD1m1\
        32QLokQrPQoIVvDwciFEaDe5iq4G86nhNll8qWhADTKZcgUmOuWjhuYLvfA8o+ZwtbA4mjaGhpJraeiUdrJx1w5m6V\
        ZATknj44uoJClhlBowq9oO7Nr5r49Xecs23s6w6VwQJBAOwGLh0NdFwo7pOHIUwMOwjeZmImx1cRgZ28imsc9lATfm\
        wqH6jFSWKIQJVLWrAd+4uyus+LCJsH8KAGoa3UrCcCQQDBu0n7RNAzxZCcNHOK2PQqptJAq2yXTFAY8d4RZk4jigCm\
        TPuGutdDexca48g+kF6nHRbjwA2W0LOTOwpQ0jedAkAEuK7td9pvCYaUPuzEl64KpGBJ8FqmfDwqip3+PIsU2P77bP\
        BLMP8h0HXyRpqe0Uq55a5k/nQCnesLWHadgpabAkATupD0J7PUMeBiJ+1ETIfA+DAdKdfrKHhXsfndZ7+5WspqJRjQ\
        RaK6WoSl1mCEDou1FP9JvjskCqje63pHdMD5AkEAzMNwyZLTon00a1dBcYQNwIuyUrnelkrr2CpBUnO+ksXxBmzPLC\
        /aOon2JVCs+foZNIyVt6oQidckaimtI14w3Q==
        """
}
