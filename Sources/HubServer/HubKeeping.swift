// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
import Journal

/// What whoever keeps the hub's machine may do at its store, whether the hub serves or not:
/// `watchpost-hub --code`, `--user`. Any task; each ends when it is committed. Written in the audit as
/// `machine`.
package enum HubKeeping {
    /// The store that the configuration names, with its site when it names one.
    static func store(_ config: HubConfig) async throws -> any HubStore {
        let store: any HubStore
        if let info = config.store {
            store = try await PostgresStore(info: info)
        } else {
            try FileManager.default.createDirectory(
                atPath: config.folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            store = try SQLiteStore(path: config.folder + "/hub.sqlite")
        }
        if let site = config.site {
            let compiled = try CompiledSite.read(site)
            try await store.write { try $0.setSite(compiled.site) }
        }
        return store
    }

    /// A one-time code for a terminal of the site, as the console gives it. `serial`: good for this machine
    /// alone.
    package static func code(
        _ config: HubConfig, terminal: TerminalID, serial: String?, clock: HubClock = .machine
    ) async throws -> String {
        let (store, code, nowMs) = (try await store(config), Secrets.code(), clock.now().wallMs)
        try await store.write { session in
            guard try session.site().site.terminal(terminal) != nil else {
                throw Fault(
                    "give code", at: terminal.text, cause: "the site does not list it",
                    hint: "Name the site in the hub's configuration: site = FILE, by watchpost apply.")
            }
            try session.putJoinCode(
                Secrets.hash(code), terminal: terminal, serial: serial,
                expiresMs: nowMs + Int64(Limits.joinCodeMs))
            try session.append(
                AuditNote(who: "machine", what: "terminal.code", subject: terminal.text), atMs: nowMs)
        }
        return code
    }

    /// A new account, or a new password for one.
    package static func user(
        _ config: HubConfig, name: String, role: Role, officer: OfficerID?, areas: [ZoneID] = [],
        password: String,
        clock: HubClock = .machine
    ) async throws {
        guard password.utf8.count >= Limits.passwordMinBytes else {
            throw Fault(
                "keep account", at: name, cause: "its password is shorter than \(Limits.passwordMinBytes)",
                hint: "Give a longer one on the standard input.")
        }
        let account = Account(
            id: name, name: name, officer: officer, role: role, areas: areas,
            password: try await Password.hash(password))
        let (store, nowMs) = (try await store(config), clock.now().wallMs)
        try await store.write { session in
            try session.put(account)
            try session.append(AuditNote(who: "machine", what: "account.put", subject: name), atMs: nowMs)
        }
    }
}
