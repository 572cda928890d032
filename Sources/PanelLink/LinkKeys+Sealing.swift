// SPDX-License-Identifier: Apache-2.0
import CSodium

extension LinkKeys {
    /// What this terminal signs its recordings with: Ed25519, 64 bytes as libsodium has it. Made from the
    /// terminal's own key, from which it follows; from it that key does not. So who records need hold nothing
    /// that raises an alarm or opens a cell.
    package var sealingKey: [UInt8] {
        var seed = [UInt8](repeating: 0, count: Int(crypto_sign_SEEDBYTES))
        let purpose = Array("watchpost recording 1".utf8)
        let failed = crypto_generichash(
            &seed, seed.count, purpose, UInt64(purpose.count), secretKey, secretKey.count)
        var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
        var secret = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
        precondition(
            failed == 0 && crypto_sign_seed_keypair(&publicKey, &secret, seed) == 0, "a key of 32 bytes")
        return secret
    }

    /// Its public half, 64 digits: what `watchpost verify --key` and the hub hold a seal against.
    package var sealingText: String { Self.text(Array(sealingKey[32...])) }
}
