// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation

/// One line of the hub's audit: who did or was refused what, to what, when.
///
/// A value. `hash` = SHA-256( previous hash, 32 bytes ‖ sequence u64 ‖ at_ms i64 ‖ for each of who, what,
/// subject, outcome: length u32 ‖ UTF-8 ), integers big endian; before the first entry the hash is 32 zero
/// bytes.
package struct AuditEntry: Hashable, Sendable {
    package var sequence: Int64
    package var atMs: Int64
    /// An account's name, a terminal, or `-` for nobody known.
    package var who: String
    /// `alarm.acknowledge`, `session.begin`, `view.duty` …
    package var what: String
    package var subject: String
    /// `done` or the code of a refusal.
    package var outcome: String
    package var previousHash: [UInt8]
    package var hash: [UInt8]

    static let noHash = [UInt8](repeating: 0, count: 32)

    var ownHash: [UInt8] {
        var digest = SHA256()
        digest.update(data: previousHash)
        Self.update(&digest, UInt64(bitPattern: sequence))
        Self.update(&digest, UInt64(bitPattern: atMs))
        for text in [who, what, subject, outcome] {
            let bytes = Array(text.utf8)
            Self.update(&digest, UInt32(bytes.count))
            digest.update(data: bytes)
        }
        return Array(digest.finalize())
    }

    private static func update(_ digest: inout SHA256, _ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { digest.update(bufferPointer: $0) }
    }
}

/// What is written down of one deed, before it has a place in the chain.
package struct AuditNote: Hashable, Sendable {
    package var who: String
    package var what: String
    package var subject: String
    package var outcome: String

    package init(who: String, what: String, subject: String = "", outcome: String = "done") {
        self.who = who
        self.what = what
        self.subject = subject
        self.outcome = outcome
    }
}

extension AuditEntry {
    fileprivate init(row: HubRow) {
        self.init(
            sequence: row.int(0), atMs: row.int(1), who: row.text(2), what: row.text(3), subject: row.text(4),
            outcome: row.text(5), previousHash: row.bytes(6), hash: row.bytes(7))
    }
}

extension HubSession {
    /// Hubs on one store take turns here, at the row of the chain's head.
    package func append(_ note: AuditNote, atMs: Int64) throws {
        try run(
            "INSERT INTO audit_head(one, sequence, hash) VALUES(1, 0, ?) ON CONFLICT(one) DO NOTHING",
            .bytes(AuditEntry.noHash))
        let head = try row(
            "UPDATE audit_head SET sequence = sequence + 1 WHERE one = 1 RETURNING sequence, hash")
        guard let head else { return }
        var entry = AuditEntry(
            sequence: head.int(0), atMs: atMs, who: note.who, what: note.what, subject: note.subject,
            outcome: note.outcome, previousHash: head.bytes(1), hash: [])
        entry.hash = entry.ownHash
        try run(
            """
            INSERT INTO audit(sequence, at_ms, who, what, subject, outcome, previous_hash, hash)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?)
            """, .int(entry.sequence), .int(entry.atMs), .text(entry.who), .text(entry.what),
            .text(entry.subject),
            .text(entry.outcome), .bytes(entry.previousHash), .bytes(entry.hash))
        try run("UPDATE audit_head SET hash = ? WHERE one = 1", .bytes(entry.hash))
    }

    private static var auditColumns: String {
        "sequence, at_ms, who, what, subject, outcome, previous_hash, hash"
    }

    /// Oldest first, from a sequence on.
    package func audit(from sequence: Int64, limit: Int) throws -> [AuditEntry] {
        try rows(
            "SELECT \(Self.auditColumns) FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT ?",
            .int(sequence), .int(limit)
        ).map(AuditEntry.init)
    }

    /// Newest first, from a sequence down.
    package func audit(downFrom sequence: Int64, limit: Int) throws -> [AuditEntry] {
        try rows(
            "SELECT \(Self.auditColumns) FROM audit WHERE sequence <= ? ORDER BY sequence DESC LIMIT ?",
            .int(sequence), .int(limit)
        ).map(AuditEntry.init)
    }

    /// The first entry that was altered, removed or put in between; nil when the chain holds to its head.
    package func auditBreak() throws -> Int64? {
        var (previous, next): ([UInt8], Int64) = (AuditEntry.noHash, 1)
        while true {
            let page = try audit(from: next, limit: 1_000)
            for entry in page {
                guard entry.sequence == next, entry.previousHash == previous, entry.ownHash == entry.hash
                else {
                    return next
                }
                (previous, next) = (entry.hash, next + 1)
            }
            if page.isEmpty { break }
        }
        let head = try row("SELECT sequence, hash FROM audit_head WHERE one = 1")
        let isWhole = head.map { $0.int(0) == next - 1 && $0.bytes(1) == previous } ?? (next == 1)
        return isWhole ? nil : next
    }
}
