// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// One open alarm as the flood list takes it.
package struct FloodAlarm: Hashable, Sendable {
    package var record: AlarmRecord
    package var raisedAtMs: Int64
    package var ageMs: Int
    package var zone: ZoneID?
    package var shelvedUntilMs: Int64?
    /// Under which keys somebody shelved it.
    package var shelves: [FloodKey]

    package init(
        record: AlarmRecord, raisedAtMs: Int64, ageMs: Int, zone: ZoneID?, shelvedUntilMs: Int64? = nil,
        shelves: [FloodKey] = []
    ) {
        self.record = record
        self.raisedAtMs = raisedAtMs
        self.ageMs = ageMs
        self.zone = zone
        self.shelvedUntilMs = shelvedUntilMs
        self.shelves = shelves
    }
}

/// `GET /api/flood`: all open alarms in at most `Limits.floodLinesMaxCount` lines.
///
/// A value; any thread. Always true: every alarm is counted in exactly one line; duress and emergencies come
/// first, each on its own line while there is room, then by zone, then by class, and never with anything
/// else.
package struct FloodView: Codable, Hashable, Sendable {
    package struct Line: Codable, Hashable, Sendable {
        package var key: String
        package var zh: String
        package var en: String
        package var count: Int
        package var alarmClass: String
        package var oldestAt: Int64
        /// The first few, most urgent and oldest first.
        package var alarms: [String]
        @OrNull package var shelvedUntil: Int64?
        /// By which keys it was shelved: what ends that.
        package var shelves: [String]
    }

    package var lines: [Line]
    package var rate10min: Int
    package var isFlood: Bool

    package init(_ alarms: [FloodAlarm], rate: FloodRate, book: PlaceBook) {
        let ordered = alarms.sorted {
            AlarmRecord.comesBefore($0.record, ageMs: $0.ageMs, $1.record, ageMs: $1.ageMs)
        }
        let urgent = ordered.filter { $0.record.alarmClass >= .emergency }
        let other = ordered.filter { $0.record.alarmClass < .emergency }
        let reserve = other.isEmpty ? 0 : min(Limits.floodRestCount, Self.group(other, by: \.full).count)
        let top = Self.finest(urgent, lines: Limits.floodLinesMaxCount - reserve, isUrgent: true)
        let rest = Self.finest(other, lines: Limits.floodLinesMaxCount - top.count, isUrgent: false)
        // What is shelved stands last, but it stands there.
        let shown = rest.filter { $0.shelvedUntilMs == nil } + rest.filter { $0.shelvedUntilMs != nil }
        lines = (top + shown).map { $0.line(book) }
        rate10min = rate.total
        isFlood = rate.isFlood
    }

    /// The finest grouping that fits. By class alone there are two lines at most of either kind, which always
    /// fit; shelved alarms make two more.
    private static func finest(_ alarms: [FloodAlarm], lines: Int, isUrgent: Bool) -> [Group] {
        let first: [Group] = isUrgent ? alarms.map { Group(key: .alarm($0.record.id), alarms: [$0]) } : []
        if isUrgent, first.count <= lines { return first }
        for key in [\FloodAlarm.full, \.byZone, \.byCause] {
            let groups = group(alarms, by: key)
            if groups.count <= lines { return groups }
        }
        return group(alarms, by: \.byClass)
    }

    /// Shelved alarms never share a line with others. Groups keep the order of their first alarm, higher
    /// class first, then the larger group.
    private static func group(_ alarms: [FloodAlarm], by key: KeyPath<FloodAlarm, FloodKey>) -> [Group] {
        var groups: [Group] = []
        var places: [ShelvedKey: Int] = [:]
        for alarm in alarms {
            let name = ShelvedKey(key: alarm[keyPath: key], isShelved: alarm.shelvedUntilMs != nil)
            if let place = places[name] {
                groups[place].alarms.append(alarm)
            } else {
                places[name] = groups.count
                groups.append(Group(key: .group(name.key), alarms: [alarm]))
            }
        }
        return groups.enumerated().sorted { a, b in
            let (first, second) = (a.element, b.element)
            if first.alarmClass != second.alarmClass { return first.alarmClass > second.alarmClass }
            if first.alarms.count != second.alarms.count { return first.alarms.count > second.alarms.count }
            return a.offset < b.offset
        }.map(\.element)
    }

    private struct ShelvedKey: Hashable {
        var key: FloodKey
        var isShelved: Bool
    }

    private struct Group {
        enum Key {
            case alarm(EventID)
            case group(FloodKey)
        }
        var key: Key
        /// Never empty, in order.
        var alarms: [FloodAlarm]

        var alarmClass: AlarmClass { alarms[0].record.alarmClass }
        /// When all of it is back: the latest end.
        var shelvedUntilMs: Int64? { alarms.compactMap(\.shelvedUntilMs).max() }

        func line(_ book: PlaceBook) -> Line {
            let (name, said) =
                switch key {
                case .alarm(let id):
                    (id.description, said(place: book.title(alarms[0].record.point.terminal)))
                case .group(let key): (key.description, said(key, book))
                }
            return Line(
                key: name, zh: said.zh, en: said.en, count: alarms.count, alarmClass: "\(alarmClass)",
                oldestAt: alarms.map(\.raisedAtMs).min() ?? 0,
                alarms: alarms.prefix(Limits.floodNamedCount).map { $0.record.id.description },
                shelvedUntil: shelvedUntilMs,
                shelves: Set(alarms.flatMap(\.shelves)).map(\.description).sorted())
        }

        private func said(place: String) -> Phrase {
            let kind = alarmClass.phrase
            return Phrase("\(kind.zh)：\(place)", "\(kind.en): \(place)")
        }

        private func said(_ key: FloodKey, _ book: PlaceBook) -> Phrase {
            // Of a call the class says it all; of a trouble its cause does.
            let kind =
                key.alarmClass.isCall ? key.alarmClass.phrase : key.cause?.phrase ?? key.alarmClass.phrase
            let zh = key.zone.map { "：\(book.title($0))" } ?? ""
            let en = key.zone.map { ": \(book.title($0))" } ?? ""
            return Phrase("\(kind.zh)\(zh) ×\(alarms.count)", "\(kind.en)\(en) ×\(alarms.count)")
        }
    }
}

extension FloodAlarm {
    fileprivate var full: FloodKey { FloodKey(record.alarmClass, record.cause, zone) }
    fileprivate var byZone: FloodKey { FloodKey(record.alarmClass, nil, zone) }
    fileprivate var byCause: FloodKey { FloodKey(record.alarmClass, record.cause, nil) }
    fileprivate var byClass: FloodKey { FloodKey(record.alarmClass, nil, nil) }
}
