// SPDX-License-Identifier: Apache-2.0
package import Bundles
import Clips
package import Facility
import Foundation
import Journal
import Paging

/// What goes down to the terminals: published by a person, signed by the authority, kept in the store. A
/// value; any task.
///
/// Always true: a terminal is given what is for it or for all, and the officers' list only if it is a post;
/// a version is given out once.
package struct BundleDesk: Sendable {
    let store: any HubStore
    let authority: Authority

    /// A new version of a bundle; nil when the newest has this content already. `place`: where the content
    /// is from, for whoever has to mend it.
    @discardableResult
    package func publish(
        _ kind: BundleKind, _ content: [UInt8], terminal: TerminalID?, atMs: Int64, place: String? = nil
    ) async throws -> BundleManifest? {
        guard content.count <= Limits.bundleMaxBytes else {
            throw Fault(
                "publish", at: kind.rawValue, cause: "it is longer than \(Limits.bundleMaxBytes) bytes",
                hint: "Part it, or make it smaller.")
        }
        if kind == .timetable {
            _ = try PlanBytes.decode(content, at: place ?? "timetable")
        }
        let authority = authority
        return try await store.write {
            try Self.publish(kind, content, terminal: terminal, authority, atMs: atMs, in: $0)
        }
    }

    static func publish(
        _ kind: BundleKind, _ content: [UInt8], terminal: TerminalID?, _ authority: Authority, atMs: Int64,
        in session: any HubSession
    ) throws -> BundleManifest? {
        let sha256 = BundleSeal.sha256(content)
        if try session.newestBundle(kind, for: terminal)?.sha256 == sha256 { return nil }
        let manifest = try authority.sign(
            BundleManifest(
                kind: kind, version: try session.newestVersion(kind) + 1, size: Int64(content.count),
                sha256: sha256, terminal: terminal))
        try session.put(manifest, content, terminal: terminal, atMs: atMs)
        return manifest
    }

    /// The officers' list as the accounts are now; nothing happens when it is the same. Asked after every
    /// change of an account, and at each start.
    package func renewPeople(atMs: Int64) async throws {
        let authority = authority
        try await store.write { session in
            let officers = try session.postOfficers()
            let isFirst = try session.newestBundle(.people, for: nil) == nil
            if isFirst, officers.isEmpty { return }
            _ = try Self.publish(
                .people, PeopleBundle.encode(officers), terminal: nil, authority, atMs: atMs, in: session)
        }
    }

    /// What a terminal should have: its own rather than everybody's.
    package func list(for terminal: TerminalID, _ role: TerminalRole) async throws -> [BundleManifest] {
        try await store.read { session in
            try BundleKind.allCases.compactMap { kind in
                guard kind != .people || role == .post else { return nil }
                return try session.newestBundle(kind, for: terminal)
                    ?? session.newestBundle(kind, for: nil)
            }
        }
    }

    /// Nil for what this terminal is not given.
    package func content(
        _ sha256: String, for terminal: TerminalID, _ role: TerminalRole
    ) async throws -> [UInt8]? {
        guard let manifest = try await list(for: terminal, role).first(where: { $0.sha256 == sha256 }) else {
            return nil
        }
        return try await store.read { try $0.bundleContent(manifest) }
    }

    /// A file that a person names: looked through as a terminal would, before anything is signed.
    package func publish(
        _ kind: BundleKind, file: String, terminal: TerminalID?, atMs: Int64
    ) async throws -> BundleManifest? {
        var terminal = terminal
        let content: [UInt8]
        switch kind {
        case .site:
            let config = try CompiledSite.read(file)
            guard terminal == nil || terminal == config.terminal else {
                throw Fault(
                    "publish", at: file, cause: "it is the configuration of \(config.terminal)",
                    hint: "Name that terminal, or no terminal.")
            }
            terminal = config.terminal
            content = try Self.read(file)
        case .people:
            throw Fault(
                "publish", at: file, cause: "the officers' list is made from the accounts",
                hint: "Change the accounts: at the console, or with watchpost-hub --user.")
        case .clips:
            guard terminal == nil else {
                throw Fault(
                    "publish", at: file, cause: "a library is for every terminal", hint: "Name no terminal.")
            }
            return try await LibraryDesk(bundles: self).adopt(ClipFolder(file), atMs: atMs)
        case .timetable, .rules: content = try Self.read(file)
        }
        return try await publish(kind, content, terminal: terminal, atMs: atMs, place: file)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do { return Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw Fault("publish", at: path, cause: "\(error)", hint: "Name a file that can be read.")
        }
    }
}
