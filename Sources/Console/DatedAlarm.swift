// SPDX-License-Identifier: Apache-2.0
package import Alarms

/// An alarm as a hub keeps it: the record, and when it was raised by the best clock known. A value; any
/// thread.
package struct DatedAlarm: Hashable, Sendable {
    package var record: AlarmRecord
    /// Unix milliseconds, corrected where the terminal's clock was wrong.
    package var raisedAtMs: Int64
    /// ± this much; `Limits.wallUnknownMs` when no clock is known.
    package var uncertaintyMs: UInt32
    /// It was a button test of a round: kept, shown, but in no statistics.
    package var isTest: Bool

    package init(_ record: AlarmRecord, raisedAtMs: Int64, uncertaintyMs: UInt32 = 0, isTest: Bool = false) {
        self.record = record
        self.raisedAtMs = raisedAtMs
        self.uncertaintyMs = uncertaintyMs
        self.isTest = isTest
    }

    package func atMs(_ deed: Deed) -> Int64 { raisedAtMs + Int64(deed.afterMs) }

    /// A call that stands for itself: no trouble, no test, and not the same press as an older alarm.
    package var isCall: Bool {
        record.alarmClass.isCall && !isTest && record.cleared?.ground != .folded
    }
}
