// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc

/// A program that a bench started, and what it says: by a FIFO, so that no file is looked at again and again.
/// On the bench's one thread. Always true: it ends with the bench.
final class BenchProgram {
    let name: String
    private(set) var pid: Int32 = -1
    private let log: String
    private let pipe: Int32
    private var said: [UInt8] = []

    /// `log`: where the FIFO is made.
    init(_ words: [String], name: String, log: String) throws(Fault) {
        self.name = name
        self.log = log
        mkfifo(log, 0o600)
        // Both directions: it can be opened before the other end is.
        pipe = open(log, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        let joined: [CChar] = words.flatMap { word in word.utf8.map { CChar(bitPattern: $0) } + [0] }
        let path = getenv("LD_LIBRARY_PATH").map { "LD_LIBRARY_PATH=" + String(cString: $0) } ?? "A=1"
        let variables: [CChar] = path.utf8.map { CChar(bitPattern: $0) } + [0]
        pid = wp_spawn(joined, joined.count, variables, variables.count, log)
        guard pid > 0 else {
            throw Fault(
                "start", at: name, cause: String(cString: strerror(errno)),
                hint: "Run the bench by its whole path.")
        }
    }

    /// All that it says, up to these words.
    func says(until words: String, ms: Int) throws(Fault) -> String {
        let end = wp_uptime_ns() + UInt64(ms) * 1_000_000
        while case let now = wp_uptime_ns(), now < end, !Self.has(words, said) {
            var ready: [Int16] = [0]
            _ = wp_poll([pipe], &ready, 1, Int64(end - now))
            _ = take()
        }
        return String(decoding: said, as: UTF8.self)
    }

    /// When it has said this since `forget`, or says it.
    func hears(_ words: String) throws(Fault) -> UInt64 {
        let end = wp_uptime_ns() + UInt64(Limits.deskActionMs) * 1_000_000
        while case let now = wp_uptime_ns(), now < end {
            var ready: [Int16] = [0]
            _ = wp_poll([pipe], &ready, 1, Int64(end - now))
            let at = take()
            if Self.has(words, said) { return at }
        }
        throw Fault(
            "measure", at: name, cause: "it did not say '\(words)'",
            hint: "It said: " + String(decoding: said.suffix(500), as: UTF8.self))
    }

    /// The number behind these words, when it says them.
    func number(after words: String) throws(Fault) -> UInt64? {
        _ = try hears(words)
        let text = String(decoding: said, as: UTF8.self)
        guard let place = text.firstRange(of: words) else { return nil }
        return UInt64(text[place.upperBound...].prefix { $0.isNumber })
    }

    func forget() {
        _ = take()
        said = []
    }

    /// The time is that of the first byte: nothing is done before it is looked at.
    private func take() -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(pipe, &bytes, bytes.count)
        let at = wp_uptime_ns()
        if count > 0 { said += bytes[..<count] }
        return at
    }

    private static func has(_ words: String, _ text: [UInt8]) -> Bool {
        let words = Array(words.utf8)
        guard text.count >= words.count else { return false }
        return (0...(text.count - words.count)).contains {
            text[$0..<($0 + words.count)].elementsEqual(words)
        }
    }

    var residentKiB: Int {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = wp_read_file("/proc/\(pid)/statm", &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self).split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4 : 0
    }

    /// How often its threads went to sleep of themselves: the playing one, and all.
    func sleeps() -> (loudspeaker: Int, process: Int) {
        let tasks = "/proc/\(pid)/task"
        guard let folder = opendir(tasks) else { return (0, 0) }
        defer { closedir(folder) }
        var (loudspeaker, process) = (0, 0)
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = wp_read_file("\(tasks)/\(name)/status", &bytes, bytes.count)
            let text = String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
            let words = "\nvoluntary_ctxt_switches:\t"
            let times =
                text.firstRange(of: words).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
            if text.contains("wp-playback") { loudspeaker += times }
            process += times
        }
        return (loudspeaker, process)
    }

    /// Ended and gone.
    func end() {
        guard pid > 0 else { return }
        _ = wp_signal_group(pid, SIGTERM)
        let descriptor = wp_pidfd(pid)
        var ready: [Int16] = [0]
        _ = wp_poll([descriptor], &ready, 1, Int64(Limits.stopGraceMs) * 1_000_000)
        if ready[0] == 0 { _ = wp_signal_group(pid, SIGKILL) }
        _ = wp_poll([descriptor], &ready, 1, Int64(Limits.stopGraceMs) * 1_000_000)
        var code: Int32 = 0
        _ = wp_reap(pid, &code)
        close(descriptor)
        close(pipe)
        unlink(log)
        pid = -1
    }
}
