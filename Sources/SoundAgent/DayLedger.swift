// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc
import Paging

/// What was played, kept over a restart: one file beside the journal. The day's thread. Always true: the name
/// holds a whole ledger; what `save` returned from survives a power cut.
struct DayLedger {
    let path: String

    /// There need not be one.
    func read() throws(Fault) -> PlayLedger {
        let size = wp_file_size(path)
        guard size >= 0 else { return PlayLedger() }
        var bytes = [UInt8](repeating: 0, count: Int(min(size, Int64(Limits.timetableMaxBytes) + 1)))
        let count = wp_read_file(path, &bytes, bytes.count)
        return try PlayLedger.decode(Array(bytes.prefix(Int(max(0, count)))), at: path)
    }

    func save(_ ledger: PlayLedger) throws(Fault) {
        let (bytes, new) = (ledger.encode(), path + ".new")
        let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw failed(errno) }
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fdatasync(file) == 0
        let code = errno
        close(file)
        guard isWritten else { throw failed(code) }
        guard rename(new, path) == 0 else { throw failed(errno) }
        let synced = wp_sync_directory_of(path)
        guard synced == 0 else { throw failed(synced) }
    }

    private func failed(_ code: Int32) -> Fault {
        Fault(
            "keep what was played", at: path, cause: String(cString: strerror(code)),
            hint:
                "The day goes on; after a restart a unit may sound twice. Check space and owner of it."
        )
    }
}
