// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc
import Synchronization

/// The time that it is at least, for a machine whose clock starts in 1970: a certificate that is "not yet
/// valid" by the clock is judged by this instead. Never used for anything else, and never to call a
/// certificate expired.
///
/// Any thread. Always true: it never goes back in one process. It is the latest of: when the hub signed our
/// certificate, when a file of the identity was written, what a clock that was set told in the journal, and
/// the hub's own clock as it last said over a connection that we believed (file `time`, kept to a day).
package final class TimeFloor: Sendable {
    private struct State {
        var ms: Int64
        var keptMs: Int64
    }

    private let path: String
    private let state: Mutex<State>

    /// `signedMs`: when the hub signed our certificate.
    package init(directory: String, signedMs: Int64) {
        path = directory + "/time"
        let kept = Self.kept(path)
        var ms = max(signedMs, kept)
        for name in ["hub", "terminal", "certificate.pem", "time"] {
            var about = stat()
            guard stat(directory + "/" + name, &about) == 0 else { continue }
            ms = max(ms, Int64(about.st_mtim.tv_sec) * 1_000)
        }
        state = Mutex(State(ms: ms, keptMs: kept))
    }

    package var ms: Int64 { state.withLock { $0.ms } }

    /// Somebody whom we believe told a time; nobody is believed about times before this software was made.
    package func raise(to ms: Int64) {
        guard ms >= Limits.wallPlausibleFromMs else { return }
        state.withLock { $0.ms = max($0.ms, ms) }
    }

    /// What the hub said. Written down when it is a day further than what stands there.
    package func hubSaid(_ ms: Int64) {
        raise(to: ms)
        let isDue = state.withLock { state in
            guard state.ms - state.keptMs >= Limits.floorStepMs else { return false }
            state.keptMs = state.ms
            return true
        }
        guard isDue else { return }
        let digits = "\(self.ms)"
        // One line of always the same length: an overwritten file is never half of two.
        let text = Array((String(repeating: "0", count: max(0, 19 - digits.count)) + digits + "\n").utf8)
        _ = wp_write_file(path, text, text.count)
    }

    private static func kept(_ path: String) -> Int64 {
        var bytes = [UInt8](repeating: 0, count: 20)
        guard wp_read_file(path, &bytes, bytes.count) == 20 else { return 0 }
        return Int64(String(decoding: bytes.prefix(19), as: UTF8.self)) ?? 0
    }

    /// At which time a certificate is judged: at the clock's, but where that is from before it was signed.
    package static func judged(wallMs: Int64, floorMs: Int64, notBeforeMs: Int64) -> Int64 {
        wallMs >= notBeforeMs ? wallMs : max(wallMs, floorMs)
    }
}
