// SPDX-License-Identifier: Apache-2.0
import CSodium
import Crypto

/// Random secrets and how people read them. Pure but for the kernel's randomness.
package enum Secrets {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// 128 bits in groups of five, without letters that look alike: for a person to type once.
    package static func code() -> String { grouped(base32(bytes(16))) }

    /// What is kept of a secret.
    package static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    package static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    private static func base32(_ bytes: [UInt8]) -> String {
        var text = ""
        var (held, bits) = (0, 0)
        for byte in bytes {
            held = held << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[held >> bits & 31])
            }
            held &= 31
        }
        if bits > 0 { text.append(alphabet[held << (5 - bits) & 31]) }
        return text
    }

    private static func grouped(_ text: String) -> String {
        var groups: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            groups.append(rest.prefix(5))
            rest = rest.dropFirst(5)
        }
        return groups.joined(separator: "-")
    }
}
