// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// 搁置: groups of alarms that an officer put aside for a time, with a reason. They stay on every list and do
/// not sound on the wall; the posts are not concerned.
///
/// A value without clock. Always true: no emergency and no duress is ever covered; a shelf ends by itself, by
/// the monotonic clock, so that a clock that steps keeps nothing quiet.
package struct AlarmShelf: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var key: FloodKey
        package var until: Uptime
        package var untilMs: Int64
        package var by: OfficerID
        package var reason: String

        /// As a store kept it; what is left of its time runs by the monotonic clock from `now` on.
        package init(key: FloodKey, untilMs: Int64, by: OfficerID, reason: String, now: Moment) {
            let leftMs = min(max(0, untilMs - now.wallMs), Int64(Limits.shelfMaxMs))
            self.init(
                key: key, until: now.uptime.advanced(ms: Int(leftMs)), untilMs: untilMs, by: by,
                reason: reason)
        }

        fileprivate init(key: FloodKey, until: Uptime, untilMs: Int64, by: OfficerID, reason: String) {
            (self.key, self.until, self.untilMs, self.by, self.reason) = (key, until, untilMs, by, reason)
        }
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// Shelving a group again replaces its time and reason.
    package mutating func shelve(
        _ key: FloodKey, minutes: Int, reason: String, by officer: OfficerID, now: Moment
    ) throws(ConsoleRefusal) -> Entry {
        guard key.alarmClass < .emergency else { throw .neverShelved }
        guard minutes >= 1, minutes <= Limits.shelfMaxMs / 60_000 else { throw .minutesOutOfRange }
        guard reason.isReason else { throw .reasonMissing }
        elapsed(now: now.uptime)
        entries.removeAll { $0.key == key }
        guard entries.count < Limits.shelvesMaxCount else { throw .tooManyShelved }
        let entry = Entry(
            key: key, until: now.uptime.advanced(ms: minutes * 60_000),
            untilMs: now.wallMs + Int64(minutes) * 60_000, by: officer, reason: reason)
        entries.append(entry)
        return entry
    }

    /// What was shelved before a restart; an emergency stays unshelvable whatever a store says.
    package mutating func restore(_ entry: Entry) {
        guard entry.key.alarmClass < .emergency, entries.count < Limits.shelvesMaxCount else { return }
        entries.removeAll { $0.key == entry.key }
        entries.append(entry)
    }

    package mutating func unshelve(_ key: FloodKey) throws(ConsoleRefusal) {
        guard entries.contains(where: { $0.key == key }) else { throw .unknownKey }
        entries.removeAll { $0.key == key }
    }

    /// Forgets what is over.
    package mutating func elapsed(now: Uptime) { entries.removeAll { $0.until <= now } }

    /// The shelf that lasts longest over this alarm now.
    package func covering(_ record: AlarmRecord, zone: ZoneID?, now: Uptime) -> Entry? {
        all(over: record, zone: zone, now: now).max { $0.until < $1.until }
    }

    /// All that would have to end before this alarm is back.
    package func keys(over record: AlarmRecord, zone: ZoneID?, now: Uptime) -> [FloodKey] {
        all(over: record, zone: zone, now: now).map(\.key)
    }

    private func all(over record: AlarmRecord, zone: ZoneID?, now: Uptime) -> [Entry] {
        guard record.alarmClass < .emergency, !entries.isEmpty else { return [] }
        return entries.filter { now < $0.until && $0.key.covers(record, zone: zone) }
    }
}

extension String {
    /// Something was written, and not a book.
    var isReason: Bool {
        contains { !$0.isWhitespace } && utf8.count <= Limits.reasonMaxBytes
    }
}
