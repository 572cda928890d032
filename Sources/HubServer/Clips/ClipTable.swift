// SPDX-License-Identifier: Apache-2.0
import Clips
import Facility

// Tables `clip` (contents of the library; its index is the newest bundle `clips`) and `clip_report` (what
// each terminal last said that it holds).

extension HubSchema {
    /// Made at each start where they are missing, as the tables of what goes down.
    static let clips = [
        """
        CREATE TABLE IF NOT EXISTS clip(
            sha256 TEXT PRIMARY KEY, content BYTES NOT NULL, size BIGINT NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS clip_report(
            terminal TEXT PRIMARY KEY, version BIGINT NOT NULL, units BIGINT NOT NULL, size BIGINT NOT NULL,
            missing BIGINT NOT NULL, at_ms BIGINT NOT NULL)
        """,
    ]
}

/// What one terminal last said of its library.
struct ClipHolding: Hashable, Sendable {
    var terminal: TerminalID
    var report: ClipReport
    var atMs: Int64
}

extension HubSession {
    func putClip(_ content: [UInt8], _ sha256: String) throws {
        try run(
            "INSERT INTO clip(sha256, content, size) VALUES(?, ?, ?) ON CONFLICT(sha256) DO NOTHING",
            .text(sha256), .bytes(content), .int(content.count))
    }

    func clip(_ sha256: String) throws -> [UInt8]? {
        try row("SELECT content FROM clip WHERE sha256 = ?", .text(sha256))?.bytes(0)
    }

    /// Bytes of each content that is here.
    func clipSizes() throws -> [String: Int64] {
        var sizes: [String: Int64] = [:]
        for row in try rows("SELECT sha256, size FROM clip") { sizes[row.text(0)] = row.int(1) }
        return sizes
    }

    func forgetClip(_ sha256: String) throws { try run("DELETE FROM clip WHERE sha256 = ?", .text(sha256)) }

    func put(_ report: ClipReport, of terminal: TerminalID, atMs: Int64) throws {
        try run(
            """
            INSERT INTO clip_report(terminal, version, units, size, missing, at_ms) VALUES(?, ?, ?, ?, ?, ?)
            ON CONFLICT(terminal) DO UPDATE SET version = excluded.version, units = excluded.units,
                size = excluded.size, missing = excluded.missing, at_ms = excluded.at_ms
            """, .id(terminal), .integer(report.version), .int(report.unitCount), .integer(report.byteCount),
            .int(report.missingCount), .integer(atMs))
    }

    func clipHoldings() throws -> [ClipHolding] {
        let all = "SELECT terminal, version, units, size, missing, at_ms FROM clip_report ORDER BY terminal"
        return try rows(all).compactMap { row in
            row.id(0).map { terminal in
                let report = ClipReport(
                    version: row.int(1), unitCount: Int(row.int(2)), byteCount: row.int(3),
                    missingCount: Int(row.int(4)))
                return ClipHolding(terminal: terminal, report: report, atMs: row.int(5))
            }
        }
    }
}
