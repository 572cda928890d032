// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Answers that a local process has not read yet: the kernel keeps as few as ten datagrams for it, a long
/// list is more.
///
/// A value on the line thread. Always true: what goes to one path goes in order, or, when its reader is too
/// slow, not at all; nobody waits for a reader, and nothing is kept for one that is gone.
package struct ReplyQueue: Sendable {
    package enum Sending: Sendable { case sent, full, gone }

    private struct Waiting {
        var messages: [[UInt8]]
        var next = 0
        var since: Uptime
    }

    private var waiting: [String: Waiting] = [:]

    package init() {}

    /// Sends at once, or keeps it for `elapsed`. `send` never blocks.
    package mutating func reply(
        _ bytes: [UInt8], to path: String, now: Uptime, send: ([UInt8], String) -> Sending
    ) {
        if waiting[path] == nil {
            guard send(bytes, path) == .full else { return }
            waiting[path] = Waiting(messages: [], since: now)
        }
        waiting[path]?.messages.append(bytes)
        if waiting[path]?.messages.count ?? 0 > Limits.localRepliesMaxCount { waiting[path] = nil }
    }

    /// Goes on where a reader has made room; gives a reader up that made none for `localReaderMs`.
    package mutating func elapsed(now: Uptime, send: ([UInt8], String) -> Sending) {
        for (path, var queue) in waiting {
            sending: while queue.next < queue.messages.count {
                switch send(queue.messages[queue.next], path) {
                case .sent:
                    queue.next += 1
                    queue.since = now
                case .full: break sending
                case .gone: queue.next = queue.messages.count
                }
            }
            let isOver =
                queue.next == queue.messages.count || now.ms(since: queue.since) > Limits.localReaderMs
            waiting[path] = isOver ? nil : queue
        }
    }

    /// When to try again; nil when nothing waits.
    package func deadline(now: Uptime) -> Uptime? {
        waiting.isEmpty ? nil : now.advanced(ms: Limits.localReplyRetryMs)
    }
}
