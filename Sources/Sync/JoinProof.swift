// SPDX-License-Identifier: Apache-2.0
import CSodium

//  terminal                                    hub (console port)
//     │  POST /v1/join {serial, csr, proof}       │  proof  = MAC(key, "watchpost.join.1", serial, csr)
//     │ ────────────────────────────────────────> │  the code itself never travels
//     │  {certificate, authority, terminal,       │  proof' = MAC(key, "watchpost.joined.1",
//     │ <──────────────────────────── sync, proof}│           certificate, authority, terminal, sync)

/// How a terminal without a certificate and a hub without its trust believe each other: each proves, over
/// everything it says, that it knows the one-time code. Whoever sits between them learns nothing of the code
/// and can change nothing. Pure.
///
///     key = SHA-256(code as it is printed)       MAC = HMAC-SHA-256 over purpose ‖ (0 ‖ part)…, hexadecimal
package enum JoinProof {
    package enum Purpose: String, Sendable {
        case asked = "watchpost.join.1"
        case joined = "watchpost.joined.1"
    }

    /// What a person typed, as it was printed: any case, with or without hyphens, O for 0, I and L for 1.
    package static func canonical(_ typed: String) -> String {
        var letters: [UInt8] = []
        for byte in typed.uppercased().utf8 where byte > 0x20 && byte != 0x2d {
            switch byte {
            case UInt8(ascii: "O"): letters.append(UInt8(ascii: "0"))
            case UInt8(ascii: "I"), UInt8(ascii: "L"): letters.append(UInt8(ascii: "1"))
            default: letters.append(byte)
            }
        }
        var text: [UInt8] = []
        for (place, letter) in letters.enumerated() {
            if place > 0, place.isMultiple(of: 5) { text.append(UInt8(ascii: "-")) }
            text.append(letter)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What both sides keep of a code.
    package static func key(of code: String) -> [UInt8] {
        let bytes = Array(canonical(code).utf8)
        var key = [UInt8](repeating: 0, count: 32)
        _ = crypto_hash_sha256(&key, bytes, UInt64(bytes.count))
        return key
    }

    package static func make(_ key: [UInt8], _ purpose: Purpose, _ parts: [String]) -> String {
        precondition(key.count == 32, "a key is a SHA-256")
        var text = Array(purpose.rawValue.utf8)
        for part in parts { text += [0] + Array(part.utf8) }
        var proof = [UInt8](repeating: 0, count: 32)
        _ = crypto_auth_hmacsha256(&proof, text, UInt64(text.count), key)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: proof.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Takes as long for a wrong proof as for a right one.
    package static func holds(_ proof: String, _ key: [UInt8], _ purpose: Purpose, _ parts: [String]) -> Bool
    {
        let (given, right) = (Array(proof.utf8), Array(make(key, purpose, parts).utf8))
        return given.count == right.count && sodium_memcmp(given, right, right.count) == 0
    }
}
