// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import Foundation
import GRDB
import Glibc
import NIOPosix

/// A hub in one file: a SQLite store of this program, and the authority's files beside it in a table.
///
/// Any task. Always true: a backup is a consistent moment while the hub goes on serving; it holds the
/// authority's key, so the file is the hub's user's alone (0600); what is restored was checked first, and
/// what stood before is moved aside, never overwritten. SQLite is copied by its online backup; PostgreSQL
/// is read in one repeatable-read transaction, table by table, and can be restored into an empty
/// database.
package enum HubBackup {
    private static let files = ["authority.key", "authority.pem", "server.key", "server.pem"]
    /// Where one was made; without it no recording is heard any more.
    private static let mayBe = [RecordingKey.fileName]

    package static func make(_ config: HubConfig, to path: String, clock: HubClock = .machine) async throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw fault("back up", path, "it is there already", "Name a file that is not there yet.")
        }
        let fresh = path + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        let store = try await HubKeeping.store(config)
        if let sqlite = store as? SQLiteStore {
            SQLiteStore.keepPrivate(fresh)
            try await sqlite.backUp(to: fresh)
        } else {
            // Closed by name: a connection that ends when it likes would still lock the file below.
            try SQLiteStore(path: fresh).end()
            let target = try DatabaseQueue(path: fresh)
            try await store.read { source in
                try target.write { try source.copy(to: SQLiteSession(database: $0)) }
            }
            try target.close()
        }
        let copy = try DatabaseQueue(path: fresh)
        try await copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        let atMs = clock.now().wallMs
        try await copy.write { database in
            try database.execute(
                sql: "CREATE TABLE backup_file(name TEXT PRIMARY KEY, content BLOB NOT NULL)")
            let there = mayBe.filter {
                FileManager.default.fileExists(atPath: config.folder + "/authority/" + $0)
            }
            for name in files + there {
                let content = try Data(
                    contentsOf: URL(fileURLWithPath: config.folder + "/authority/" + name))
                try database.execute(sql: "INSERT INTO backup_file VALUES(?, ?)", arguments: [name, content])
            }
            let session = SQLiteSession(database: database)
            try session.setSetting("backup-at", "\(atMs)")
            // A sign-in ends with the hub that it was made at.
            try session.run("DELETE FROM session")
        }
        try copy.close()
        guard sync(fresh), rename(fresh, path) == 0 else {
            throw fault("back up", path, String(cString: strerror(errno)), "See that there is room.")
        }
        try await NIOThreadPool.singleton.runIfActive {
            try copyRecordings(from: config.folder + "/recordings", to: recordings(of: path))
        }
        try await store.write {
            try $0.append(AuditNote(who: "machine", what: "hub.backup", subject: path), atMs: atMs)
        }
    }

    /// What whoever restored is told.
    package struct Restored: Sendable {
        /// When the backup was made.
        package let made: String
        /// Where what stood before was put.
        package let aside: String?
        /// Certificates given or revoked since, known from the file beside the store: good or shut as before.
        package let kept: [String]
        /// What people did since, as what stood before tells: to be done again by hand.
        package let again: [String]
    }

    /// The hub must not be running.
    package static func restore(
        _ config: HubConfig, from path: String, clock: HubClock = .machine
    ) async throws -> Restored {
        let nowMs = clock.now().wallMs
        try FileManager.default.createDirectory(
            atPath: config.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let lock = try FolderLock(config.folder)
        defer { withExtendedLifetime(lock) {} }
        let staged = config.folder + "/restore-\(nowMs).sqlite"
        defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: staged + end) }
        }
        let (content, backupMs) = try await check(path, stagedAt: staged)
        var aside: String?
        if config.store == nil {
            aside = try moveAside(config, nowMs)
            guard rename(staged, config.folder + "/hub.sqlite") == 0 else {
                throw fault(
                    "restore", config.folder, String(cString: strerror(errno)), "See that there is room.")
            }
        } else {
            var bare = config
            bare.site = nil
            let source = try DatabaseQueue(path: staged)
            try await HubKeeping.store(bare).write { target in
                guard try target.countEvents() == 0, try target.audit(from: 1, limit: 1).isEmpty else {
                    throw fault(
                        "restore", "the store", "it has records already", "Name an empty database in `store`."
                    )
                }
                try source.read { try SQLiteSession(database: $0).copy(to: target) }
            }
            aside = try moveAside(config, nowMs)
        }
        let authority = try AuthorityFiles(directory: config.folder + "/authority")
        for (name, bytes) in content { try authority.write(name, String(decoding: bytes, as: UTF8.self)) }
        try copyRecordings(from: recordings(of: path), to: config.folder + "/recordings")
        let store = try await HubKeeping.store(config)
        let known = CertificateFile.read(config.folder)
        let merged = try await store.write { session in
            try session.append(
                AuditNote(who: "machine", what: "hub.restore", subject: "backup of \(backupMs)"), atMs: nowMs)
            try session.setSetting("restored-at", "\(nowMs)")
            return try session.merge(known, config.time)
        }
        let deeds = await deeds(in: aside, since: backupMs, config.time)
        return Restored(made: config.time.text(backupMs), aside: aside, kept: merged, again: deeds)
    }

    /// A copy of the file beside the store, whole and of this program, and the authority's files in it.
    private static func check(
        _ path: String, stagedAt staged: String
    ) async throws -> (files: [(String, Data)], backupMs: Int64) {
        do {
            SQLiteStore.keepPrivate(staged)
            let source = try DatabaseQueue(path: path, configuration: readOnly)
            let target = try DatabaseQueue(path: staged)
            try source.backup(to: target)
            let found = try await target.write { database in
                guard try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok" else {
                    throw fault("restore", path, "the file is damaged", "Take another backup.")
                }
                let rows = try Row.fetchAll(database, sql: "SELECT name, content FROM backup_file")
                try database.execute(sql: "DROP TABLE backup_file")
                return rows.map { ($0["name"] as String, $0["content"] as Data) }
            }
            try target.close()
            let store = try SQLiteStore(path: staged)
            let (entry, atMs) = try await store.read { session in
                (try session.auditBreak(), try session.setting("backup-at").flatMap { Int64($0) })
            }
            if let entry {
                throw fault("restore", path, "audit entry \(entry) was altered", "Take another backup.")
            }
            guard let atMs, Set(found.map(\.0)).subtracting(mayBe) == Set(files) else {
                throw fault("restore", path, "it is no backup of a hub", "Name a file by --backup.")
            }
            // Everything into the one file that is put in place; with readers it would stay beside it.
            try store.end()
            let flat = try DatabaseQueue(path: staged)
            try await flat.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try flat.close()
            guard sync(staged) else {
                throw fault("restore", staged, String(cString: strerror(errno)), "See that there is room.")
            }
            return (found, atMs)
        } catch let error as DatabaseError {
            throw fault("restore", path, "\(error)", "Name a file that watchpost-hub --backup wrote.")
        }
    }

    static var readOnly: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// What stood in the folder goes into one of its own.
    private static func moveAside(_ config: HubConfig, _ nowMs: Int64) throws -> String? {
        let aside = config.folder + "/before-restore-\(nowMs)"
        let old = ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm", "authority"].filter {
            FileManager.default.fileExists(atPath: config.folder + "/" + $0)
        }
        guard !old.isEmpty else { return nil }
        try FileManager.default.createDirectory(
            atPath: aside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in old {
            try FileManager.default.moveItem(atPath: config.folder + "/" + name, toPath: aside + "/" + name)
        }
        return aside
    }

    private static func sync(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private static func fault(_ what: String, _ place: String, _ cause: String, _ hint: String) -> Fault {
        Fault("\(what) hub", at: place, cause: cause, hint: hint)
    }
}
