// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation

/// A fresh directory that only this user can enter. A value; whoever made it removes it.
package struct TemporaryDirectory: Sendable {
    package let path: String

    /// `name` begins its last component. The path is kept short: a local socket's path has 107 bytes.
    /// `inMemory`: on the machine's tmpfs, as a service's runtime directory is.
    package init(_ name: String = "watchpost", inMemory: Bool = false) throws(Fault) {
        let disk =
            ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.utf8.count <= 40 ? $0 : nil } ?? "/tmp"
        let base = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : disk
        path = base + "/\(name)-" + String(UInt32.random(in: .min ... .max), radix: 36)
        guard mkdir(path, 0o700) == 0 else {
            throw Fault(
                "make directory", at: path, cause: String(cString: strerror(errno)),
                hint: "Set TMPDIR to a short path that can be written.")
        }
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
