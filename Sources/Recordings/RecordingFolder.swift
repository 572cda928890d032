// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSodium
package import Facility
import Glibc

/// Where a terminal keeps its recordings. Blocks its thread; a value.
///
///     NAME.opus.part + NAME.opus.seal      under way, or ended and not yet in the record
///     NAME.opus      + NAME.opus.seal      sealed, and its entry stands in the record
///
/// Always true: one process writes here; what another reads without `.part` never changes again.
package struct RecordingFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// Beside a journal of calls.
    package init(beside journal: String) {
        self.init((journal.lastIndex(of: "/").map { String(journal[..<$0]) } ?? ".") + "/recordings")
    }

    package func file(_ name: RecordingName) -> String { "\(path)/\(name.text).opus" }
    package func part(_ name: RecordingName) -> String { file(name) + ".part" }
    package func seal(_ name: RecordingName) -> String { file(name) + ".seal" }

    package func make() throws(Fault) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw failed("make", path) }
    }

    package struct Kept: Hashable, Sendable {
        package var name: RecordingName
        package var byteCount: Int64
        /// Unix seconds of the last write: what is oldest.
        package var changedS: Int64

        package init(name: RecordingName, byteCount: Int64, changedS: Int64) {
            (self.name, self.byteCount, self.changedS) = (name, byteCount, changedS)
        }
    }

    /// What is ended and in the record, the oldest first.
    package func kept() -> [Kept] {
        names(ending: ".opus").compactMap { name in
            var about = stat()
            guard stat(file(name), &about) == 0 else { return nil }
            return Kept(name: name, byteCount: Int64(about.st_size), changedS: Int64(about.st_mtim.tv_sec))
        }.sorted { ($0.changedS, $0.name.text) < ($1.changedS, $1.name.text) }
    }

    /// What a process that is gone left behind.
    package func leftovers() -> [RecordingName] { names(ending: ".opus.part") }

    private func names(ending: String) -> [RecordingName] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var found: [RecordingName] = []
        while let entry = readdir(directory) {
            let text = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard text.hasSuffix(ending) else { continue }
            if let name = RecordingName(text.dropLast(ending.utf8.count)) { found.append(name) }
        }
        return found
    }

    /// A name of this call that nothing here has.
    package func fresh(_ call: CallID) -> RecordingName? {
        (1...Limits.recordingPartsCount).lazy.map { RecordingName(call, part: $0) }.first {
            access(file($0), F_OK) != 0 && access(part($0), F_OK) != 0 && access(seal($0), F_OK) != 0
        }
    }

    /// Its entry stands in the record: whoever looks for recordings finds it from here on.
    package func settle(_ name: RecordingName) throws(Fault) {
        guard rename(part(name), file(name)) == 0 else { throw failed("rename", part(name)) }
        _ = wp_sync_directory_of(file(name))
    }

    package func remove(_ name: RecordingName) {
        for file in [file(name), part(name), seal(name)] { unlink(file) }
    }

    // MARK: Reading

    package func sealText(_ name: RecordingName) -> String? {
        let size = wp_file_size(seal(name))
        guard size >= 0, size <= Int64(Limits.recordingSealMaxBytes) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = wp_read_file(seal(name), &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
    }

    /// 64 digits over a whole file; nil when it cannot be read.
    package static func sha256(_ path: String) -> String? {
        guard let file = RecordingFile(path) else { return nil }
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        var offset = 0
        while offset < file.size {
            guard let piece = file.read(offset, Limits.recordingReadBytes), !piece.isEmpty else { return nil }
            crypto_hash_sha256_update(&state, piece, UInt64(piece.count))
            offset += piece.count
        }
        var hash = [UInt8](repeating: 0, count: 32)
        crypto_hash_sha256_final(&state, &hash)
        return SealText.of(hash)
    }

    func failed(_ operation: String, _ place: String) -> Fault {
        Fault(
            "\(operation) recording", at: place, cause: String(cString: strerror(errno)),
            hint: "See that the folder of recordings is there, may be written and has room.")
    }
}

/// A recording opened to be read. On the thread that opened it; closed with it.
package final class RecordingFile {
    private let descriptor: Int32
    package let size: Int

    package init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var about = stat()
        guard fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG,
            about.st_size <= Limits.recordingMaxBytes
        else {
            close(descriptor)
            return nil
        }
        size = Int(about.st_size)
    }

    deinit { close(descriptor) }

    /// At most so many; fewer at the end.
    package func read(_ offset: Int, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &bytes, count, off_t(offset))
        guard got >= 0 else { return nil }
        return got == count ? bytes : Array(bytes[..<got])
    }

    package func finding(name: String?, seal: String) -> RecordingFinding {
        RecordingFinding(name: name, size: size, seal: seal) { read($0, $1) }
    }
}
