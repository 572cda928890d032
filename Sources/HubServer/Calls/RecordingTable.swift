// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings

/// One row of `recording`: what its terminal told of it, and whether the file is here.
struct RecordingRow: Hashable, Sendable {
    var origin: TerminalID
    var sealed: SealedRecording
    /// `loss=3 jitter=1.2 …`
    var quality: String
    var storedMs: Int64?
    /// At the terminal, for room.
    var removedMs: Int64?

    static let columns = """
        origin, name, sha256, size, length_ms, chain, key, is_cut, quality, stored_ms, removed_ms
        """

    init?(_ row: HubRow) {
        guard let origin: TerminalID = row.id(0), let name = RecordingName(row.text(1)) else { return nil }
        self.origin = origin
        sealed = SealedRecording(
            name: name, byteCount: Int(row.int(3)), sha256: row.text(2), chain: row.text(5), key: row.text(6),
            lengthMs: Int(row.int(4)), isCut: row.bool(7))
        (quality, storedMs, removedMs) = (row.text(8), row.intOrNil(9), row.intOrNil(10))
    }
}

extension HubSession {
    /// As its terminal's journal tells it. The first word stands: a second one is a repeat after a crash.
    func put(_ sealed: SealedRecording, of origin: TerminalID, quality: String) throws {
        try run(
            """
            INSERT INTO recording(\(RecordingRow.columns), call) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(origin, name) DO NOTHING
            """, .id(origin), .text(sealed.name.text), .text(sealed.sha256), .int(sealed.byteCount),
            .int(sealed.lengthMs), .text(sealed.chain), .text(sealed.key), .bool(sealed.isCut),
            .text(quality),
            .null, .null, .text(sealed.name.call.description))
    }

    func recording(_ sha256: String, of origin: TerminalID) throws -> RecordingRow? {
        try row(
            "SELECT \(RecordingRow.columns) FROM recording WHERE sha256 = ? AND origin = ?", .text(sha256),
            .id(origin)
        ).flatMap { RecordingRow($0) }
    }

    func recordings(_ sha256: String) throws -> [RecordingRow] {
        try rows("SELECT \(RecordingRow.columns) FROM recording WHERE sha256 = ?", .text(sha256)).compactMap {
            RecordingRow($0)
        }
    }

    func recordings(of call: CallID) throws -> [RecordingRow] {
        try rows(
            "SELECT \(RecordingRow.columns) FROM recording WHERE call = ? ORDER BY origin, name",
            .text(call.description)
        ).compactMap { RecordingRow($0) }
    }

    func setStored(_ sha256: String, of origin: TerminalID, atMs: Int64) throws {
        try run(
            "UPDATE recording SET stored_ms = ? WHERE sha256 = ? AND origin = ?", .int(atMs), .text(sha256),
            .id(origin))
    }

    /// The key that a terminal's recordings were signed with before; nil: there are none.
    func sealKey(of origin: TerminalID) throws -> String? {
        try row(
            """
            SELECT key FROM recording WHERE origin = ? AND stored_ms IS NOT NULL
            ORDER BY stored_ms DESC LIMIT 1
            """, .id(origin))?.textOrNil(0)
    }
}
