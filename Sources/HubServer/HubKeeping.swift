// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
package import Facility
import Foundation
import Journal

/// What whoever keeps the hub's machine may do at its store, whether the hub serves or not:
/// `watchpost-hub --code`, `--user`. Any task; each ends when it is committed. Written in the audit as
/// `machine`.
package enum HubKeeping {
    /// The store that the configuration names, with its site when it names one.
    ///
    /// `serves`: for a hub that serves, which keeps room on its disk.
    static func store(_ config: HubConfig, serves: Bool = false) async throws -> any HubStore {
        let store: any HubStore
        if let info = config.store {
            store = try await PostgresStore(info: info)
        } else {
            try FileManager.default.createDirectory(
                atPath: config.folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            store = try SQLiteStore(
                path: config.folder + "/hub.sqlite", reserve: serves ? config.folder : nil)
        }
        if let site = config.site {
            let compiled = try CompiledSite.read(site)
            try await store.write { try $0.setSite(compiled.site, zoneTitles: compiled.site.zoneTitles) }
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

    /// What the site file names under `sound: recordings: key:`; made where there is none.
    package static func recordingKey(_ config: HubConfig) throws(Fault) -> String {
        try RecordingKey.publicText(config)
    }

    /// A new account, or a new password for one.
    package static func user(
        _ config: HubConfig, name: String, role: Role, officer: OfficerID?, areas: [ZoneID] = [],
        password: String, pin: String? = nil, clock: HubClock = .machine
    ) async throws {
        guard password.utf8.count >= Limits.passwordMinBytes else {
            throw Fault(
                "keep account", at: name, cause: "its password is shorter than \(Limits.passwordMinBytes)",
                hint: "Give a longer one on the standard input.")
        }
        guard pin.map(isPin) ?? true else {
            throw Fault(
                "keep account", at: name,
                cause: "a PIN has \(Limits.pinMinCount) to \(Limits.pinMaxCount) digits",
                hint: "Give another one as the second line of the standard input.")
        }
        let pinHash = try await hashed(pin)
        let account = Account(
            id: name, name: name, officer: officer, role: role, areas: areas,
            password: try await Password.hash(password))
        let (store, nowMs) = (try await store(config), clock.now().wallMs)
        try await store.write { session in
            try session.put(account)
            if let pinHash { try session.putPin(pinHash, of: account.id) }
            try session.append(AuditNote(who: "machine", what: "account.put", subject: name), atMs: nowMs)
        }
        try await bundles(config, store, nowMs: nowMs).renewPeople(atMs: nowMs)
    }

    private static func hashed(_ pin: String?) async throws -> String? {
        guard let pin else { return nil }
        return try await Password.hash(pin)
    }

    /// Digits, because a post has big keys with digits and nothing else.
    static func isPin(_ text: String) -> Bool {
        (Limits.pinMinCount...Limits.pinMaxCount).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func bundles(_ config: HubConfig, _ store: any HubStore, nowMs: Int64) throws -> BundleDesk
    {
        let authority = try Authority(
            directory: config.folder + "/authority", names: config.names, nowMs: nowMs)
        return BundleDesk(store: store, authority: authority)
    }

    /// Signs a file and gives it to its terminal, or to all; the sentence says which version it became.
    package static func publish(
        _ config: HubConfig, kind word: String, file: String, terminal name: String?,
        clock: HubClock = .machine
    ) async throws -> String {
        let terminal = name.flatMap { TerminalID($0) }
        guard let kind = BundleKind(rawValue: word), name == nil || terminal != nil else {
            throw Fault(
                "publish", at: file, cause: "`\(word)` is no kind, or `\(name ?? "")` no terminal's name",
                hint: "A kind is one of \(BundleKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let (store, nowMs) = (try await store(config), clock.now().wallMs)
        let made = try await bundles(config, store, nowMs: nowMs).publish(
            kind, file: file, terminal: terminal, atMs: nowMs)
        guard let made else { return "\(kind.rawValue): unchanged" }
        try await store.write { session in
            let subject = "\(made.kind.rawValue) \(made.version) \(made.terminal ?? "-")"
            try session.append(
                AuditNote(who: "machine", what: "bundle.publish", subject: subject), atMs: nowMs)
        }
        let sentence =
            "\(kind.rawValue): version \(made.version) for \(made.terminal ?? "all"), \(made.sha256)"
        return sentence + (try await lacks(config, store, kind, terminal: terminal, nowMs: nowMs))
    }

    /// What plays in silence until somebody makes it.
    private static func lacks(
        _ config: HubConfig, _ store: any HubStore, _ kind: BundleKind, terminal: TerminalID?, nowMs: Int64
    ) async throws -> String {
        guard kind == .timetable || kind == .clips else { return "" }
        let library = LibraryDesk(bundles: try bundles(config, store, nowMs: nowMs))
        let lacks = try await library.lacking(for: terminal).joined(separator: ", ")
        return lacks.isEmpty ? "" : "\nwarning: the timetable plays what the library lacks: \(lacks)"
    }
}
