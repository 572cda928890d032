// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc
package import Paging

// people's YAML → check → path.new → fsync → path.previous ← path ← rename → fsync of the directory
//                                                                    └─ the sound daemon reads it

/// The compiled timetable in its place on a terminal. At every instant one of the two names holds a whole
/// one; what is damaged is never kept in the place of a good one. The tool's thread, or the desk's.
package enum CompiledTimetable {
    package static func previousPath(of path: String) -> String { path + ".previous" }

    package static func read(_ path: String) throws(Fault) -> TimetablePlan {
        try PlanBytes.decode(try bytes(path), at: path)
    }

    /// The newest, else the one kept before it; `fault` tells why the newest was not taken. Throws only when
    /// neither can be read.
    package static func readNewestGood(_ path: String) throws(Fault) -> (plan: TimetablePlan, fault: Fault?) {
        let fault: Fault
        do { return (try read(path), nil) } catch { fault = error }
        guard let old = try? read(previousPath(of: path)) else { throw fault }
        return (old, fault)
    }

    /// Puts it in the place of the one before, which stays as `path.previous`. The same again changes
    /// nothing.
    package static func install(_ plan: TimetablePlan, at path: String) throws(Fault) {
        let new = PlanBytes.encode(plan)
        if let old = try? bytes(path), old == new { return }
        try write(new, to: path + ".new")
        guard try read(path + ".new") == plan else {
            unlink(path + ".new")
            throw Fault(
                "install timetable", at: path, cause: "it does not read back as it was written",
                hint: "Check the storage medium; the timetable before it is still in force.")
        }
        if (try? read(path)) != nil {
            let link = previousPath(of: path) + ".new"
            unlink(link)
            let from = Glibc.link(path, link) == 0 ? link : path
            guard rename(from, previousPath(of: path)) == 0 else { throw failed("keep", path, errno) }
        }
        guard rename(path + ".new", path) == 0 else { throw failed("rename", path, errno) }
        let code = wp_sync_directory_of(path)
        guard code == 0 else { throw failed("sync directory of", path, code) }
    }

    private static func bytes(_ path: String) throws(Fault) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failed("open", path, errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= Limits.timetableMaxBytes {
            let count = Glibc.read(file, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed("read", path, errno) }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Fault) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failed("create", path, errno) }
        defer { close(file) }
        var place = 0
        while place < bytes.count {
            let rest = Array(bytes[place...])
            let count = Glibc.write(file, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed("write", path, errno) }
            place += count
        }
        guard fsync(file) == 0 else { throw failed("sync", path, errno) }
    }

    private static func failed(_ operation: String, _ path: String, _ code: Int32) -> Fault {
        Fault(
            "\(operation) timetable", at: path, cause: String(cString: strerror(code)),
            hint: "Check that the directory exists, who owns it, and its space; the old one stays in force.")
    }
}
