// SPDX-License-Identifier: Apache-2.0
import Crypto
import Facility
import Foundation
import Glibc
import SwiftASN1
import X509

/// The authority's and the server's keys and certificates as files: made on the first start, read on every
/// other.
///
/// Always true: a key file belongs to the hub's user alone (0600); a file is there whole or not at all.
struct AuthorityFiles {
    let directory: String

    init(directory: String) throws(Fault) {
        self.directory = directory
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Self.fault("make folder", directory, "\(error)") }
    }

    func path(_ name: String) -> String { directory + "/" + name }

    /// Nil when there is no such file; a damaged one is a fault, never replaced.
    func read(_ name: String) throws(Fault) -> String? {
        guard FileManager.default.fileExists(atPath: path(name)) else { return nil }
        do { return try String(contentsOfFile: path(name), encoding: .utf8) } catch {
            throw Self.fault("read", path(name), "\(error)")
        }
    }

    func write(_ name: String, _ text: String) throws(Fault) {
        let fresh = path(name + ".new")
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.fault("write", fresh, String(cString: strerror(errno))) }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let cause = String(cString: strerror(errno))
        close(descriptor)
        guard isWritten, rename(fresh, path(name)) == 0 else { throw Self.fault("write", fresh, cause) }
    }

    func key(_ name: String) throws(Fault) -> Certificate.PrivateKey? {
        guard let text = try read(name) else { return nil }
        do { return try Certificate.PrivateKey(pemEncoded: text) } catch {
            throw Self.fault("read key", path(name), "\(error)")
        }
    }

    func certificate(_ name: String) throws(Fault) -> Certificate? {
        guard let text = try read(name) else { return nil }
        do { return try Certificate(pemEncoded: text) } catch {
            throw Self.fault("read certificate", path(name), "\(error)")
        }
    }

    static func fault(_ operation: String, _ place: String, _ cause: String) -> Fault {
        Fault(
            operation, at: place, cause: cause,
            hint: "See that the folder belongs to the hub's user, or restore it from the backup.")
    }
}
