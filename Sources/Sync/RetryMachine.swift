// SPDX-License-Identifier: Apache-2.0
package import Facility

/// When to try again after a failure: exponential with full jitter, so that 500 terminals do not come back at
/// once. A value; monotonic time only, so that a step of the wall clock neither hurries nor stops it.
package struct RetryMachine: Hashable, Sendable {
    private enum State: Hashable {
        case ready
        case waiting(until: Uptime, failures: Int)
    }

    private let lastMs: Int
    private let afterMaxMs: Int
    private var state = State.ready

    /// `lastMs`: the longest that chance draws from. `afterMaxMs`: the longest that another may ask for.
    package init(lastMs: Int, afterMaxMs: Int) {
        self.lastMs = lastMs
        self.afterMaxMs = afterMaxMs
    }

    /// Failures since the last success.
    package var failures: Int {
        switch state {
        case .ready: 0
        case .waiting(_, let failures): failures
        }
    }

    /// Nothing is tried before this; `nil`: at once.
    package var until: Uptime? {
        switch state {
        case .ready: nil
        case .waiting(let until, _): until
        }
    }

    package func mayTry(at now: Uptime) -> Bool { until.map { $0 <= now } ?? true }

    package mutating func succeeded() { state = .ready }

    /// `retryAfterMs`: what the other side asked for; the chance comes on top of it, so that those who were
    /// asked together do not come together.
    package mutating func failed(
        at now: Uptime, retryAfterMs: Int? = nil, using chance: inout some RandomNumberGenerator
    ) {
        let doublings = min(failures, 20)
        let span = min(Limits.syncRetryFirstMs << doublings, lastMs)
        let asked = min(max(retryAfterMs ?? 0, 0), afterMaxMs)
        let wait = asked + Int.random(in: 0...span, using: &chance)
        state = .waiting(until: now.advanced(ms: wait), failures: min(failures + 1, .max - 1))
    }
}
