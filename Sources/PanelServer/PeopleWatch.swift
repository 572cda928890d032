// SPDX-License-Identifier: Apache-2.0
package import Bundles
import Dispatch
package import Facility
import Foundation

/// Looks whether the hub sent another list of officers, and reads it when its signature holds. An actor;
/// files are read on a thread of their own.
///
/// Always true: a list that does not hold changes nothing; the last good one stays.
package actor PeopleWatch {
    private let folder: BundleFolder
    private let authority: String
    private let queue = DispatchQueue(label: "watchpost.people")
    private var seen: BundleManifest?

    /// `authority`: the hub's certificate as it was pinned when this terminal joined.
    package init(folder: BundleFolder, authority: String) {
        self.folder = folder
        self.authority = authority
    }

    /// Officers, when they are others than before.
    package func look() async -> [OfficerID: PostOfficer]? {
        let (folder, authority, seen) = (folder, authority, seen)
        let found = try? await PostRecord.on(queue) { try Self.read(folder, authority, seen) }
        guard let (manifest, officers) = found.flatMap({ $0 }) else { return nil }
        self.seen = manifest
        return officers
    }

    private static func read(
        _ folder: BundleFolder, _ authority: String, _ seen: BundleManifest?
    ) throws -> (BundleManifest, [OfficerID: PostOfficer])? {
        guard let standing = folder.manifest(.people), standing != seen else { return nil }
        let text = try String(contentsOfFile: authority, encoding: .utf8)
        let seal = try BundleSeal(authority: text, at: authority)
        guard let (manifest, bytes) = folder.inForce(.people, seal), manifest != seen else { return nil }
        return (manifest, try PeopleBundle.decode(bytes, at: folder.object(manifest)))
    }
}
