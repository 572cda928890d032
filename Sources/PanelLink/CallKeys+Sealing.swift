// SPDX-License-Identifier: Apache-2.0
import CSodium
package import Facility

// Datagrams of pages, sealed for the two terminals that share these keys: XChaCha20-Poly1305, random nonces.
//
//     "WPP1" | sender, 16 | nonce, 24 | sealed message and tag
//
// Sender and receiver are under the seal, so that a datagram is never taken for one of the other direction.
extension CallKeys {
    private static let magic = Array("WPP1".utf8)
    private static let headBytes = 4 + 16 + Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)

    private var pageKey: [UInt8] {
        voice(["page"], count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
    }

    package func sealed(_ message: [UInt8], from: TerminalID, to: TerminalID) -> [UInt8] {
        var writer = WireWriter(capacity: Self.headBytes + message.count + 16)
        writer.append(Self.magic)
        writer.put(from)
        for _ in 0..<3 { writer.put(Sodium.random()) }
        let head = writer.bytes
        var box = [UInt8](
            repeating: 0, count: message.count + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES))
        let names = Self.names(from, to)
        _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
            &box, nil, message, UInt64(message.count), names, UInt64(names.count), nil,
            Array(head[20...]), pageKey)
        return head + box
    }

    /// Who says that it sent this, before anything is believed; nil: no datagram of a page.
    package static func sender(of datagram: [UInt8]) -> TerminalID? {
        guard datagram.count > headBytes, datagram.count <= Limits.pagingDatagramMaxBytes,
            datagram.starts(with: magic)
        else { return nil }
        var reader = WireReader(datagram, from: magic.count)
        let id: TerminalID?? = try? reader.identifierOrNone()
        return id ?? nil
    }

    /// nil: not sealed by that terminal for this one.
    package func opened(_ datagram: [UInt8], from: TerminalID, to: TerminalID) -> [UInt8]? {
        let tagBytes = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
        guard datagram.count >= Self.headBytes + tagBytes else { return nil }
        let box = Array(datagram[Self.headBytes...])
        var message = [UInt8](repeating: 0, count: box.count - tagBytes)
        let names = Self.names(from, to)
        let failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &message, nil, nil, box, UInt64(box.count), names, UInt64(names.count),
            Array(datagram[20..<Self.headBytes]), pageKey)
        return failed == 0 ? message : nil
    }

    private static func names(_ from: TerminalID, _ to: TerminalID) -> [UInt8] {
        var writer = WireWriter(capacity: 32)
        writer.put(from)
        writer.put(to)
        return writer.bytes
    }
}
