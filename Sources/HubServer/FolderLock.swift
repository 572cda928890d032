// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc

/// A folder that one hub serves from: a second one, or a restore, is refused while it lasts. Any task;
/// ends with the object or the process, however that ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(_ folder: String) throws(Fault) {
        let path = folder + "/hub.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Fault(
                "lock", at: path, cause: String(cString: strerror(errno)),
                hint: "See that the folder belongs to the hub's user.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Fault(
                "lock", at: path, cause: "a hub serves from this folder",
                hint: "Stop it first: systemctl stop watchpost-hub.")
        }
    }

    deinit { close(descriptor) }
}
