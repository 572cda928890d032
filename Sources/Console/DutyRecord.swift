// SPDX-License-Identifier: Apache-2.0
internal import Alarms
package import Facility

/// 值勤记录: `GET /api/duty`: what each officer did, per day and over the whole span.
///
/// A value; any thread. Counted are deeds at calls (no troubles, tests, folded presses) under the officer
/// who named himself, on the day of the deed, not of the raise; a deed of a key or a line at the door has no
/// name and is nobody's. Times are from the raise to the deed; medians are `NearestRank`'s.
package struct DutyRecord: Codable, Hashable, Sendable {
    package struct Day: Codable, Hashable, Sendable {
        package var day: String
        package var acknowledged: Int
        package var attended: Int
        package var cleared: Int
        @OrNull package var medianAcknowledgeMs: Int?
        @OrNull package var medianAttendMs: Int?
    }
    package struct Month: Codable, Hashable, Sendable {
        package var acknowledged: Int
        package var attended: Int
        package var cleared: Int
        @OrNull package var medianAcknowledgeMs: Int?
        @OrNull package var medianAttendMs: Int?
    }
    package struct Officer: Codable, Hashable, Sendable {
        package var officer: String
        package var name: String
        /// Days with a deed only.
        package var days: [Day]
        /// The whole span that was asked for, most often a month.
        package var month: Month
    }

    /// By officer's number.
    package var officers: [Officer]

    /// Deeds within `span`; hand in every alarm that may have one, so also those raised shortly before it.
    /// `only` one officer when named.
    package init(
        of alarms: [DatedAlarm], span: Range<Int64>, only: OfficerID? = nil, time: LocalTime, book: PlaceBook
    ) {
        var done: [OfficerID: [LocalDay: Deeds]] = [:]
        for alarm in alarms where alarm.isCall {
            for (kind, deed) in alarm.record.deeds {
                let at = alarm.atMs(deed)
                guard kind.isDuty, let officer = deed.officer, span.contains(at),
                    only == nil || only == officer
                else {
                    continue
                }
                done[officer, default: [:]][time.day(at), default: Deeds()].add(kind, Int(deed.afterMs))
            }
        }
        officers = done.sorted { $0.key < $1.key }.map { officer, days in
            let whole = days.values.reduce(into: Deeds()) { $0.add($1) }
            return Officer(
                officer: officer.text, name: book.name(officer),
                days: days.sorted { $0.key < $1.key }.map { day, deeds in
                    Day(
                        day: day.description, acknowledged: deeds.acknowledged.count,
                        attended: deeds.attended.count, cleared: deeds.cleared,
                        medianAcknowledgeMs: NearestRank.median(deeds.acknowledged),
                        medianAttendMs: NearestRank.median(deeds.attended))
                },
                month: Month(
                    acknowledged: whole.acknowledged.count, attended: whole.attended.count,
                    cleared: whole.cleared, medianAcknowledgeMs: NearestRank.median(whole.acknowledged),
                    medianAttendMs: NearestRank.median(whole.attended)))
        }
    }

    private struct Deeds {
        var acknowledged: [Int] = []
        var attended: [Int] = []
        var cleared = 0

        mutating func add(_ kind: DeedKind, _ afterMs: Int) {
            switch kind {
            case .acknowledged: acknowledged.append(afterMs)
            case .attended: attended.append(afterMs)
            case .cleared: cleared += 1
            case .annunciated, .silenced, .spoken: break
            }
        }

        mutating func add(_ other: Deeds) {
            acknowledged += other.acknowledged
            attended += other.attended
            cleared += other.cleared
        }
    }

    package var csv: String {
        var table = CSVText(head: [
            "警号 officer", "姓名 name", "日期 day", "确认 acknowledged", "到场 attended", "解除 cleared",
            "确认中位毫秒 median acknowledge ms", "到场中位毫秒 median attend ms",
        ])
        for officer in officers {
            for day in officer.days {
                table.add([
                    .text(officer.officer), .text(officer.name), .text(day.day), .number(day.acknowledged),
                    .number(day.attended), .number(day.cleared), .number(day.medianAcknowledgeMs),
                    .number(day.medianAttendMs),
                ])
            }
            let month = officer.month
            table.add([
                .text(officer.officer), .text(officer.name), .text("合计 total"), .number(month.acknowledged),
                .number(month.attended), .number(month.cleared), .number(month.medianAcknowledgeMs),
                .number(month.medianAttendMs),
            ])
        }
        return table.text
    }
}

extension DeedKind {
    /// What a duty record counts.
    fileprivate var isDuty: Bool {
        switch self {
        case .acknowledged, .attended, .cleared: true
        case .annunciated, .silenced, .spoken: false
        }
    }
}
