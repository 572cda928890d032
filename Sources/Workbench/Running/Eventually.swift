// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility

/// Looks again and again until the answer is not nil, at most `ms`; nil when the time is over. Blocks its
/// thread: for the demo's story, the benches and tests, never for a daemon.
package func eventually<Answer>(
    ms: Int, every: Int = 2, _ look: () throws -> Answer?
) rethrows -> Answer? {
    let end = Uptime.now.advanced(ms: ms)
    while true {
        if let answer = try look() { return answer }
        if Uptime.now >= end { return nil }
        pause(ms: every)
    }
}
