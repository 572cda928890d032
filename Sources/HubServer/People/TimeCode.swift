// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation

/// The second factor: a code of six digits that changes every 30 s (RFC 6238, SHA-1 as every authenticator
/// speaks it). Pure; time is an argument.
enum TimeCode {
    private static let stepMs: Int64 = 30_000

    /// The step whose code this is: now, or one before or after for a clock that is off. Nil: none.
    static func step(of code: String, secret: [UInt8], nowMs: Int64) -> Int64? {
        let now = nowMs / stepMs
        return [now, now - 1, now + 1].first { self.code(secret: secret, step: $0) == code }
    }

    static func code(secret: [UInt8], step: Int64) -> String {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - $0 * 8)) }
        let hash = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let from = Int(hash[19] & 15)
        let number = hash[from..<from + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
