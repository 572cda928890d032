// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSodium
import Glibc

/// What proves a recording: a chain of SHA-256 over its chunks, signed with the terminal's key every 10 s and
/// at its end, in a file beside it (`NAME.opus.seal`), one line each:
///
///     watchpost-seal 1 NAME
///     chunk OFFSET LENGTH HASH          hash: of the hash before (32 zeros at first) and the chunk's bytes
///     sealed COUNT HASH SIGNATURE KEY   over "watchpost-seal 1 NAME COUNT HASH"; the last one: `end`
///
/// A value. Always true: a changed byte, a chunk left out or moved, or another name breaks it.
package struct RecordingSeal {
    package let name: String
    private let secretKey: [UInt8]
    private var hash = [UInt8](repeating: 0, count: 32)
    private var offset = 0
    private var count = 0

    /// `secretKey`: Ed25519, 64 bytes as libsodium has it; empty: hashed, not signed.
    package init(name: String, secretKey: [UInt8]) {
        self.name = name
        self.secretKey = secretKey.count == 64 ? secretKey : []
    }

    package var heading: String { "watchpost-seal 1 \(name)\n" }

    /// The line of the next chunk.
    package mutating func chunk(_ bytes: [UInt8]) -> String {
        hash = Self.chained(hash, bytes[...])
        defer {
            offset += bytes.count
            count += 1
        }
        return "chunk \(offset) \(bytes.count) \(Self.hex(hash))\n"
    }

    /// The line that signs all chunks so far.
    package func sealed(isEnd: Bool) -> String {
        let said = "watchpost-seal 1 \(name) \(count) \(Self.hex(hash))"
        let word = isEnd ? "end" : "sealed"
        guard !secretKey.isEmpty else { return "\(word) \(count) \(Self.hex(hash)) - -\n" }
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, Array(said.utf8), UInt64(said.utf8.count), secretKey)
        return
            "\(word) \(count) \(Self.hex(hash)) \(Self.hex(signature)) \(Self.hex(Array(secretKey[32...])))\n"
    }

    /// What a look at a recording and its seal finds.
    package struct Finding: Hashable, Sendable {
        /// Chunks that are whole, in order, from the beginning.
        package var goodChunks = 0
        package var goodBytes = 0
        /// Of these, how many are signed by `key`.
        package var signedChunks = 0
        package var key: String?
        /// The recording was ended, not cut.
        package var isEnded = false
        /// What is wrong; nil: all of it is as it was recorded (a cut at the end is no wrong).
        package var wrong: String?

        package init() {}
    }

    /// Looks at a whole recording.
    package static func verify(name: String, recording: [UInt8], seal: String) -> Finding {
        var finding = Finding()
        var hash = [UInt8](repeating: 0, count: 32)
        var lines = seal.split(separator: "\n", omittingEmptySubsequences: true)[...]
        guard lines.popFirst() == Substring("watchpost-seal 1 \(name)") else {
            finding.wrong = "the seal is of another recording"
            return finding
        }
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "chunk" where words.count == 4:
                guard let start = Int(words[1]), let length = Int(words[2]), start == finding.goodBytes,
                    length >= 0, length <= recording.count
                else {
                    finding.wrong = "chunk \(finding.goodChunks) is not where it was"
                    return finding
                }
                // The seal is written after the recording; a cut may have taken the recording's end.
                guard start <= recording.count - length else {
                    finding.wrong = finding.isEnded ? "the end is missing" : nil
                    return finding
                }
                hash = chained(hash, recording[start..<start + length])
                guard hex(hash) == words[3] else {
                    finding.wrong = "chunk \(finding.goodChunks) was changed"
                    return finding
                }
                finding.goodChunks += 1
                finding.goodBytes += length
            case "sealed" where words.count == 5, "end" where words.count == 5:
                guard let count = Int(words[1]), count == finding.goodChunks, words[2] == hex(hash) else {
                    finding.wrong = "a signature is not where it was"
                    return finding
                }
                if words[3] != "-" {
                    guard isSigned("watchpost-seal 1 \(name) \(count) \(words[2])", words[3], words[4]),
                        finding.key == nil || finding.key == words[4]
                    else {
                        finding.wrong = "the signature after chunk \(count) is none"
                        return finding
                    }
                    finding.key = words[4]
                    finding.signedChunks = count
                }
                finding.isEnded = words[0] == "end"
            default:
                // The last line may be cut.
                if line != lines.last { finding.wrong = "a line of the seal is none" }
                return finding
            }
        }
        if finding.isEnded, recording.count > finding.goodBytes {
            finding.wrong = "something was added at the end"
        }
        return finding
    }

    private static func isSigned(_ said: String, _ signature: String, _ key: String) -> Bool {
        guard let signature = bytes(signature), signature.count == 64, let key = bytes(key), key.count == 32
        else {
            return false
        }
        return crypto_sign_verify_detached(signature, Array(said.utf8), UInt64(said.utf8.count), key) == 0
    }

    private static func chained(_ hash: [UInt8], _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var made = [UInt8](repeating: 0, count: 32)
        let both = hash + bytes
        crypto_hash_sha256(&made, both, UInt64(both.count))
        return made
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.utf8.map { Int($0) }
        guard digits.count % 2 == 0 else { return nil }
        var made: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard
                let value = UInt8(
                    String(decoding: [UInt8(digits[index]), UInt8(digits[index + 1])], as: UTF8.self),
                    radix: 16)
            else { return nil }
            made.append(value)
        }
        return made
    }
}
