// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// One order of the hub to a terminal: an officer's deed at the console, done where the alarm's truth is.
package struct HubOrder: Hashable, Sendable {
    package var number: Int64
    package var terminal: TerminalID
    package var action: OfficerAction
    package var alarm: EventID
    package var officer: OfficerID?
    package var givenMs: Int64

    package init(
        number: Int64, terminal: TerminalID, action: OfficerAction, alarm: EventID, officer: OfficerID?,
        givenMs: Int64
    ) {
        self.number = number
        self.terminal = terminal
        self.action = action
        self.alarm = alarm
        self.officer = officer
        self.givenMs = givenMs
    }
}

// Table `command`.

extension HubSession {
    /// Numbers rise and are never given twice, also with several hubs.
    package func give(
        _ action: OfficerAction, to terminal: TerminalID, alarm: EventID, officer: OfficerID?, atMs: Int64
    ) throws -> HubOrder? {
        let last = try row("UPDATE setting SET value = value WHERE name = 'command' RETURNING value")?.text(0)
        let number = (last.flatMap { Int64($0) } ?? 0) + 1
        let waiting = try row(
            "SELECT count(*) FROM command WHERE terminal = ? AND answered_ms IS NULL AND given_ms > ?",
            .id(terminal),
            .int(atMs - Int64(Limits.orderAnswerMs)))
        guard (waiting?.int(0) ?? 0) < Int64(Limits.ordersMaxCount) else { return nil }
        try setSetting("command", "\(number)")
        try run(
            "INSERT INTO command(number, terminal, kind, alarm, officer, given_ms) VALUES(?, ?, ?, ?, ?, ?)",
            .int(number), .id(terminal), .text(action.wireName), .text(alarm.description),
            .text(orNull: officer?.text), .int(atMs))
        return HubOrder(
            number: number, terminal: terminal, action: action, alarm: alarm, officer: officer, givenMs: atMs)
    }

    /// What a terminal has yet to do. An order that nobody waits for any more is not given: an officer who
    /// was told that it failed must not see it done later.
    package func orders(for terminal: TerminalID, after number: Int64, sinceMs: Int64) throws -> [HubOrder] {
        try rows(
            """
            SELECT number, kind, alarm, officer, given_ms FROM command
            WHERE terminal = ? AND number > ? AND answered_ms IS NULL AND given_ms > ? ORDER BY number LIMIT ?
            """, .id(terminal), .int(number), .int(sinceMs), .int(Limits.ordersMaxCount)
        ).compactMap { row in
            guard let action = OfficerAction(wireName: row.text(1)), let alarm = EventID(row.text(2)) else {
                return nil
            }
            return HubOrder(
                number: row.int(0), terminal: terminal, action: action, alarm: alarm, officer: row.id(3),
                givenMs: row.int(4))
        }
    }

    /// Who has something to do that somebody waits for: one question for all who speak at once.
    package func terminalsWithOrders(sinceMs: Int64) throws -> Set<TerminalID> {
        Set(
            try rows(
                "SELECT terminal FROM command WHERE answered_ms IS NULL AND given_ms > ?", .int(sinceMs)
            ).compactMap { $0.id(0) })
    }

    /// The first answer counts; false when there was one, or no such order.
    package func answer(_ number: Int64, by terminal: TerminalID, refusal: String, atMs: Int64) throws -> Bool
    {
        try run(
            """
            UPDATE command SET refusal = ?, answered_ms = ?
            WHERE number = ? AND terminal = ? AND answered_ms IS NULL
            """, .text(refusal), .int(atMs), .int(number), .id(terminal)) == 1
    }

    /// The refusal's name, empty when it was done; nil: not yet answered.
    package func answer(to number: Int64) throws -> String? {
        try row("SELECT refusal FROM command WHERE number = ?", .int(number))?.textOrNil(0)
    }
}

extension OfficerAction {
    /// As orders and routes spell it: `acknowledge`.
    package var wireName: String { "\(self)" }

    package init?(wireName: String) {
        guard let found = Self.allCases.first(where: { $0.wireName == wireName }) else { return nil }
        self = found
    }
}
