// SPDX-License-Identifier: Apache-2.0
import CLinux
import Clips
package import Facility
import Glibc
import Journal
import Paging

//  <kind>.json            the manifest in force: renaming it in is the switch
//  <kind>.previous.json   the one before it: the last good
//  objects/<sha256>       content, whole and checked; .part: what has come so far

/// What came down from the hub, at one terminal. A value over a directory; blocks its thread.
///
/// Always true: one process writes (`watchpost-sync`), others read; a manifest stands there only when its
/// content is whole, signed by the hub and newer than what stood before; a power cut leaves the old version
/// or the new one.
package struct BundleFolder: Sendable {
    package let path: String
    package let terminal: TerminalID

    package init(_ path: String, terminal: TerminalID) {
        self.path = path
        self.terminal = terminal
    }

    private var objects: String { path + "/objects" }
    package func object(_ manifest: BundleManifest) -> String { "\(objects)/\(manifest.sha256)" }
    private func part(_ manifest: BundleManifest) -> String { object(manifest) + ".part" }
    private func current(_ kind: BundleKind) -> String { "\(path)/\(kind.rawValue).json" }
    private func previous(_ kind: BundleKind) -> String { "\(path)/\(kind.rawValue).previous.json" }

    // MARK: Reading

    /// The manifest that stands there, whatever it is worth; nil: none.
    package func manifest(_ kind: BundleKind) -> BundleManifest? { read(current(kind)) }

    private func read(_ path: String) -> BundleManifest? {
        (try? BundleFiles.read(path, maxBytes: Limits.bundleManifestMaxBytes)).flatMap { $0 }.flatMap {
            BundleManifest($0)
        }
    }

    /// The newest that holds: signed, for us, its content whole. After damage that is the last good.
    package func inForce(_ kind: BundleKind, _ seal: BundleSeal) -> (
        manifest: BundleManifest, bytes: [UInt8]
    )? {
        for manifest in [read(current(kind)), read(previous(kind))].compactMap({ $0 })
        where manifest.kind == kind && manifest.isFor(terminal) && seal.holds(manifest) {
            guard let bytes = try? BundleFiles.read(object(manifest), maxBytes: Limits.bundleMaxBytes),
                BundleSeal.sha256(bytes) == manifest.sha256
            else { continue }
            return (manifest, bytes)
        }
        return nil
    }

    // MARK: Taking

    /// How much of it has come before; nil: it is in force already. Throws what must not be fetched.
    package func begin(_ manifest: BundleManifest, _ seal: BundleSeal) throws(Fault) -> Int64? {
        let place = "\(manifest.kind.rawValue) \(manifest.version)"
        guard manifest.isWellFormed, manifest.isFor(terminal), seal.holds(manifest) else {
            throw Fault(
                "take bundle", at: place, cause: "the hub that this terminal joined did not sign it for us",
                hint: "Publish it again at that hub; if it did, look who sits between.")
        }
        if let standing = self.manifest(manifest.kind) {
            if standing == manifest { return nil }
            guard manifest.version > standing.version else {
                throw Fault(
                    "take bundle", at: place, cause: "version \(standing.version) is in force already",
                    hint: "Publish it again at the hub, so that it gets a higher version.")
            }
        }
        try BundleFiles.makeDirectory(path)
        try BundleFiles.makeDirectory(objects)
        if wp_file_size(object(manifest)) == manifest.size { return manifest.size }
        let have = max(wp_file_size(part(manifest)), 0)
        if have > manifest.size { unlink(part(manifest)) }
        return have > manifest.size ? 0 : have
    }

    package func append(_ bytes: [UInt8], _ manifest: BundleManifest) throws(Fault) {
        try BundleFiles.append(bytes, to: part(manifest))
    }

    /// All of it has come. `install` is what has to succeed before it counts (a site's own place).
    package func finish(
        _ manifest: BundleManifest, install: (TerminalConfig) throws(Fault) -> Void
    ) throws(Fault) {
        let (object, part) = (object(manifest), part(manifest))
        if wp_file_size(object) != manifest.size {
            if manifest.size == 0 { try BundleFiles.append([], to: part) }
            try BundleFiles.flush(part)
            guard rename(part, object) == 0 else { throw BundleFiles.failed("rename", part, errno) }
            try BundleFiles.flushDirectory(of: object)
        }
        do throws(Fault) {
            guard BundleFiles.sha256(object) == manifest.sha256 else {
                throw Fault(
                    "check bundle", at: object, cause: "its content is not what the hub signed",
                    hint: "It is fetched anew by itself; if that repeats, check the storage medium.")
            }
            try inspect(manifest, install)
        } catch {
            // The next try starts clean.
            unlink(object)
            throw error
        }
        try keepPrevious(manifest.kind)
        try BundleFiles.replace(current(manifest.kind), with: manifest.encode())
        tidy()
    }

    /// Whether whoever is to use it could.
    private func inspect(
        _ manifest: BundleManifest, _ install: (TerminalConfig) throws(Fault) -> Void
    ) throws(Fault) {
        let object = object(manifest)
        switch manifest.kind {
        case .people:
            let bytes = try BundleFiles.read(object, maxBytes: Limits.peopleMaxBytes)
            _ = try PeopleBundle.decode(bytes ?? [], at: object)
        case .site:
            let config = try CompiledSite.read(object)
            guard config.terminal == terminal else {
                throw Fault(
                    "check bundle", at: object, cause: "it is the configuration of \(config.terminal)",
                    hint: "Publish the file of \(terminal) with --terminal \(terminal).")
            }
            try install(config)
        case .timetable:
            let bytes = try BundleFiles.read(object, maxBytes: Limits.timetableMaxBytes)
            let plan = try PlanBytes.decode(bytes ?? [], at: object)
            // The sound daemon reads no manifests: it finds the plan here, and the one before it.
            try CompiledTimetable.install(plan, at: path + "/timetable.wptt")
        case .clips:
            let bytes = try BundleFiles.read(object, maxBytes: Limits.clipIndexMaxBytes)
            _ = try ClipIndex(bytes ?? [], at: object)
        case .rules: break
        }
    }

    /// A second name for the manifest in force, so that the first is never missing.
    private func keepPrevious(_ kind: BundleKind) throws(Fault) {
        let (from, to) = (current(kind), previous(kind))
        guard wp_file_size(from) >= 0 else { return }
        unlink(to + ".new")
        guard link(from, to + ".new") == 0, rename(to + ".new", to) == 0 else {
            throw BundleFiles.failed("keep", from, errno)
        }
    }

    /// Contents that no manifest names are forgotten.
    private func tidy() {
        let named = Set(
            BundleKind.allCases.flatMap { [read(current($0)), read(previous($0))] }.compactMap { $0?.sha256 })
        guard let directory = opendir(objects) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = BundleFolder.name(entry.pointee)
            if name.hasPrefix(".") || named.contains(name) { continue }
            unlink("\(objects)/\(name)")
        }
    }

    private static func name(_ entry: dirent) -> String {
        withUnsafeBytes(of: entry.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
