// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

// people's YAML → `watchpost apply` → path.new → fsync → path.previous ← path ← rename → fsync of the
// directory                                                                          └─ a daemon reads it at
// start

/// The configuration database of one terminal, written by the tool and read by a daemon before its line
/// thread starts. A file that was read is whole: its schema, its SHA-256 and everything a daemon relies on
/// were checked. A file is never changed in place, so a reader needs no lock and a power cut leaves the old
/// file or the new one.
package enum CompiledSite {
    /// 'WPCF'.
    static let applicationID: Int64 = 0x5750_4346
    static let schemaVersion: Int64 = 1

    package static func previousPath(of path: String) -> String { path + ".previous" }

    /// Whether two versions tell a daemon the same.
    package static func sameButVersion(_ a: TerminalConfig, _ b: TerminalConfig) -> Bool {
        var b = b
        b.version = a.version
        return a == b
    }

    /// Of the file and the one kept before it; `nil` when neither can be read.
    package static func newestVersion(_ path: String) -> Int64? {
        [try? read(path), try? read(previousPath(of: path))].compactMap { $0?.version }.max()
    }

    // MARK: Read

    package static func read(_ path: String) throws(Fault) -> TerminalConfig {
        guard access(path, R_OK) == 0 else {
            let code = errno
            throw damaged(
                path, String(cString: strerror(code)),
                hint: code == EACCES
                    ? "Let the daemon's user read this file."
                    : "Compile the configuration with `watchpost apply`, or name the right file.")
        }
        do {
            return try CompiledSiteReader(path: path).config()
        } catch {
            throw damaged(path, error.cause)
        }
    }

    /// The newest file, else the one kept before it; the other way round after a crash loop, where one was
    /// kept. `fault` tells why the first choice was not taken. Throws only when neither can be read.
    package static func readNewestGood(
        _ path: String, preferPrevious: Bool = false
    ) throws(Fault) -> (config: TerminalConfig, usedPrevious: Bool, fault: Fault?) {
        let previous = previousPath(of: path)
        // Before the second `apply` there is only one version: nothing is wrong with it for that.
        let preferPrevious = preferPrevious && !(access(previous, F_OK) != 0 && errno == ENOENT)
        let first = preferPrevious ? previous : path
        let firstFault: Fault
        do { return (try read(first), preferPrevious, nil) } catch { firstFault = error }
        do {
            return (try read(preferPrevious ? path : previous), !preferPrevious, firstFault)
        } catch {
            var both = preferPrevious ? error : firstFault
            both.cause +=
                "; and no other version can be read (\((preferPrevious ? firstFault : error).cause))"
            throw both
        }
    }

    // MARK: Write

    /// Makes a fresh file, replacing one of the same name; durable when this returns.
    package static func write(_ config: TerminalConfig, to path: String) throws(Fault) {
        unlink(path)
        unlink(path + "-journal")
        do {
            try CompiledSiteWriter(path: path).write(config)
        } catch {
            unlink(path)
            throw Fault("write configuration", at: path, cause: error.fault.cause, hint: error.fault.hint)
        }
        try syncFile(path)
    }

    /// Puts a new version in the place of the old one, which stays as `path.previous`. At every instant one
    /// of the two names holds a whole file. A damaged old file is not kept: it would push out a good one.
    package static func install(
        _ config: TerminalConfig, at path: String, force: Bool = false
    ) throws(Fault) {
        let new = path + ".new"
        let previous = previousPath(of: path)
        let installed = try? read(path)
        if let standing = newestVersion(path), config.version <= standing, !force {
            throw Fault(
                "install configuration", at: path,
                cause: "version \(config.version) is not newer than version \(standing), which is installed",
                hint:
                    "Apply the files again so that they get a new version, or force it to go back on purpose."
            )
        }
        try write(config, to: new)
        guard try read(new) == config else {
            unlink(new)
            throw Fault(
                "install configuration", at: new, cause: "it does not read back as it was written",
                hint: "Check the storage medium; if it is sound, report this with the version of Watchpost.")
        }
        if installed != nil { try keep(path, as: previous) }
        guard rename(new, path) == 0 else { throw failed("rename", new, errno) }
        let code = wp_sync_directory_of(path)
        guard code == 0 else { throw failed("sync directory of", path, code) }
    }

    /// A second name for the old file, so that the first is never missing; a file system without links gets a
    /// rename.
    private static func keep(_ path: String, as previous: String) throws(Fault) {
        let link = previous + ".new"
        unlink(link)
        let from = Glibc.link(path, link) == 0 ? link : path
        guard rename(from, previous) == 0 else { throw failed("keep", path, errno) }
        unlink(link)
    }

    private static func syncFile(_ path: String) throws(Fault) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failed("open", path, errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failed("sync", path, errno) }
    }

    private static func failed(_ operation: String, _ path: String, _ code: Int32) -> Fault {
        Fault(
            "\(operation) configuration", at: path, cause: String(cString: strerror(code)),
            hint:
                "Check that the directory exists, who owns it, and its space; the old version is still there."
        )
    }

    private static func damaged(
        _ path: String, _ cause: String,
        hint: String =
            "Compile the configuration again with `watchpost apply`; keep this file if nobody changed it."
    ) -> Fault {
        Fault("read configuration", at: path, cause: cause, hint: hint)
    }
}
