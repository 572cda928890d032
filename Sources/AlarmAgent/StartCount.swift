// SPDX-License-Identifier: Apache-2.0
package import Facility
import Glibc

/// Counts starts that came one upon the other, so that a newest configuration which makes the daemon die is
/// left for the last good one (fault 37). A file of uptimes in the runtime directory; used once at start,
/// before the loop.
package struct StartCount {
    private let path: String
    private let descriptor: Int32
    /// How often so many starts came one upon the other that the configuration was left for an earlier one.
    package let depth: Int
    package var isLooping: Bool { depth > 0 }

    /// Notes this start. Without a writable directory nothing is counted.
    package init(path: String, now: Uptime) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            depth = 0
            return
        }
        let bound = Limits.crashLoopCount * 8 * Limits.crashLoopDepthCount
        var bytes = [UInt8](repeating: 0, count: bound)
        let size = lseek(descriptor, 0, SEEK_END)
        let count = pread(descriptor, &bytes, bound, max(0, size - off_t(bound)))
        var starts: [Uptime] = []
        for start in stride(from: 0, to: max(0, count) / 8 * 8, by: 8) {
            starts.append(
                Uptime(nanoseconds: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }))
        }
        let recent = starts.filter { $0 <= now && now.ms(since: $0) < Limits.crashLoopMs }
        depth = recent.count / Limits.crashLoopCount
        if size > off_t(bound * 64) { _ = ftruncate(descriptor, 0) }
        let mark = (0..<8).map { UInt8(now.nanoseconds >> UInt64($0 * 8) & 0xff) }
        _ = write(descriptor, mark, mark.count)
    }

    /// The process ended as it was asked to, or ran long enough: its start was none of a loop.
    package func wasGood() {
        guard descriptor >= 0 else { return }
        _ = ftruncate(descriptor, 0)
    }
}
