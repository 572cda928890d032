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
