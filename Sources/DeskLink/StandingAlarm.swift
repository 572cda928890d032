// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// One line of a list as the tool shows it: the record, how old it is, and whether its own terminal still
/// speaks for it. A value, on any thread.
package struct StandingAlarm: Hashable, Sendable {
    package var record: AlarmRecord
    package var ageMs: Int
    /// Who speaks for it now: its own terminal, or the post that keeps the alarm of a lost cell.
    package var custodian: TerminalID
    package var isCellLost: Bool

    package init(record: AlarmRecord, ageMs: Int, custodian: TerminalID, isCellLost: Bool) {
        self.record = record
        self.ageMs = ageMs
        self.custodian = custodian
        self.isCellLost = isCellLost
    }

    package var isSounding: Bool { record.sounds(atAgeMs: ageMs) }

    /// The order of every list: higher class first, then the older one.
    package static func ordered(_ alarms: [StandingAlarm]) -> [StandingAlarm] {
        alarms.sorted { AlarmRecord.comesBefore($0.record, ageMs: $0.ageMs, $1.record, ageMs: $1.ageMs) }
    }
}
