// SPDX-License-Identifier: Apache-2.0
package import Facility

extension SyncPump {
    /// Would the next request of this class hold entries? What would not is only a question for the hub's
    /// cursors, and a hub that carries many terminals asks for all of them at once.
    package func hasEntries(for urgency: SyncClass, at now: Uptime) -> Bool {
        guard lanes[urgency]?.answeredAt != nil else { return false }
        return urgency.streams.contains { stream in
            guard let progress = progress[stream], progress.newest > progress.past else { return false }
            return progress.stoppedUntil.map { $0 <= now } ?? true
        }
    }
}
