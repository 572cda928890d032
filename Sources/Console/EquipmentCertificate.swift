// SPDX-License-Identifier: Apache-2.0
internal import Alarms
package import Facility

/// 设备月检: `GET /api/certificate`: how each terminal did over a period: when its alarm could not have been
/// raised, what was ill, and when its button was last tried.
///
/// A value; any thread. Availability is the share of the period, rounded down to four digits, in which no
/// outage (no proof of life) and no trouble of the alarm path stood; what overlaps counts once. What still
/// lasts counts until the end of the period, or until now when the period is not over.
package struct EquipmentCertificate: Codable, Hashable, Sendable {
    /// A time in which a terminal gave no proof of life.
    package struct Outage: Hashable, Sendable {
        package var terminal: TerminalID
        package var fromMs: Int64
        /// nil = it lasts.
        package var toMs: Int64?

        package init(terminal: TerminalID, fromMs: Int64, toMs: Int64?) {
            self.terminal = terminal
            self.fromMs = fromMs
            self.toMs = toMs
        }
    }

    /// A button that was tried in a round.
    package struct ButtonTest: Hashable, Sendable {
        package var terminal: TerminalID
        package var atMs: Int64

        package init(terminal: TerminalID, atMs: Int64) {
            self.terminal = terminal
            self.atMs = atMs
        }
    }

    package struct Trouble: Codable, Hashable, Sendable {
        package var cause: String
        package var zh: String
        package var en: String
        package var count: Int
        package var ms: Int64
    }

    package struct Row: Codable, Hashable, Sendable {
        package var terminal: String
        package var title: String
        package var zone: String
        package var role: String
        /// null before the period began.
        @OrNull package var availability: Double?
        package var unavailableMs: Int64
        package var outages: Int
        package var outageMs: Int64
        package var longestOutageMs: Int64
        /// The longest time without a way for an alarm, for whatever reason.
        package var longestMs: Int64
        package var faults: [Trouble]
        package var buttonTests: Int
        @OrNull package var lastButtonTestAt: Int64?
    }

    package var from: Int64
    package var to: Int64
    package var terminals: [Row]

    package init(
        period: Range<Int64>, outages: [Outage], troubles: [DatedAlarm], tests: [ButtonTest], nowMs: Int64,
        book: PlaceBook
    ) {
        from = period.lowerBound
        to = period.upperBound
        let counted = period.lowerBound..<max(period.lowerBound, min(period.upperBound, nowMs))
        let outagesOf = Dictionary(grouping: outages, by: \.terminal)
        let troublesOf = Dictionary(grouping: troubles.filter { $0.record.alarmClass == .trouble }) {
            $0.record.point.terminal
        }
        let testsOf = Dictionary(grouping: tests.filter { period.contains($0.atMs) }, by: \.terminal)
        terminals = book.places.map { place in
            Self.row(
                place, counted, outagesOf[place.id, default: []], troublesOf[place.id, default: []],
                testsOf[place.id, default: []])
        }
    }

    private static func row(
        _ place: PlaceBook.Place, _ counted: Range<Int64>, _ outages: [Outage], _ troubles: [DatedAlarm],
        _ tests: [ButtonTest]
    ) -> Row {
        let silent = Spans(outages.compactMap { counted.part(from: $0.fromMs, to: $0.toMs) })
        var ill: [AlarmCause: [Range<Int64>]] = [:]
        for trouble in troubles {
            // What was only noticed once took no time, however late somebody cleared it.
            let end = trouble.record.cleared.map(trouble.atMs)
            let part =
                trouble.record.cause.lasts
                ? counted.part(from: trouble.raisedAtMs, to: end)
                : counted.contains(trouble.raisedAtMs) ? trouble.raisedAtMs..<trouble.raisedAtMs : nil
            if let part { ill[trouble.record.cause, default: []].append(part) }
        }
        let broken = ill.filter { $0.key.breaksAlarmPath }.flatMap(\.value)
        let unavailable = Spans(silent.ranges + broken)
        let wholeMs = Int(counted.upperBound - counted.lowerBound)
        return Row(
            terminal: place.id.text, title: place.title, zone: place.zone.text, role: "\(place.role)",
            availability: NearestRank.share(wholeMs - Int(unavailable.totalMs), of: wholeMs),
            unavailableMs: unavailable.totalMs, outages: silent.ranges.count, outageMs: silent.totalMs,
            longestOutageMs: silent.ranges.map { $0.upperBound - $0.lowerBound }.max() ?? 0,
            longestMs: unavailable.ranges.map { $0.upperBound - $0.lowerBound }.max() ?? 0,
            faults: ill.sorted { $0.key.rawValue < $1.key.rawValue }.map { cause, parts in
                Trouble(
                    cause: "\(cause)", zh: cause.phrase.zh, en: cause.phrase.en, count: parts.count,
                    ms: Spans(parts).totalMs)
            },
            buttonTests: tests.count, lastButtonTestAt: tests.map(\.atMs).max())
    }

    package func csv(time: LocalTime) -> String {
        var table = CSVText(head: [
            "终端 terminal", "位置 place", "监区 zone", "可用率 availability", "不可用毫秒 unavailable ms", "失联次数 outages",
            "失联毫秒 outage ms", "最长失联毫秒 longest outage ms", "故障 faults", "按钮测试 button tests",
            "最近测试 last button test",
        ])
        for row in terminals {
            let faults = row.faults.map { "\($0.zh) \($0.en) ×\($0.count)" }.joined(separator: "; ")
            table.add([
                .text(row.terminal), .text(row.title), .text(row.zone), .share(of: row.availability),
                .number(row.unavailableMs), .number(row.outages), .number(row.outageMs),
                .number(row.longestOutageMs), .text(faults), .number(row.buttonTests),
                row.lastButtonTestAt.map { .text(time.text($0)) } ?? .empty,
            ])
        }
        return table.text
    }
}

/// Times joined where they touch or overlap, so that nothing counts twice.
private struct Spans {
    private(set) var ranges: [Range<Int64>] = []

    init(_ parts: [Range<Int64>]) {
        for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, part.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
            } else {
                ranges.append(part)
            }
        }
    }

    var totalMs: Int64 { ranges.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }
}

extension Range<Int64> {
    /// The part of `from..<to` that lies in here; a missing end lasts. nil when there is none.
    fileprivate func part(from: Int64, to: Int64?) -> Range<Int64>? {
        let (start, end) = (Swift.max(lowerBound, from), Swift.min(upperBound, to ?? .max))
        return start < end ? start..<end : nil
    }
}
