// SPDX-License-Identifier: Apache-2.0
package import Facility
package import PanelLink

/// Replies for which the asking process has no room yet: the kernel queues few datagrams for a reader (often ten), and a
/// post's list has hundreds.
///
/// A value on the line thread. Always true: what goes to one process goes in order; nobody who does not read holds
/// anything up; what cannot be delivered is given up, and the asker sees by the count that its answer is not whole.
package struct LocalReplies: Sendable {
    private struct Line {
        var waiting: ArraySlice<[UInt8]>
        /// When the process last took something.
        var movedAt: Uptime
    }

    private var lines: [String: Line] = [:]
    private var triedAt = Uptime(nanoseconds: 0)
    /// Waiting for all processes together.
    package private(set) var count = 0

    package init() {}

    /// Sends at once where nothing waits before it.
    package mutating func add(
        _ bytes: [UInt8], to path: String, now: Uptime, send: ([UInt8], String) -> LocalSending
    ) {
        if lines[path] == nil {
            guard send(bytes, path) == .full else { return }
            triedAt = now
        }
        guard count < Limits.localRepliesMaxCount else { return }
        lines[path, default: Line(waiting: [], movedAt: now)].waiting.append(bytes)
        count += 1
    }

    /// To be called at `deadline` or later.
    package mutating func elapsed(now: Uptime, send: ([UInt8], String) -> LocalSending) {
        guard let deadline, now >= deadline else { return }
        triedAt = now
        for (path, line) in lines {
            var line = line
            let before = line.waiting.count
            var verdict = LocalSending.sent
            while verdict == .sent, let first = line.waiting.first {
                verdict = send(first, path)
                if verdict == .sent { line.waiting.removeFirst() }
            }
            if line.waiting.count < before { line.movedAt = now }
            let isOver = verdict == .gone || now.ms(since: line.movedAt) >= Limits.localReplyGiveUpMs
            lines[path] = isOver || line.waiting.isEmpty ? nil : line
            count -= before - (lines[path]?.waiting.count ?? 0)
        }
    }

    /// When to try again.
    package var deadline: Uptime? { count == 0 ? nil : triedAt.advanced(ms: Limits.localReplyRetryMs) }
}
