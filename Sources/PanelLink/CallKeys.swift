// SPDX-License-Identifier: Apache-2.0
import CSodium

/// What two terminals share for their calls, from their own keys and the public ones that the site lists: so
/// nobody else opens a cell in an officer's name, and their voice needs no key on the wire.
///
/// A value; any thread. Another key than the one of alarms: who knows this one raises no alarm.
package struct CallKeys: Sendable {
    private let key: [UInt8]

    /// nil: the other key is none.
    package init?(_ own: LinkKeys, peer: [UInt8]) {
        guard peer.count == LinkKeys.keyBytes else { return nil }
        Sodium.start()
        var shared = [UInt8](repeating: 0, count: Int(crypto_box_BEFORENMBYTES))
        guard crypto_box_beforenm(&shared, peer, own.secretKey) == 0 else { return nil }
        key = Self.hashed(shared, ["watchpost call"], count: Int(crypto_auth_KEYBYTES))
    }

    package static func nonce() -> String { LinkKeys.text(words(2)) }

    private static func words(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in
            let word = Sodium.random()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
        }
    }

    /// 64 digits over these texts, each with its length before it.
    package func seal(_ parts: [String]) -> String {
        let bytes = Self.joined(parts)
        var tag = [UInt8](repeating: 0, count: Int(crypto_auth_BYTES))
        crypto_auth(&tag, bytes, UInt64(bytes.count), key)
        return LinkKeys.text(tag)
    }

    package func isSealed(_ parts: [String], by seal: String) -> Bool {
        guard let tag = LinkKeys.key(seal), tag.count == Int(crypto_auth_BYTES) else { return false }
        let bytes = Self.joined(parts)
        return crypto_auth_verify(tag, bytes, UInt64(bytes.count), key) == 0
    }

    /// A key of so many bytes for one direction of one call: `parts` name both and are never used twice.
    package func voice(_ parts: [String], count: Int) -> [UInt8] { Self.hashed(key, parts, count: count) }

    private static func hashed(_ key: [UInt8], _ parts: [String], count: Int) -> [UInt8] {
        let bytes = joined(parts)
        var out = [UInt8](repeating: 0, count: max(count, Int(crypto_generichash_BYTES_MIN)))
        let size = out.count
        let failed = crypto_generichash(&out, size, bytes, UInt64(bytes.count), key, key.count)
        precondition(failed == 0 && count <= size, "a key of 16 to 64 bytes")
        return Array(out.prefix(count))
    }

    private static func joined(_ parts: [String]) -> [UInt8] {
        parts.flatMap { part -> [UInt8] in
            let bytes = Array(part.utf8)
            return (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
        }
    }
}
