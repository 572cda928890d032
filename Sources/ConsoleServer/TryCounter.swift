// SPDX-License-Identifier: Apache-2.0
package import Facility
import Synchronization

/// Counts failures for each key over a window, so that guessing is slow. Any task; forgets on restart, and
/// everything when it is full, which costs a guesser more than it gains.
package final class TryCounter: Sendable {
    private let failures = Mutex<[String: [Uptime]]>([:])
    private let tries: Int
    private let windowMs: Int
    private let keysCount = Limits.tryKeysMaxCount

    package init(tries: Int, windowMs: Int) {
        self.tries = tries
        self.windowMs = windowMs
    }

    /// Milliseconds until the next try is heard; nil: now.
    package func waitMs(_ key: String, now: Uptime) -> Int? {
        failures.withLock { failures in
            let recent = (failures[key] ?? []).filter { now.ms(since: $0) < windowMs }
            failures[key] = recent.isEmpty ? nil : recent
            guard recent.count >= tries, let first = recent.first else { return nil }
            return windowMs - now.ms(since: first)
        }
    }

    package func failed(_ key: String, now: Uptime) {
        failures.withLock { failures in
            if failures.count >= keysCount { failures = [:] }
            failures[key, default: []].append(now)
        }
    }

    package func succeeded(_ key: String) { failures.withLock { $0[key] = nil } }
}
