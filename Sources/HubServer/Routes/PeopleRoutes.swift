// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// Accounts, and the audit of what everybody did.
enum PeopleRoutes {
    private static let sequence = [
        ConsoleField("from", .int(1...Int64.max)),
        ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
    ]

    static let all = [
        ConsoleRoute(
            .get, "/api/users", .roles([.administrator, .auditor]), "Accounts.", audit: "view.users"
        ) { call in
            let accounts = try await call.hub.store.read { try $0.accounts() }
            return .json(JSONValue.object(["users": .list(accounts.map(view))]))
        },
        ConsoleRoute(
            .post, "/api/users", .roles([.administrator]),
            "A new account, or a changed one; `id` is what is typed to sign in.",
            audit: "user.put",
            body: [
                ConsoleField("id", .text(maxBytes: Limits.titleMaxBytes), isRequired: true),
                ConsoleField("name", .text(maxBytes: Limits.titleMaxBytes)),
                ConsoleField("password", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true),
                ConsoleField("role", .oneOf(Role.allCases.map(\.rawValue)), isRequired: true),
                ConsoleField("officer", .text(maxBytes: 16)),
                ConsoleField("areas", .texts(maxCount: Limits.areasMaxCount, maxBytes: 16)),
                ConsoleField("pin", .text(maxBytes: Limits.pinMaxCount)),
            ], act: put),
        ConsoleRoute(
            .delete, "/api/users/{id}", .roles([.administrator]), "Shuts an account; what it did stays.",
            audit: "user.shut", act: shut),
        ConsoleRoute(
            .get, "/api/audit", .roles([.auditor, .administrator]),
            "The hub's hash-chained audit, newest first, from a sequence down.", audit: "view.audit",
            query: sequence, act: audit),
        ConsoleRoute(
            .get, "/api/audit.csv", .roles([.auditor, .administrator]), "The same as CSV.",
            audit: "view.audit", query: sequence, act: auditFile),
    ]

    private static func view(_ account: Account) -> JSONValue {
        .object([
            "id": .text(account.name), "name": .text(account.shownName), "role": .text(account.role.rawValue),
            "officer": .text(orNull: account.officer?.text),
            "areas": .list(account.areas.map { .text($0.text) }),
            "secondFactor": .bool(account.totp != nil), "shut": .bool(account.isShut),
        ])
    }

    private static func put(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        guard let id = call.text("id"), !id.isEmpty, let password = call.text("password"),
            password.utf8.count >= Limits.passwordMinBytes,
            let role = call.text("role").flatMap(Role.init(rawValue:))
        else { throw Refused.badRequest("password ≥ \(Limits.passwordMinBytes)") }
        let areas = call.texts("areas").map { ZoneID($0) }
        guard !areas.contains(nil) else { throw Refused.badRequest("areas") }
        let officer = call.text("officer").map { OfficerID($0) }
        if case .some(.none) = officer { throw Refused.badRequest("officer") }
        let (hash, title) = (try await Password.hash(password), call.text("name") ?? "")
        let pin = try await pinHash(call)
        let account = try await call.hub.store.write { session in
            let known = try session.account(named: id)
            var account = Account(
                id: known?.id ?? id, name: id, officer: officer ?? nil, role: role,
                areas: areas.compactMap { $0 }, password: hash, totp: known?.totp)
            account.totpStep = known?.totpStep ?? 0
            account.title = title
            try session.put(account)
            if let pin { try session.putPin(pin, of: account.id) }
            try session.endSessions(of: account.id)
            return account
        }
        try await call.hub.bundles.renewPeople(atMs: call.hub.clock.now().wallMs)
        await call.hub.wall.dismiss(account.id)
        return .json(view(account))
    }

    /// What an officer types at a post; nil: it stays as it was.
    private static func pinHash(_ call: ConsoleCall) async throws -> String? {
        guard let pin = call.text("pin"), !pin.isEmpty else { return nil }
        guard HubKeeping.isPin(pin) else {
            throw Refused.badRequest("PIN: \(Limits.pinMinCount)–\(Limits.pinMaxCount) × 0–9")
        }
        return try await Password.hash(pin)
    }

    private static func shut(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        guard let id = call.path["id"] else { throw Refused.notFound }
        let account = try await call.hub.store.write { session -> Account? in
            guard var account = try session.account(named: id) else { return nil }
            account.isShut = true
            try session.put(account)
            try session.endSessions(of: account.id)
            return account
        }
        guard let account else { throw Refused.notFound }
        try await call.hub.bundles.renewPeople(atMs: call.hub.clock.now().wallMs)
        await call.hub.wall.dismiss(account.id)
        return .json(view(account))
    }

    private static func audit(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (from, limit) = (call.int("from"), Int(call.int("limit") ?? Int64(Limits.listPageCount)))
        let entries = try await call.hub.store.read { try $0.audit(downFrom: from ?? .max, limit: limit) }
        return .json(
            JSONValue.object([
                "entries": .list(
                    try entries.map { entry in
                        .object([
                            "sequence": .int(entry.sequence), "at": .int(entry.atMs), "who": .text(entry.who),
                            "what": .text(entry.what), "on": .text(entry.subject),
                            "outcome": .text(entry.outcome),
                            "did": try JSONValue(encoding: RecordWords.did(entry.what)),
                            "result": try JSONValue(encoding: RecordWords.ended(entry.outcome)),
                            "hash": .text(Secrets.hex(entry.hash)),
                        ])
                    })
            ]))
    }

    /// Without a limit all of it.
    private static func auditFile(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (from, limit) = (call.int("from"), call.int("limit").map { Int($0) } ?? Limits.exportMaxCount)
        let entries = try await call.hub.store.read { try $0.audit(downFrom: from ?? .max, limit: limit) }
        var table = CSVText(head: [
            "序号 sequence", "时间 at", "何人 who", "何事 what", "对象 on", "结果 outcome", "前链 previous hash",
            "链 hash",
        ])
        for entry in entries {
            table.add([
                .number(entry.sequence), .text(call.hub.time.text(entry.atMs)), .text(entry.who),
                .text(entry.what), .text(entry.subject), .text(entry.outcome),
                .text(Secrets.hex(entry.previousHash)), .text(Secrets.hex(entry.hash)),
            ])
        }
        return .csv(table.text, name: "audit.csv")
    }
}
