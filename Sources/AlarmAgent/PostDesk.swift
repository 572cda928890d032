// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
package import GPIO

/// The officers' side of a post: its list, its buzzer and lamps, and the alarms it decides for a lost cell.
///
/// A value on the line thread. Always true: what is on the list is seen (lamp) and, unless paused or
/// attended, heard (buzzer); the alarm of a cell that died after raising stays, and its ladder goes on here.
package struct PostDesk: Sendable {
    package let terminal: TerminalID
    private let ladderMs: [Int]
    package private(set) var roll = AlarmRoll()
    /// Alarms of lost cells: this post decides on its own copy until the cell is back.
    private var custody: [EventID: AlarmMachine] = [:]
    /// Alarms cleared here while their cell was lost, until it has been told.
    private var over: [EventID: AlarmRecord] = [:]
    private var testUntil: Uptime?

    package init(terminal: TerminalID, ladderMs: [Int]) {
        self.terminal = terminal
        self.ladderMs = ladderMs
    }

    package mutating func receive(_ record: AlarmRecord, ageMs: Int, now: Uptime) -> RollChange {
        let change = roll.receive(record, ageMs: ageMs, now: now)
        switch change {
        case .listed, .updated:
            _ = custody[record.id]?.merge(record, now: now)
        case .ended:
            custody[record.id] = nil
        case .known, .full:
            break
        }
        return change
    }

    /// The terminal is lost: its alarms stay, and this post now decides for them. Answers which.
    package mutating func lost(_ cell: TerminalID, now: Uptime) -> [EventID] {
        let ids = roll.mark(cell, isLost: true)
        for id in ids {
            guard let entry = roll.entries[id] else { continue }
            custody[id] = AlarmMachine(
                taking: entry.record, ageMs: entry.ageMs(now), now: now, ladderMs: ladderMs)
        }
        return ids
    }

    /// The terminal is back: it decides again, and has to be told of these alarms.
    package mutating func returned(_ cell: TerminalID) -> [EventID] {
        for id in roll.mark(cell, isLost: false) { custody[id] = nil }
        return roll.entries.keys.filter { $0.terminal == cell }
    }

    /// A listed alarm and its age; nil once it is over.
    package func known(_ id: EventID, now: Uptime) -> (record: AlarmRecord, ageMs: Int)? {
        roll.entries[id].map { ($0.record, $0.ageMs(now)) }
            ?? over[id].map { ($0, Int($0.cleared?.afterMs ?? 0)) }
    }

    package func decides(_ id: EventID) -> Bool { custody[id] != nil }

    /// An officer's action on the alarm of a lost cell. Its attendance line cannot be read, so a word is
    /// taken, recorded as declared.
    package mutating func perform(
        _ action: OfficerAction, on id: EventID, source: ActionSource, now: Uptime
    ) throws(AlarmRefusal) -> Published {
        guard custody[id] != nil else { throw .unknownAlarm }
        guard let change = try custody[id]?.perform(action, source: source, lineReachable: false, now: now)
        else {
            throw .unknownAlarm
        }
        return decided(id, change, now)
    }

    package mutating func elapsed(now: Uptime) -> [Published] {
        if let testUntil, testUntil <= now { self.testUntil = nil }
        roll.elapsed(now: now)
        var published: [Published] = []
        for id in custody.keys {
            for change in custody[id]?.elapsed(now: now) ?? [] { published.append(decided(id, change, now)) }
        }
        return published
    }

    private mutating func decided(_ id: EventID, _ change: AlarmChange, _ now: Uptime) -> Published {
        guard let machine = custody[id] else { preconditionFailure("only a machine that is there changes") }
        let age = machine.ageMs(now)
        _ = roll.receive(machine.record, ageMs: age, now: now)
        if !machine.record.isOpen {
            custody[id] = nil
            over[id] = machine.record
        }
        return Published(record: machine.record, change: change, ageMs: age)
    }

    /// The cell, and everybody else, has been told of the end.
    package mutating func forget(_ id: EventID) { over[id] = nil }

    package func deadline(now: Uptime) -> Uptime? {
        ([testUntil, roll.deadline(now: now)] + custody.values.map(\.deadline)).compactMap { $0 }.min()
    }

    /// Sounds the buzzer for a second, whatever else is.
    package mutating func testBuzzer(now: Uptime) { testUntil = now.advanced(ms: Limits.buzzerTestMs) }

    /// Is this alarm to be heard now?
    package func sounds(_ id: EventID, now: Uptime) -> Bool {
        roll.entries[id].map { $0.sounds(atAgeMs: $0.ageMs(now)) } ?? false
    }

    // MARK: - What is seen and heard

    /// Own sound for each class: duress steady, emergency fast, cell call slow, trouble a chirp.
    package func buzzer(now: Uptime) -> OutputPattern {
        if testUntil != nil { return .steady }
        return switch roll.sounding(now: now) {
        case .officerDuress: .steady
        case .emergency: .fastBlink
        case .cellCall: .slowBlink
        case .trouble: .chirp
        case nil: .off
        }
    }

    /// Blinks while somebody has to acknowledge, steady while anything is open: silence never puts it out.
    package func lamp(trouble: Bool) -> OutputPattern {
        var pattern = OutputPattern.off
        for entry in roll.entries.values where (entry.record.alarmClass == .trouble) == trouble {
            if entry.record.phase < .acknowledged { return .fastBlink }
            pattern = .steady
        }
        return pattern
    }
}
