// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSodium
import CVoiceDSP
package import Facility
import Glibc

/// A library of voice units on a disk. A value over a directory; blocks its thread.
///
///     index            which units there are: `ClipIndex`; renaming it in is the switch
///     <sha256>         content, whole and checked; <sha256>.part: what has come so far
///
/// Always true: one process writes, others read; `index` names only contents that were here, whole, when it
/// was put in; only names that are a SHA-256 are opened, and no link is followed.
package struct ClipFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    private func part(_ sha256: String) -> String { "\(path)/\(sha256).part" }
    package func file(_ sha256: String) -> String { "\(path)/\(sha256)" }
    private var indexPath: String { path + "/index" }

    // MARK: Reading

    /// Empty where there is none yet.
    package func index() throws(Fault) -> ClipIndex {
        guard wp_file_size(indexPath) >= 0 else { return ClipIndex() }
        let descriptor = wp_open_beneath(path, "index")
        guard descriptor >= 0 else { throw failed("read", indexPath, -descriptor) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        guard Self.read(descriptor, maxBytes: Limits.clipIndexMaxBytes, { bytes += $0 }) else {
            throw failed("read", indexPath, errno)
        }
        return try ClipIndex(bytes, at: indexPath)
    }

    /// Is the content here, and is it what its name says?
    package enum Finding: Hashable, Sendable {
        case sound(byteCount: Int64)
        case missing
        /// It is another content, or cannot be read.
        case wrong
    }

    package func look(_ sha256: String) -> Finding {
        guard ClipIndex.isHash(sha256) else { return .wrong }
        let descriptor = wp_open_beneath(path, sha256)
        guard descriptor >= 0 else { return -descriptor == ENOENT ? .missing : .wrong }
        defer { close(descriptor) }
        var (digest, count) = (ClipDigest(), Int64(0))
        let isWhole = Self.read(descriptor, maxBytes: Int(Limits.clipMaxBytes)) { piece in
            digest.add(piece)
            count += Int64(piece.count)
        }
        return isWhole && digest.text() == sha256 ? .sound(byteCount: count) : .wrong
    }

    /// Nil where it is missing or wrong.
    package func content(_ sha256: String) -> [UInt8]? {
        guard ClipIndex.isHash(sha256) else { return nil }
        let descriptor = wp_open_beneath(path, sha256)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let isWhole = Self.read(descriptor, maxBytes: Int(Limits.clipMaxBytes)) { bytes += $0 }
        return isWhole && ClipDigest.of(bytes) == sha256 ? bytes : nil
    }

    /// False: longer than that, or the disk failed.
    private static func read(_ descriptor: Int32, maxBytes: Int, _ take: (ArraySlice<UInt8>) -> Void) -> Bool
    {
        var piece = [UInt8](repeating: 0, count: 64 * 1_024)
        var left = maxBytes
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 }
            left -= count
            guard left >= 0 else { return false }
            take(piece[..<count])
        }
    }

    // MARK: Taking

    package func make() throws(Fault) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw failed("make", path, errno) }
    }

    /// How much of a content has come before.
    package func have(_ sha256: String) -> Int64 { max(0, wp_file_size(part(sha256))) }

    package func append(_ bytes: [UInt8], to sha256: String) throws(Fault) {
        let path = part(sha256)
        guard have(sha256) + Int64(bytes.count) <= Limits.clipMaxBytes else {
            unlink(path)
            throw Fault(
                "take clip", at: path, cause: "it is longer than \(Limits.clipMaxBytes) bytes",
                hint: "Part the unit, or make it shorter.")
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let file = open(path, flags, 0o640)
        guard file >= 0 else { throw failed("write", path, errno) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count else { throw failed("write", path, errno) }
    }

    /// All of it has come: hashed, flushed, renamed in. What does not hold is thrown away.
    package func finish(_ sha256: String) throws(Fault) {
        let part = part(sha256)
        guard look(sha256, at: "\(sha256).part") else {
            unlink(part)
            throw Fault(
                "check clip", at: file(sha256), cause: "its content is not what its name says",
                hint: "It is fetched anew by itself; if that repeats, publish the library again at the hub.")
        }
        try flush(part)
        guard rename(part, file(sha256)) == 0 else { throw failed("rename", part, errno) }
        try flushDirectory()
    }

    private func look(_ sha256: String, at name: String) -> Bool {
        let descriptor = wp_open_beneath(path, name)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var digest = ClipDigest()
        return Self.read(descriptor, maxBytes: Int(Limits.clipMaxBytes)) { digest.add($0) }
            && digest.text() == sha256
    }

    /// A content that somebody has whole; answers its name.
    package func keep(_ bytes: [UInt8]) throws(Fault) -> String {
        let sha256 = ClipDigest.of(bytes)
        if case .sound = look(sha256) { return sha256 }
        unlink(part(sha256))
        try append(bytes, to: sha256)
        try finish(sha256)
        return sha256
    }

    package func forget(_ sha256: String) { unlink(file(sha256)) }

    /// The library is this from now on; contents that it does not name go. Whoever plays one of them has it
    /// open and hears it to its end.
    package func turn(to index: ClipIndex) throws(Fault) {
        for sha256 in index.contents where wp_file_size(file(sha256)) < 0 {
            throw Fault(
                "turn to library", at: file(sha256), cause: "it is missing",
                hint: "It is fetched by itself; a library on a stick must have all its files.")
        }
        let bytes = Array(index.text.utf8)
        let new = indexPath + ".new"
        unlink(new)
        let code = wp_write_file(new, bytes, bytes.count)
        guard code == 0 else { throw failed("write", new, code) }
        try flush(new)
        guard rename(new, indexPath) == 0 else { throw failed("rename", new, errno) }
        try flushDirectory()
        tidy(besides: Set(index.contents))
    }

    private func tidy(besides named: Set<String>) {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let isPart = name.hasSuffix(".part")
            let content = isPart ? String(name.dropLast(5)) : name
            if ClipIndex.isHash(content), !named.contains(content) { unlink("\(path)/\(name)") }
        }
    }

    private func flush(_ path: String) throws(Fault) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw failed("open", path, errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failed("flush", path, errno) }
    }

    private func flushDirectory() throws(Fault) {
        let code = wp_sync_directory_of(indexPath)
        guard code == 0 else { throw failed("flush", path, code) }
    }

    private func failed(_ operation: String, _ place: String, _ code: Int32) -> Fault {
        Fault(
            "\(operation) library", at: place, cause: String(cString: strerror(code)),
            hint: "Check who owns the directory, and free space with `df`; the last library stays in force.")
    }
}

/// SHA-256, piece by piece. A value.
package struct ClipDigest {
    private var state = crypto_hash_sha256_state()

    package init() { crypto_hash_sha256_init(&state) }

    package mutating func add(_ piece: ArraySlice<UInt8>) {
        crypto_hash_sha256_update(&state, Array(piece), UInt64(piece.count))
    }

    /// Once, at the end.
    package mutating func text() -> String {
        var hash = [UInt8](repeating: 0, count: 32)
        crypto_hash_sha256_final(&state, &hash)
        return hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    package static func of(_ bytes: [UInt8]) -> String {
        var digest = ClipDigest()
        digest.add(bytes[...])
        return digest.text()
    }
}
