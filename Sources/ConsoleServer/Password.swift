// SPDX-License-Identifier: Apache-2.0
import CSodium
import Dispatch
import Facility

/// Argon2id by libsodium: 64 MB and some tens of milliseconds for each guess.
///
/// One at a time on a thread of its own, so that many sign-ins cost neither the memory nor the pool's
/// threads.
package enum Password {
    private static let queue = DispatchQueue(label: "watchpost.password")

    /// The text that a store keeps: algorithm, cost, salt and hash.
    package static func hash(_ password: String) async throws -> String {
        try await onQueue {
            var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
            let done = crypto_pwhash_str(
                &text, password, UInt64(password.utf8.count), UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
                Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
            guard done == 0 else {
                throw Fault(
                    "hash password", at: "libsodium", cause: "out of memory", hint: "Give the hub 64 MB more."
                )
            }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Costs the same whether there is such an account or not: without a hash it checks against one of
    /// nobody's.
    package static func isRight(_ password: String, hash: String?) async -> Bool {
        let isRight = try? await onQueue {
            crypto_pwhash_str_verify(hash ?? nobody, password, UInt64(password.utf8.count)) == 0
        }
        return hash != nil && isRight == true
    }

    private static let nobody =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$QSqiGbLcqTjqpvxxnSUDFLxcHk7nAuxYrkzFB+ghVo8"

    private static func onQueue<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
