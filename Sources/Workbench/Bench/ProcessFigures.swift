// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the kernel says of a running process.
enum ProcessFigures {
    /// Kilobytes of `field` in /proc/PID/status: `VmRSS`, `RssAnon`.
    static func kilobytes(_ pid: Int32, _ field: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else {
            return nil
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }

    /// Processor time so far, all threads.
    static func cpuMs(_ pid: Int32) -> Int {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        // The name in parentheses may hold anything; user and system time are the 12th and 13th after it.
        let words = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 12, let user = Int(words[11]), let system = Int(words[12]) else { return 0 }
        return (user + system) * 1_000 / max(1, sysconf(Int32(_SC_CLK_TCK)))
    }

    /// How often its threads gave up the processor of their own accord since they began: each is one waking.
    static func wakings(_ pid: Int32) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.reduce(0) { sum, task in
            let path = "/proc/\(pid)/task/\(task)/status"
            guard let status = try? String(contentsOfFile: path, encoding: .utf8) else { return sum }
            let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
            return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
        }
    }
}
