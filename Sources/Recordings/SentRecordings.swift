// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// Which recordings the hub has said it stored: `watchpost-sync` writes it, whoever makes room reads it. One
/// line each, `NAME SHA256`, in a file of sync's own. A value, read whole.
///
/// Always true: a name stands here only after the hub verified the file and its seal and flushed them.
package struct SentRecordings: Sendable {
    private let path: String
    private var names: [RecordingName: String] = [:]

    package static let fileName = "recordings.sent"

    /// There need not be such a file.
    package init(path: String) {
        self.path = path
        let size = wp_file_size(path)
        guard size > 0, size <= Int64(Limits.recordingSealMaxBytes) else { return }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = wp_read_file(path, &bytes, bytes.count)
        guard count > 0 else { return }
        for line in String(decoding: bytes[..<Int(count)], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let name = RecordingName(words[0]) { names[name] = String(words[1]) }
        }
    }

    package func has(_ name: RecordingName) -> Bool { names[name] != nil }

    /// Also forgets what is no longer there. Whole or not at all.
    package mutating func add(_ name: RecordingName, sha256: String, keeping kept: Set<RecordingName>)
        throws(Fault)
    {
        names = names.filter { kept.contains($0.key) }
        names[name] = sha256
        let text = names.map { "\($0.key.text) \($0.value)\n" }.sorted().joined()
        let file = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw failed() }
        let bytes = Array(text.utf8)
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(path + ".new", path) == 0 else { throw failed() }
        _ = wp_sync_directory_of(path)
    }

    private func failed() -> Fault {
        Fault(
            "note a recording as sent", at: path, cause: String(cString: strerror(errno)),
            hint: "Check who owns the directory, and free space with `df`; it is only sent again.")
    }
}
