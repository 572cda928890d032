// SPDX-License-Identifier: Apache-2.0
package import Bundles
package import Facility

// Tables `bundle` (what goes down, with its content: hubs on one store serve the same) and `pin` (what an
// officer types at a post; apart from the account: it goes down to posts, the password never does).

extension HubSchema {
    /// Made at each start where they are missing: stores of the first version did not have them.
    static let down = [
        """
        CREATE TABLE IF NOT EXISTS bundle(
            kind TEXT NOT NULL, terminal TEXT NOT NULL, version BIGINT NOT NULL, manifest BYTES NOT NULL,
            sha256 TEXT NOT NULL, content BYTES NOT NULL, at_ms BIGINT NOT NULL,
            PRIMARY KEY(kind, terminal, version))
        """,
        "CREATE TABLE IF NOT EXISTS pin(account TEXT PRIMARY KEY, hash TEXT NOT NULL)",
    ]

    static func down(bytes: String) -> [String] {
        (down + calls + clips + plays).map { $0.replacing("BYTES", with: bytes) }
    }
}

extension HubSession {
    /// One terminal's name, or the empty text for what goes to all.
    private func key(_ terminal: TerminalID?) -> HubValue { .text(terminal?.text ?? "") }

    package func put(_ manifest: BundleManifest, _ content: [UInt8], terminal: TerminalID?, atMs: Int64)
        throws
    {
        try run(
            """
            INSERT INTO bundle(kind, terminal, version, manifest, sha256, content, at_ms)
            VALUES(?, ?, ?, ?, ?, ?, ?)
            """, .text(manifest.kind.rawValue), key(terminal), .integer(manifest.version),
            .bytes(manifest.encode()), .text(manifest.sha256), .bytes(content), .integer(atMs))
        try run(
            "DELETE FROM bundle WHERE kind = ? AND terminal = ? AND version <= ?",
            .text(manifest.kind.rawValue), key(terminal),
            .integer(manifest.version - Int64(Limits.bundleVersionsCount)))
    }

    /// The newest of a kind for one terminal, or for all.
    package func newestBundle(_ kind: BundleKind, for terminal: TerminalID?) throws -> BundleManifest? {
        try row(
            "SELECT manifest FROM bundle WHERE kind = ? AND terminal = ? ORDER BY version DESC LIMIT 1",
            .text(kind.rawValue), key(terminal)
        ).flatMap { BundleManifest($0.bytes(0)) }
    }

    /// Rises over all of a kind, so that a terminal may go from one for all to one of its own and back.
    package func newestVersion(_ kind: BundleKind) throws -> Int64 {
        try row("SELECT max(version) FROM bundle WHERE kind = ?", .text(kind.rawValue))?.intOrNil(0) ?? 0
    }

    package func bundleContent(_ manifest: BundleManifest) throws -> [UInt8]? {
        try row("SELECT content FROM bundle WHERE sha256 = ? LIMIT 1", .text(manifest.sha256))?.bytes(0)
    }

    // MARK: PINs

    package func putPin(_ hash: String, of account: String) throws {
        try run(
            """
            INSERT INTO pin(account, hash) VALUES(?, ?)
            ON CONFLICT(account) DO UPDATE SET hash = excluded.hash
            """,
            .text(account), .text(hash))
    }

    /// Who may sign in at posts: with a number and a PIN, and not shut. Of two accounts with one number the
    /// first by name counts.
    package func postOfficers() throws -> [PostOfficer] {
        var pins: [String: String] = [:]
        for row in try rows("SELECT account, hash FROM pin") { pins[row.text(0)] = row.text(1) }
        // The name that the site prints; an account's own is what is typed at the hub.
        var names: [String: String] = [:]
        for row in try rows("SELECT id, name FROM officer") { names[row.text(0)] = row.text(1) }
        var taken: Set<OfficerID> = []
        return try accounts().compactMap { account in
            guard !account.isShut, let id = account.officer, let pin = pins[account.id],
                taken.insert(id).inserted
            else { return nil }
            return PostOfficer(
                id: id, name: names[id.text] ?? account.name, role: account.role, areas: account.areas,
                pin: pin)
        }
    }
}
