// SPDX-License-Identifier: Apache-2.0
import CLinux
import Crypto
import Facility
import Glibc

/// Files as bundles need them: appended, read to a bound, flushed, renamed. Blocks its thread.
struct BundleFiles {
    static func read(_ path: String, maxBytes: Int) throws(Fault) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failed("read", path, errno)
        }
        defer { close(file) }
        let size = wp_file_size(path)
        guard size >= 0, size <= Int64(maxBytes) else {
            throw Fault(
                "read bundle", at: path, cause: "it is too long", hint: "Remove it: it is fetched anew.")
        }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = wp_read_file(path, &bytes, bytes.count)
        guard count == size else { throw failed("read", path, errno) }
        return bytes
    }

    static func append(_ bytes: [UInt8], to path: String) throws(Fault) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw failed("write", path, errno) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count else { throw failed("write", path, errno) }
    }

    /// Whole or not at all, and on the disk when this returns.
    static func replace(_ path: String, with bytes: [UInt8]) throws(Fault) {
        unlink(path + ".new")
        try append(bytes, to: path + ".new")
        try flush(path + ".new")
        guard rename(path + ".new", path) == 0 else { throw failed("rename", path, errno) }
        try flushDirectory(of: path)
    }

    static func flush(_ path: String) throws(Fault) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failed("open", path, errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failed("flush", path, errno) }
    }

    static func flushDirectory(of path: String) throws(Fault) {
        let code = wp_sync_directory_of(path)
        guard code == 0 else { throw failed("flush the directory of", path, code) }
    }

    static func makeDirectory(_ path: String) throws(Fault) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw failed("make", path, errno) }
    }

    /// Nil when it cannot be read whole.
    static func sha256(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var digest = SHA256()
        var piece = [UInt8](repeating: 0, count: Limits.bundlePieceBytes)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            guard count >= 0 else { return nil }
            if count == 0 { return HexText.of(digest.finalize()) }
            digest.update(data: piece[..<count])
        }
    }

    static func failed(_ operation: String, _ path: String, _ code: Int32) -> Fault {
        Fault(
            "\(operation) bundle", at: path, cause: String(cString: strerror(code)),
            hint: "Check who owns the directory, and free space with `df`; the last good bundle is in force.")
    }
}
