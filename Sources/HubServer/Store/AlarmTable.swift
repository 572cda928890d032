// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
import PanelLink

/// One alarm as the hub knows it: the facts of every journal that told of it, merged.
package struct HubAlarm: Hashable, Sendable {
    package var record: AlarmRecord
    /// Who owns the truth now: the origin, or the post that keeps the alarm of a lost cell.
    package var custodian: TerminalID
    /// The raise on the hub's clock, as near as is known.
    package var raisedMs: Int64
    package var raisedUncertaintyMs: UInt32
    /// It was over or old when the hub first heard of it: it is shown and never rings.
    package var isHistory: Bool
    package var changedMs: Int64
    /// A button that was tried in a round; decided after it was taken, so `put` leaves it alone.
    package var isTest = false

    package init(
        record: AlarmRecord, custodian: TerminalID, raisedMs: Int64, raisedUncertaintyMs: UInt32,
        isHistory: Bool,
        changedMs: Int64
    ) {
        self.record = record
        self.custodian = custodian
        self.raisedMs = raisedMs
        self.raisedUncertaintyMs = raisedUncertaintyMs
        self.isHistory = isHistory
        self.changedMs = changedMs
    }

    package var isCellLost: Bool { custodian != record.id.terminal }

    package func ageMs(at nowMs: Int64) -> Int { Int(max(0, nowMs - raisedMs)) }
}

/// What a list of alarms is asked for.
package struct AlarmQuery: Sendable {
    package var fromMs: Int64 = 0
    package var toMs: Int64 = .max
    /// Nil: all.
    package var terminals: [TerminalID]?
    package var alarmClass: AlarmClass?
    /// Go on after this alarm of the page before.
    package var after: (raisedMs: Int64, id: String)?
    package var limit = Limits.listPageCount

    package init() {}
}

extension HubSession {
    private static var alarmColumns: String {
        "record, custodian, raised_ms, raised_uncertainty_ms, is_history, changed_ms, is_test"
    }

    package func alarm(_ id: EventID) throws -> HubAlarm? {
        try row("SELECT \(Self.alarmColumns) FROM alarm WHERE id = ?", .text(id.description)).flatMap(
            HubAlarm.init)
    }

    package func openAlarms() throws -> [HubAlarm] {
        try rows("SELECT \(Self.alarmColumns) FROM alarm WHERE phase < 5", []).compactMap(HubAlarm.init)
    }

    package func openAlarms(at terminal: TerminalID) throws -> [HubAlarm] {
        try rows(
            "SELECT \(Self.alarmColumns) FROM alarm WHERE phase < 5 AND terminal = ?", .id(terminal)
        ).compactMap(HubAlarm.init)
    }

    /// Newest first.
    package func alarms(_ query: AlarmQuery) throws -> [HubAlarm] {
        var sql = "SELECT \(Self.alarmColumns) FROM alarm WHERE raised_ms >= ? AND raised_ms < ?"
        var values: [HubValue] = [.int(query.fromMs), .int(query.toMs)]
        if let terminals = query.terminals {
            guard !terminals.isEmpty else { return [] }
            sql += " AND terminal IN (\(repeatElement("?", count: terminals.count).joined(separator: ", ")))"
            values += terminals.map(HubValue.id)
        }
        if let alarmClass = query.alarmClass {
            sql += " AND alarm_class = ?"
            values.append(.int(alarmClass.rawValue))
        }
        if let after = query.after {
            sql += " AND (raised_ms < ? OR (raised_ms = ? AND id < ?))"
            values += [.int(after.raisedMs), .int(after.raisedMs), .text(after.id)]
        }
        sql += " ORDER BY raised_ms DESC, id DESC LIMIT ?"
        values.append(.int(min(query.limit, Limits.listMaxCount)))
        return try rows(sql, values).compactMap(HubAlarm.init)
    }

    /// Page after page, up to the query's limit.
    package func allAlarms(_ query: AlarmQuery) throws -> [HubAlarm] {
        var all: [HubAlarm] = []
        var page = query
        repeat {
            page.limit = min(query.limit - all.count, Limits.listMaxCount)
            let found = try alarms(page)
            all += found
            guard found.count == page.limit, let last = found.last else { break }
            page.after = (last.raisedMs, last.record.id.description)
        } while all.count < query.limit
        return all
    }

    /// What a round of button tests says of an alarm.
    package func setTest(_ isTest: Bool, of id: EventID) throws {
        try run("UPDATE alarm SET is_test = ? WHERE id = ?", .bool(isTest), .text(id.description))
    }

    /// What a round said since the hub above was told, and what it was told before it was put back.
    func untoldTests() throws -> [EventID: Bool] {
        let rows = try rows(
            "SELECT id, is_test FROM alarm WHERE is_test <> told_test LIMIT ?", .int(Limits.listMaxCount))
        var tests: [EventID: Bool] = [:]
        for row in rows { if let id = EventID(row.text(0)) { tests[id] = row.bool(1) } }
        return tests
    }

    func setTold(_ isTest: Bool, of id: EventID) throws {
        try run("UPDATE alarm SET told_test = ? WHERE id = ?", .bool(isTest), .text(id.description))
    }

    /// A hub above that was put back knows less than it was told: what is recent is told again.
    func forgetTold(sinceMs: Int64) throws {
        try run("UPDATE alarm SET told_test = 0 WHERE is_test = 1 AND raised_ms > ?", .int(sinceMs))
    }

    package func put(_ alarm: HubAlarm) throws {
        let record = alarm.record
        try run(
            """
            INSERT INTO alarm(id, terminal, alarm_class, phase, raised_ms, raised_uncertainty_ms, record,
                custodian, is_history, changed_ms)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET phase = excluded.phase, raised_ms = excluded.raised_ms,
                raised_uncertainty_ms = excluded.raised_uncertainty_ms, record = excluded.record,
                custodian = excluded.custodian, is_history = excluded.is_history,
                changed_ms = excluded.changed_ms
            """, .text(record.id.description), .id(record.point.terminal), .int(record.alarmClass.rawValue),
            .int(record.phase.rawValue), .int(alarm.raisedMs), .int(alarm.raisedUncertaintyMs),
            .bytes(encodeRecord(record)), .id(alarm.custodian), .bool(alarm.isHistory), .int(alarm.changedMs))
    }
}

extension HubAlarm {
    fileprivate init?(row: HubRow) {
        guard let record = try? decodeRecord(row.bytes(0)), let custodian: TerminalID = row.id(1) else {
            return nil
        }
        self.init(
            record: record, custodian: custodian, raisedMs: row.int(2),
            raisedUncertaintyMs: UInt32(truncatingIfNeeded: row.int(3)), isHistory: row.bool(4),
            changedMs: row.int(5))
        isTest = row.bool(6)
    }
}
