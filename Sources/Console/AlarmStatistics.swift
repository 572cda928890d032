// SPDX-License-Identifier: Apache-2.0
internal import Alarms
internal import Facility

/// 五分钟到场: `GET /api/statistics`: was every call of a month answered by somebody at the door, and how soon?
///
/// A value; any thread. Counted are the duress alarms, emergencies and cell calls raised in the month, each
/// once (no troubles, no button tests, no press that was folded into an older alarm). Times are from the
/// raise to the attendance, over the calls that were attended. `within300s` is the share attended within
/// `Limits.attendWithinMs`, the bound included, of all that should have been attended: every call but a cell
/// call that was settled by speech alone. What nobody attended counts as not within. The percentiles are
/// `NearestRank`'s.
package struct AlarmStatistics: Codable, Hashable, Sendable {
    package struct Day: Codable, Hashable, Sendable {
        package var day: String
        package var alarms: Int
        package var attended: Int
        package var settledBySpeech: Int
        @OrNull package var p50Ms: Int?
        @OrNull package var p95Ms: Int?
        @OrNull package var within300s: Double?
    }
    package struct Class: Codable, Hashable, Sendable {
        package var alarmClass: String
        package var zh: String
        package var en: String
        package var alarms: Int
        package var attended: Int
        package var settledBySpeech: Int
        @OrNull package var p50Ms: Int?
        @OrNull package var p95Ms: Int?
        @OrNull package var within300s: Double?
    }

    package var month: String
    package var alarms: Int
    package var attended: Int
    package var settledBySpeech: Int
    @OrNull package var p50Ms: Int?
    @OrNull package var p95Ms: Int?
    @OrNull package var within300s: Double?
    /// Days with a call only.
    package var byDay: [Day]
    /// The most urgent class first; classes with a call only.
    package var byClass: [Class]

    package init(of month: LocalMonth, alarms all: [DatedAlarm], time: LocalTime) {
        let span = time.span(of: month)
        let calls = all.filter { $0.isCall && span.contains($0.raisedAtMs) }
        let whole = Figures(calls)
        self.month = month.description
        alarms = whole.alarms
        attended = whole.attended
        settledBySpeech = whole.settledBySpeech
        p50Ms = whole.p50Ms
        p95Ms = whole.p95Ms
        within300s = whole.within
        let days = Dictionary(grouping: calls) { time.day($0.raisedAtMs) }
        byDay = days.sorted { $0.key < $1.key }.map { day, calls in
            let figures = Figures(calls)
            return Day(
                day: day.description, alarms: figures.alarms, attended: figures.attended,
                settledBySpeech: figures.settledBySpeech, p50Ms: figures.p50Ms, p95Ms: figures.p95Ms,
                within300s: figures.within)
        }
        let classes = Dictionary(grouping: calls) { $0.record.alarmClass }
        byClass = classes.sorted { $0.key > $1.key }.map { alarmClass, calls in
            let figures = Figures(calls)
            return Class(
                alarmClass: "\(alarmClass)", zh: alarmClass.phrase.zh, en: alarmClass.phrase.en,
                alarms: figures.alarms, attended: figures.attended,
                settledBySpeech: figures.settledBySpeech, p50Ms: figures.p50Ms, p95Ms: figures.p95Ms,
                within300s: figures.within)
        }
    }

    private struct Figures {
        var alarms: Int
        var attended: Int
        var settledBySpeech: Int
        var p50Ms: Int?
        var p95Ms: Int?
        var within: Double?

        init(_ calls: [DatedAlarm]) {
            let times = calls.compactMap { $0.record.attended.map { Int($0.afterMs) } }
            alarms = calls.count
            attended = times.count
            settledBySpeech = calls.count {
                $0.record.attended == nil && $0.record.cleared?.ground == .speech
            }
            p50Ms = NearestRank.percentile(50, of: times)
            p95Ms = NearestRank.percentile(95, of: times)
            within = NearestRank.share(
                times.count { $0 <= Limits.attendWithinMs }, of: alarms - settledBySpeech)
        }
    }

    package var csv: String {
        var table = CSVText(head: [
            "日期 day", "报警 alarms", "到场 attended", "通话处置 by speech", "中位到场毫秒 p50 ms", "95%到场毫秒 p95 ms",
            "五分钟内 within 300 s",
        ])
        for day in byDay {
            table.add([
                .text(day.day), .number(day.alarms), .number(day.attended), .number(day.settledBySpeech),
                .number(day.p50Ms), .number(day.p95Ms), .share(of: day.within300s),
            ])
        }
        table.add([
            .text(month), .number(alarms), .number(attended), .number(settledBySpeech), .number(p50Ms),
            .number(p95Ms), .share(of: within300s),
        ])
        return table.text
    }
}
