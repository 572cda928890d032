// SPDX-License-Identifier: Apache-2.0
import CSodium
import Facility

/// What proves a recording: a chain of SHA-256 over its chunks, signed with the terminal's key every 10 s and
/// at its end, in a file beside it (`NAME.opus.seal`), one line each:
///
///     watchpost-seal 1 NAME
///     chunk OFFSET LENGTH HASH          hash: of the hash before (32 zeros at first) and the chunk's bytes
///     sealed COUNT HASH SIGNATURE KEY   over "watchpost-seal 1 NAME sealed COUNT HASH"
///     end COUNT HASH SIGNATURE KEY      the last line of a recording that was ended, signed as `end`
///     cut COUNT HASH SIGNATURE KEY      of one that was cut: the process after it signed what it found
///
/// A value. Always true: a changed byte, a chunk left out or moved, another name or another ending breaks it.
package struct RecordingSeal: Sendable {
    package enum Ending: String, Sendable, CaseIterable {
        case sealed, end, cut
    }

    package let name: String
    private let secretKey: [UInt8]
    package private(set) var hash = [UInt8](repeating: 0, count: 32)
    package private(set) var byteCount = 0
    package private(set) var chunkCount = 0

    /// `secretKey`: Ed25519, 64 bytes as libsodium has it; empty: hashed, not signed.
    package init(name: String, secretKey: [UInt8]) {
        self.name = name
        self.secretKey = secretKey.count == 64 ? secretKey : []
    }

    /// Goes on where a recording was cut.
    package init(after finding: RecordingFinding, name: String, secretKey: [UInt8]) {
        self.init(name: name, secretKey: secretKey)
        (hash, byteCount, chunkCount) = (finding.hash, finding.goodBytes, finding.goodChunks)
    }

    package var heading: String { "watchpost-seal 1 \(name)\n" }
    /// The public half, 64 digits; empty: nobody signs.
    package var key: String { SealText.of(secretKey.dropFirst(32)) }

    /// The line of the next chunk.
    package mutating func chunk(_ bytes: [UInt8]) -> String {
        hash = Self.chained(hash, bytes)
        defer {
            byteCount += bytes.count
            chunkCount += 1
        }
        return "chunk \(byteCount) \(bytes.count) \(SealText.of(hash))\n"
    }

    /// The line that signs all chunks so far.
    package func signed(_ ending: Ending) -> String {
        let line = "\(ending) \(chunkCount) \(SealText.of(hash))"
        guard !secretKey.isEmpty else { return line + " - -\n" }
        let said = Array("watchpost-seal 1 \(name) \(line)".utf8)
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, said, UInt64(said.count), secretKey)
        return "\(line) \(SealText.of(signature)) \(key)\n"
    }

    static func chained(_ hash: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var made = [UInt8](repeating: 0, count: 32)
        let both = hash + bytes
        crypto_hash_sha256(&made, both, UInt64(both.count))
        return made
    }

    static func isSigned(_ said: String, _ signature: String, _ key: String) -> Bool {
        guard let signature = SealText.bytes(signature), signature.count == 64,
            let key = SealText.bytes(key), key.count == 32
        else { return false }
        return crypto_sign_verify_detached(signature, Array(said.utf8), UInt64(said.utf8.count), key) == 0
    }
}
