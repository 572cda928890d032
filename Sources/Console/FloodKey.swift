// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// What alarms have in common when they are shown as one line or shelved together: `cellCall/press/ward-1`,
/// with `*` for "any". A value; any thread.
package struct FloodKey: Hashable, Sendable, CustomStringConvertible {
    package var alarmClass: AlarmClass
    package var cause: AlarmCause?
    package var zone: ZoneID?

    package init(_ alarmClass: AlarmClass, _ cause: AlarmCause?, _ zone: ZoneID?) {
        self.alarmClass = alarmClass
        self.cause = cause
        self.zone = zone
    }

    package var description: String {
        "\(alarmClass)/\(cause.map { "\($0)" } ?? "*")/\(zone?.text ?? "*")"
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let alarmClass = AlarmClass.allCases.first(where: { "\($0)" == parts[0] })
        else { return nil }
        let cause = AlarmCause.allCases.first { "\($0)" == parts[1] }
        let zone = ZoneID(parts[2])
        guard cause != nil || parts[1] == "*", zone != nil || parts[2] == "*" else { return nil }
        self.init(alarmClass, cause, zone)
    }

    /// The key that a page sent to be shelved. A single alarm's own line is an emergency's or a duress'.
    package init(shelving text: String) throws(ConsoleRefusal) {
        guard let key = FloodKey(text) else { throw EventID(text) == nil ? .unknownKey : .neverShelved }
        self = key
    }

    package func covers(_ record: AlarmRecord, zone place: ZoneID?) -> Bool {
        alarmClass == record.alarmClass && (cause == nil || cause == record.cause)
            && (zone == nil || zone == place)
    }
}
