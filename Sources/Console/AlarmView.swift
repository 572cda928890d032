// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// An officer as a page names one.
package struct OfficerView: Codable, Hashable, Sendable {
    package var id: String
    package var name: String

    package init(_ id: OfficerID, _ book: PlaceBook) {
        self.id = id.text
        name = book.name(id)
    }
}

/// What was done to an alarm, by the names of the API.
package enum DeedKind: String, Codable, Hashable, Sendable, CaseIterable {
    case annunciated
    case acknowledged
    case silenced
    case spoken
    case attended
    case cleared
}

/// How an alarm stands at one instant, beyond what its record says.
package struct AlarmStanding: Hashable, Sendable {
    package var ageMs: Int
    package var sounds: Bool
    package var isHistory: Bool
    package var isCellLost: Bool
    package var shelvedUntilMs: Int64?

    package init(
        ageMs: Int, sounds: Bool, isHistory: Bool = false, isCellLost: Bool = false,
        shelvedUntilMs: Int64? = nil
    ) {
        self.ageMs = ageMs
        self.sounds = sounds && !isHistory
        self.isHistory = isHistory
        self.isCellLost = isCellLost
        self.shelvedUntilMs = shelvedUntilMs
    }
}

/// `Alarm` of the console's API: one alarm as a page shows it. A value; any thread. Always true: history
/// never sounds, and the five-minute clock runs only while somebody has to come.
package struct AlarmView: Codable, Hashable, Sendable {
    package struct DeedView: Codable, Hashable, Sendable {
        package var deed: DeedKind
        package var afterMs: Int
        package var terminal: String
        @OrNull package var officer: OfficerView?
        package var ground: String
    }
    package struct ToDo: Codable, Hashable, Sendable {
        package var zh: [String]
        package var en: [String]
    }

    package var id: String
    /// Where it is, not who says so.
    package var terminal: String
    package var title: String
    package var zone: String
    package var point: String
    package var alarmClass: String
    package var cause: String
    package var phase: String
    package var raisedAt: Int64
    /// 4294967295 when no clock is known.
    package var uncertaintyMs: UInt32
    package var ageMs: Int
    package var presses: UInt32
    package var escalation: UInt8
    package var history: Bool
    package var cellLost: Bool
    package var sounding: Bool
    /// Left of the pause of the sound.
    @OrNull package var quietForMs: Int?
    /// Left of the five minutes; negative when over.
    @OrNull package var clockMs: Int?
    package var attendanceWired: Bool
    package var deeds: [DeedView]
    @OrNull package var shelvedUntil: Int64?
    package var todo: ToDo

    package init(_ alarm: DatedAlarm, _ standing: AlarmStanding, _ book: PlaceBook) {
        let record = alarm.record
        id = record.id.description
        terminal = record.point.terminal.text
        title = book.title(record.point.terminal)
        zone = book.zone(record.point.terminal).map { book.title($0) } ?? ""
        point = record.point.name.text
        alarmClass = "\(record.alarmClass)"
        cause = "\(record.cause)"
        phase = "\(record.phase)"
        raisedAt = alarm.raisedAtMs
        uncertaintyMs = alarm.uncertaintyMs
        ageMs = standing.ageMs
        presses = record.presses
        escalation = record.escalation
        history = standing.isHistory
        cellLost = standing.isCellLost
        sounding = standing.sounds
        quietForMs = Self.quietForMs(record, standing)
        clockMs = Self.clockMs(record, ageMs: standing.ageMs)
        attendanceWired = record.attendanceWired
        deeds = record.deeds.map { kind, deed in
            DeedView(
                deed: kind, afterMs: Int(deed.afterMs), terminal: deed.terminal.text,
                officer: deed.officer.map { OfficerView($0, book) }, ground: "\(deed.ground)")
        }
        shelvedUntil = standing.shelvedUntilMs
        todo = ToDo(record, standing, title: title)
    }

    private static func quietForMs(_ record: AlarmRecord, _ standing: AlarmStanding) -> Int? {
        guard record.isOpen, record.attended == nil, !record.isMuted, !standing.sounds,
            let silenced = record.silenced
        else { return nil }
        let left = Int(silenced.afterMs) + Limits.silenceMaxMs - standing.ageMs
        return left > 0 && left <= Limits.silenceMaxMs ? left : nil
    }

    private static func clockMs(_ record: AlarmRecord, ageMs: Int) -> Int? {
        guard record.isOpen, record.attended == nil, record.alarmClass.isCall else { return nil }
        return Limits.attendWithinMs - ageMs
    }
}

extension AlarmRecord {
    package func deed(_ kind: DeedKind) -> Deed? {
        switch kind {
        case .annunciated: annunciated
        case .acknowledged: acknowledged
        case .silenced: silenced
        case .spoken: spoken
        case .attended: attended
        case .cleared: cleared
        }
    }

    /// What was done, in the order in which it was done; the order of the kinds decides within a millisecond.
    package var deeds: [(kind: DeedKind, deed: Deed)] {
        let all = DeedKind.allCases.compactMap { kind in deed(kind).map { (kind: kind, deed: $0) } }
        return all.enumerated().sorted {
            ($0.element.deed.afterMs, $0.offset) < ($1.element.deed.afterMs, $1.offset)
        }.map(\.element)
    }
}
