// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility

/// What the newest acknowledged entries were, in a side file (`.heads`) written after each commit and never
/// flushed: the journal is always at least as new, unless its end was cut off, it was put back to an older
/// copy, or the disk lied.
///
/// Layout, big endian: "WPHEADS1" ‖ generation u64 ‖ for each stream 1…6: sequence u64, hash ‖ SHA-256 of all
/// before.
struct JournalHeads: Hashable {
    let generation: UInt64
    let heads: [StreamHead]

    private static let mark = Array("WPHEADS1".utf8)
    private static let bodyBytes = 16 + Stream.allCases.count * (8 + HashChain.hashBytes)

    static func path(of journal: String) -> String { journal + ".heads" }

    /// Best effort: it only ever serves to find a loss.
    func write(for journal: String) {
        var bytes = Self.mark
        HashChain.append(generation, to: &bytes)
        for head in heads.sorted(by: { $0.stream.rawValue < $1.stream.rawValue }) {
            HashChain.append(head.sequence, to: &bytes)
            bytes += head.hash
        }
        bytes += HashChain.sha256(bytes)
        _ = wp_write_file(Self.path(of: journal), bytes, bytes.count)
    }

    /// `nil` when there is none or it is torn.
    static func read(for journal: String) -> JournalHeads? {
        var bytes = [UInt8](repeating: 0, count: bodyBytes + HashChain.hashBytes)
        guard wp_read_file(path(of: journal), &bytes, bytes.count) == Int64(bytes.count),
            Array(bytes[..<8]) == mark,
            HashChain.sha256(Array(bytes[..<bodyBytes])) == Array(bytes[bodyBytes...])
        else { return nil }
        func word(_ at: Int) -> UInt64 { bytes[at..<at + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        let heads = Stream.allCases.enumerated().map { index, stream in
            let at = 16 + index * (8 + HashChain.hashBytes)
            return StreamHead(
                stream: stream, sequence: word(at),
                hash: Array(bytes[(at + 8)..<(at + 8 + HashChain.hashBytes)]))
        }
        return JournalHeads(generation: word(8), heads: heads)
    }

    /// Which acknowledged entry a file of this generation lacks, in words; `hashAt` looks into the file.
    func lost(
        fromGeneration found: UInt64, hashAt: (StreamHead) throws(DatabaseFault) -> [UInt8]?
    ) throws(DatabaseFault) -> String? {
        if found > generation { return nil }
        if found < generation { return "an older file stands in the journal's place" }
        for head in heads where head.sequence > JournalGeneration.base(generation) {
            guard let hash = try hashAt(head) else {
                return "entry \(head.sequence) of \(head.stream) was stored and is gone"
            }
            if hash != head.hash {
                return "entry \(head.sequence) of \(head.stream) is not the one that was stored"
            }
        }
        return nil
    }
}
