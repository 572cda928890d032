// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Synchronization

/// A file of zeros beside the store, given up when the disk is full: so there is room yet for alarms,
/// sign-ins and audit. Any task. Always true: it never keeps a hub from starting, and is taken again only
/// when there is room for it twice.
final class DiskReserve: Sendable {
    private let path: String
    private let isHeld: Mutex<Bool>

    init(folder: String) {
        path = folder + "/reserve"
        isHeld = Mutex(Self.take(path))
    }

    /// The disk was full, and all but the most urgent has to wait.
    var isGivenUp: Bool { isHeld.withLock { !$0 } }

    /// True when this made room.
    func giveUp() -> Bool {
        isHeld.withLock { held in
            defer { held = false }
            return held && unlink(path) == 0
        }
    }

    func takeAgain() {
        isHeld.withLock { held in
            guard !held else { return }
            var about = statvfs()
            let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            guard statvfs(folder, &about) == 0,
                UInt64(about.f_bavail) * UInt64(about.f_frsize) >= 2 * UInt64(Limits.hubReserveBytes)
            else { return }
            held = Self.take(path)
        }
    }

    private static func take(_ path: String) -> Bool {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        if posix_fallocate(file, 0, off_t(Limits.hubReserveBytes)) == 0 { return true }
        unlink(path)
        return false
    }
}
