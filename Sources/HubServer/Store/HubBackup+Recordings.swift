// SPDX-License-Identifier: Apache-2.0
import Foundation

// Recordings beside a backup, as they were sealed: named by their hashes, so that a second backup to the same
// disk brings what is new alone, and one that is there already is never written again.
extension HubBackup {
    /// The folder beside a backup.
    package static func recordings(of path: String) -> String { path + ".recordings" }

    /// Copies what `to` does not have; each is there whole or not at all. Blocks its thread.
    static func copyRecordings(from: String, to: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: from) else { return }
        for shelf in try files.contentsOfDirectory(atPath: from) where shelf.utf8.count == 2 {
            let target = "\(to)/\(shelf)"
            try files.createDirectory(
                atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in try files.contentsOfDirectory(atPath: "\(from)/\(shelf)")
            where !files.fileExists(atPath: "\(target)/\(name)") {
                let fresh = "\(target)/.\(name).new"
                try? files.removeItem(atPath: fresh)
                try files.copyItem(atPath: "\(from)/\(shelf)/\(name)", toPath: fresh)
                try files.moveItem(atPath: fresh, toPath: "\(target)/\(name)")
            }
        }
    }
}
