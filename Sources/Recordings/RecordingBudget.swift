// SPDX-License-Identifier: Apache-2.0
import Facility

/// Which recordings go when there are too many. A value without I/O; any thread.
///
/// Always true: the oldest that the hub has goes first; what it does not have goes only while the reserve,
/// which alarms and scores live on, is short, and the oldest first.
package struct RecordingBudget: Hashable, Sendable {
    package struct Held: Hashable, Sendable {
        package var kept: RecordingFolder.Kept
        package var isSent: Bool

        package init(kept: RecordingFolder.Kept, isSent: Bool) {
            (self.kept, self.isSent) = (kept, isSent)
        }
    }

    private let budgetBytes: Int64
    private let reserveBytes: Int64

    package init(
        budgetBytes: Int64 = Limits.recordingsBudgetBytes, reserveBytes: Int64 = Limits.recordingsReserveBytes
    ) {
        (self.budgetBytes, self.reserveBytes) = (budgetBytes, reserveBytes)
    }

    /// `all`: the oldest first; `freeBytes`: of the disk, negative when that is not known.
    package func over(_ all: [Held], freeBytes: Int64) -> [Held] {
        var total = all.reduce(0) { $0 + $1.kept.byteCount }
        var free = freeBytes < 0 ? reserveBytes : freeBytes
        var going: [Held] = []
        func go(_ one: Held) {
            going.append(one)
            total -= one.kept.byteCount
            free += one.kept.byteCount
        }
        for one in all where one.isSent && (total > budgetBytes || free < reserveBytes) { go(one) }
        for one in all where !one.isSent && free < reserveBytes { go(one) }
        return going
    }
}
