// SPDX-License-Identifier: Apache-2.0
import Facility
import Synchronization

/// Which refusals are written in the audit one by one, and which are only counted: whoever knocks all day
/// must not fill the disk.
///
/// Any task. Always true: in each minute the first few of a source are written, and no more than a bound in
/// all; what was not is one entry for its source when the minute is over, so no refusal is without a trace.
final class RefusalCounter: Sendable {
    private struct Minute {
        var begun: Uptime?
        var written: [String: Int] = [:]
        var unwritten: [String: Int] = [:]
    }
    private let minute = Mutex(Minute())
    /// Where sources are too many to be told apart.
    static let others = "others"

    func isWritten(_ source: String, now: Uptime) -> Bool {
        minute.withLock { minute in
            if minute.begun == nil { minute.begun = now }
            let all = minute.written.values.reduce(0, +)
            if minute.written[source, default: 0] < Limits.refusalsPerSourceCount,
                all < Limits.refusalsPerMinuteCount
            {
                minute.written[source, default: 0] += 1
                return true
            }
            let isKnown = minute.unwritten[source] != nil
            let hasRoom = minute.unwritten.count < Limits.refusalSourcesMaxCount
            minute.unwritten[isKnown || hasRoom ? source : Self.others, default: 0] += 1
            return false
        }
    }

    /// What the minute that is over left unwritten; empty while it lasts.
    func sums(now: Uptime) -> [(source: String, count: Int)] {
        minute.withLock { minute in
            guard let begun = minute.begun, now.ms(since: begun) >= Limits.refusalsWindowMs else { return [] }
            let sums = minute.unwritten.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            minute = Minute()
            return sums
        }
    }
}
