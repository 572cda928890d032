// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One person's way in.
package struct Account: Hashable, Sendable {
    package var id: String
    /// What is typed to sign in.
    package var name: String
    /// The number that an act is recorded under; nil for people who never act on alarms.
    package var officer: OfficerID?
    package var role: Role
    /// Zones that an officer sees; empty: none.
    package var areas: [ZoneID]
    /// libsodium's own text of Argon2id.
    package var password: String
    package var totp: [UInt8]?
    /// The last time step of which a code was taken, so that none is taken twice.
    package var totpStep: Int64 = 0
    package var isShut = false
    /// What people call them; empty: as they sign in.
    package var title = ""
    package var shownName: String { title.isEmpty ? name : title }

    package init(
        id: String, name: String, officer: OfficerID? = nil, role: Role, areas: [ZoneID] = [],
        password: String,
        totp: [UInt8]? = nil
    ) {
        self.id = id
        self.name = name
        self.officer = officer
        self.role = role
        self.areas = areas
        self.password = password
        self.totp = totp
    }
}

/// One sign-in that lasts. `key` is the hash of the cookie: a stolen store signs nobody in.
package struct HubSessionRow: Hashable, Sendable {
    package var key: [UInt8]
    package var account: String
    package var token: String
    package var begunMs: Int64
    package var seenMs: Int64
    package var address: String

    package init(key: [UInt8], account: String, token: String, begunMs: Int64, seenMs: Int64, address: String)
    {
        self.key = key
        self.account = account
        self.token = token
        self.begunMs = begunMs
        self.seenMs = seenMs
        self.address = address
    }
}

// Tables `account` and `session`.

extension HubSession {
    private static var accountColumns: String {
        "id, name, officer, role, areas, password, totp, totp_step, is_shut, title"
    }

    package func account(named name: String) throws -> Account? {
        try row("SELECT \(Self.accountColumns) FROM account WHERE name = ?", .text(name)).flatMap(
            Account.init)
    }

    package func account(_ id: String) throws -> Account? {
        try row("SELECT \(Self.accountColumns) FROM account WHERE id = ?", .text(id)).flatMap(Account.init)
    }

    package func accounts() throws -> [Account] {
        try rows("SELECT \(Self.accountColumns) FROM account ORDER BY name").compactMap(Account.init)
    }

    package func put(_ account: Account) throws {
        try run(
            """
            INSERT INTO account(id, name, officer, role, areas, password, totp, totp_step, is_shut,
                title)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET name = excluded.name, officer = excluded.officer,
                role = excluded.role, areas = excluded.areas, password = excluded.password,
                totp = excluded.totp, totp_step = excluded.totp_step, is_shut = excluded.is_shut,
                title = excluded.title
            """, .text(account.id), .text(account.name), .text(orNull: account.officer?.text),
            .text(account.role.rawValue), .text(account.areas.map(\.text).joined(separator: " ")),
            .text(account.password), account.totp.map { .bytes($0) } ?? .null, .int(account.totpStep),
            .bool(account.isShut), .text(account.title))
    }

    /// False when a code of this step or a later one was taken before.
    package func takeStep(_ step: Int64, of account: String) throws -> Bool {
        try run(
            "UPDATE account SET totp_step = ? WHERE id = ? AND totp_step < ?", .int(step), .text(account),
            .int(step))
            == 1
    }

    package func session(_ key: [UInt8]) throws -> HubSessionRow? {
        try row(
            "SELECT key, account, token, begun_ms, seen_ms, address FROM session WHERE key = ?", .bytes(key)
        ).map {
            HubSessionRow(
                key: $0.bytes(0), account: $0.text(1), token: $0.text(2), begunMs: $0.int(3),
                seenMs: $0.int(4),
                address: $0.text(5))
        }
    }

    package func put(_ session: HubSessionRow) throws {
        try run(
            """
            INSERT INTO session(key, account, token, begun_ms, seen_ms, address) VALUES(?, ?, ?, ?, ?, ?)
            ON CONFLICT(key) DO UPDATE SET seen_ms = excluded.seen_ms
            """, .bytes(session.key), .text(session.account), .text(session.token), .int(session.begunMs),
            .int(session.seenMs), .text(session.address))
    }

    package func endSession(_ key: [UInt8]) throws {
        try run("DELETE FROM session WHERE key = ?", .bytes(key))
    }

    package func endSessions(of account: String) throws {
        try run("DELETE FROM session WHERE account = ?", .text(account))
    }

    package func endSessions(unseenSinceMs: Int64, begunBeforeMs: Int64) throws {
        try run(
            "DELETE FROM session WHERE seen_ms < ? OR begun_ms < ?", .int(unseenSinceMs), .int(begunBeforeMs))
    }
}

extension Account {
    fileprivate init?(row: HubRow) {
        guard let role = Role(rawValue: row.text(3)) else { return nil }
        self.init(
            id: row.text(0), name: row.text(1), officer: row.id(2), role: role,
            areas: row.text(4).split(separator: " ").compactMap { ZoneID($0) }, password: row.text(5),
            totp: row.bytesOrNil(6))
        totpStep = row.int(7)
        isShut = row.bool(8)
        title = row.text(9)
    }
}
