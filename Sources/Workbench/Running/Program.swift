// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility
import Foundation

/// What a supervisor runs: one executable, by its whole path, without a shell.
package struct Program: Hashable, Sendable {
    package var name: String
    package var executable: String
    package var arguments: [String]
    /// Added to our own environment.
    package var environment: [String: String]
    /// Its standard output and error are appended here; nil: our standard error.
    package var logPath: String?

    package init(
        name: String, executable: String, arguments: [String] = [], environment: [String: String] = [:],
        logPath: String? = nil
    ) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.logPath = logPath
    }

    /// On the supervisor's thread: the kernel ends the process together with the thread that started it.
    func spawn() throws(Fault) -> Int32 {
        let words = Self.joined([executable] + arguments)
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let variables = Self.joined(merged.map { "\($0)=\($1)" }.sorted())
        let pid = wp_spawn(words, words.count, variables, variables.count, logPath ?? "")
        guard pid > 0 else {
            throw Fault(
                "start", at: executable, cause: String(cString: strerror(errno)),
                hint: "Check that the program is installed, executable, and that its log can be written.")
        }
        return pid
    }

    private static func joined(_ texts: [String]) -> [CChar] {
        texts.flatMap { $0.utf8.map { CChar(bitPattern: $0) } + [0] }
    }
}

/// How a process ended.
package enum ProcessEnd: Hashable, Sendable {
    case code(Int32)
    case signal(Int32)
}

/// What the supervisor knows of one of its processes.
package struct Report: Hashable, Sendable {
    package let name: String
    /// nil while it is down.
    package private(set) var pid: Int32?
    package private(set) var starts = 0
    package private(set) var startedAt: Uptime?
    package private(set) var lastEnd: ProcessEnd?
    package private(set) var endedAt: Uptime?
    /// Why the last start did not succeed.
    package internal(set) var fault: Fault?

    init(name: String) { self.name = name }

    mutating func started(pid: Int32, at now: Uptime) {
        self.pid = pid
        starts += 1
        startedAt = now
        fault = nil
    }

    mutating func ended(_ end: ProcessEnd, at now: Uptime) {
        pid = nil
        lastEnd = end
        endedAt = now
    }
}

/// SIGINT, SIGTERM and SIGHUP as something to wait for. To be made before any other thread exists, and kept
/// to the end.
package struct StopSignals: Sendable {
    let descriptor: Int32

    package init() { descriptor = wp_end_signals() }

    /// Lets time pass; false = a signal came before.
    package func wait(ms: Int) -> Bool {
        let end = Uptime.now.advanced(ms: ms)
        while true {
            let now = Uptime.now
            guard now < end else { return true }
            var ready: [Int16] = [0]
            _ = wp_poll([descriptor], &ready, 1, Int64(end.nanoseconds - now.nanoseconds))
            if ready[0] != 0 { return false }
        }
    }

    func next() -> Int32? {
        let signal = wp_next_signal(descriptor)
        return signal > 0 ? signal : nil
    }
}
