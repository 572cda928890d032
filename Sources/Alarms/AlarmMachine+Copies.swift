// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Two copies of one alarm: with its owner, and with the post that decided while the owner was lost.
extension AlarmMachine {
    /// Takes in the facts of another copy of the same alarm. nil = the copy knew nothing new; a higher
    /// revision alone is taken over without a word, or two owners would answer each other for ever.
    package mutating func merge(_ copy: AlarmRecord, now: Uptime) -> AlarmChange? {
        precondition(copy.id == record.id, "two alarms cannot be merged")
        let merged = record.merged(with: copy)
        let isNews = merged.facts != record.facts
        if let later = merged.silenced, later != record.silenced {
            if later.ground == .automatic {
                pause.end(at: ageMs(now))
                pauseReported = true
            } else if pause.grant(from: Int(later.afterMs)) {
                pauseReported = false
            }
        }
        record = merged
        return isNews ? revised(.merged) : nil
    }

    /// The button was pressed here after the moment at which another copy was cleared. Whoever merged that
    /// copy has to raise the alarm anew: a press after a clear is never hidden.
    package var wasPressedAfterClear: Bool {
        guard let cleared = record.cleared, let lastPressMs else { return false }
        return lastPressMs >= Int(cleared.afterMs)
    }
}
