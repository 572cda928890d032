// SPDX-License-Identifier: Apache-2.0
import CSodium
package import Facility

/// The chain that makes a removed, changed or reordered entry visible. A value computation, any thread.
///
/// Layout, for whoever writes a verifier. Integers are big endian; u = unsigned, i = signed two's complement;
/// SQLite holds the u64 values as the i64 of the same bits.
///
///     genesis(stream) = SHA-256( "watchpost.journal.genesis.1"   27 bytes, ASCII
///                              ‖ terminal                        16 bytes, padded with zeros
///                              ‖ stream u8 ‖ generation u64 )
///     hash(entry)     = SHA-256( previous hash                   32 bytes
///                              ‖ stream u8 ‖ sequence u64 ‖ run u64 ‖ run_sequence u64
///                              ‖ uptime_ns u64 ‖ wall_ms i64 ‖ uncertainty_ms u32
///                              ‖ kind u16 ‖ standing u8 (0 or 1)
///                              ‖ length of subject u16 ‖ subject
///                              ‖ length of payload u32 ‖ payload )
///
/// The first entry of a stream in a file has the sequence `generation · 2^40 + 1` and the genesis as its
/// previous hash; each further one the sequence before plus one and the hash before. `seal` in table
/// `journal` is SHA-256( "watchpost.journal.seal.1" ‖ terminal ‖ generation u64 ).
package enum HashChain {
    package static let hashBytes = 32

    package static func genesis(terminal: TerminalID, stream: Stream, generation: UInt64) -> [UInt8] {
        var bytes = Array("watchpost.journal.genesis.1".utf8)
        append(terminal.high, to: &bytes)
        append(terminal.low, to: &bytes)
        bytes.append(stream.rawValue)
        append(generation, to: &bytes)
        return sha256(bytes)
    }

    package static func seal(terminal: TerminalID, generation: UInt64) -> [UInt8] {
        var bytes = Array("watchpost.journal.seal.1".utf8)
        append(terminal.high, to: &bytes)
        append(terminal.low, to: &bytes)
        append(generation, to: &bytes)
        return sha256(bytes)
    }

    package static func hash(of event: JournalEvent, sequence: UInt64, after previous: [UInt8]) -> [UInt8] {
        sha256(hashed(event, sequence: sequence, after: previous))
    }

    /// What the entry's hash is the SHA-256 of.
    package static func hashed(
        _ event: JournalEvent, sequence: UInt64, after previous: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(previous.count + 64 + event.subject.count + event.payload.count)
        lay(event, sequence: sequence, after: previous, into: &bytes)
        return bytes
    }

    /// The same in the place of what `bytes` held, whose memory serves many entries.
    package static func lay(
        _ event: JournalEvent, sequence: UInt64, after previous: [UInt8], into bytes: inout [UInt8]
    ) {
        bytes.removeAll(keepingCapacity: true)
        bytes += previous
        bytes.append(event.id.stream.rawValue)
        append(sequence, to: &bytes)
        append(event.id.run, to: &bytes)
        append(event.id.sequence, to: &bytes)
        append(event.at.uptime.nanoseconds, to: &bytes)
        append(event.at.wallMs, to: &bytes)
        append(event.at.uncertaintyMs, to: &bytes)
        append(event.kind, to: &bytes)
        bytes.append(event.standing ? 1 : 0)
        append(UInt16(event.subject.count), to: &bytes)
        bytes += event.subject
        append(UInt32(event.payload.count), to: &bytes)
        bytes += event.payload
    }

    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: hashBytes)
        _ = crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
        return hash
    }

    /// Big endian.
    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Lower-case, as the tool and the notices print hashes.
    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
