// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// 按钮测试: one round through the cells of a zone, in which an officer presses every button once.
///
/// A value without clock or I/O. Always true: a round silences nothing. Every press rings at the posts as
/// ever; the round only says what a press was, so that a tested button is no alarm in the statistics. It
/// says *test* for the first press of a waiting button at a cell of the round and for nothing else. An
/// emergency pressed twice within the round is real: a tester presses once, and whoever presses again wants
/// somebody; to be wrong costs one visit, the other way round it may cost a life. For the same reason an
/// officer's duress is always real.
package struct ButtonRound: Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case waiting
        case pressed
        case skipped
    }

    /// What an alarm's record means while the round runs.
    package enum Verdict: Hashable, Sendable {
        /// The button of a cell of this round, tried.
        case test
        /// An alarm at a cell of the round that is no test, or no longer one.
        case real
        /// Nothing to do with this round.
        case untouched
    }

    package struct Cell: Hashable, Sendable {
        package var terminal: TerminalID
        package var title: String
        package var state = State.waiting
        package var pressedAtMs: Int64?
        /// From the press to the confirmation of a post.
        package var ms: Int?
        package var note = ""
        /// The alarm by which each of its buttons was tried.
        fileprivate var tried: [PointName: EventID] = [:]
        fileprivate var real: Set<EventID> = []
    }

    package let id: String
    package let zone: ZoneID
    package let by: OfficerID
    package let started: Moment
    package private(set) var endedAtMs: Int64?
    package private(set) var cells: [Cell]

    package init(id: String, zone: ZoneID, by: OfficerID, book: PlaceBook, now: Moment) throws(ConsoleRefusal)
    {
        cells = book.cells(of: zone).map { Cell(terminal: $0.id, title: $0.title) }
        guard !cells.isEmpty else { throw .noCells }
        self.id = id
        self.zone = zone
        self.by = by
        started = now
    }

    package var isRunning: Bool { endedAtMs == nil }

    /// Hand in every record that arrives, repeated ones too: the same record always gets the same answer or a
    /// more serious one.
    package mutating func see(_ record: AlarmRecord, ageMs: Int, now: Moment) -> Verdict {
        guard isRunning, record.alarmClass.isCall,
            let index = cells.firstIndex(where: { $0.terminal == record.point.terminal })
        else { return .untouched }
        if cells[index].real.contains(record.id) { return .real }
        if cells[index].tried[record.point.name] == record.id {
            confirm(index, record)
            return record.alarmClass == .emergency && record.presses > 1 ? real(index, record) : .test
        }
        if now.uptime.ms(since: started.uptime) < ageMs { return .untouched }
        if record.alarmClass == .officerDuress || cells[index].tried[record.point.name] != nil {
            return real(index, record)
        }
        cells[index].tried[record.point.name] = record.id
        if cells[index].state != .pressed {
            cells[index].state = .pressed
            cells[index].pressedAtMs = now.wallMs - Int64(ageMs)
        }
        confirm(index, record)
        return record.alarmClass == .emergency && record.presses > 1 ? real(index, record) : .test
    }

    private mutating func real(_ index: Int, _ record: AlarmRecord) -> Verdict {
        cells[index].real.insert(record.id)
        return .real
    }

    /// The slowest of a cell's buttons counts.
    private mutating func confirm(_ index: Int, _ record: AlarmRecord) {
        guard let annunciated = record.annunciated else { return }
        cells[index].ms = max(cells[index].ms ?? 0, Int(annunciated.afterMs))
    }

    /// A press after all still marks the cell as pressed.
    package mutating func skip(_ terminal: TerminalID, note: String) throws(ConsoleRefusal) {
        guard isRunning else { throw .roundEnded }
        guard let index = cells.firstIndex(where: { $0.terminal == terminal }) else { throw .notInRound }
        guard note.isReason else { throw .reasonMissing }
        cells[index].note = note
        if cells[index].state == .waiting { cells[index].state = .skipped }
    }

    package mutating func end(now: Moment) throws(ConsoleRefusal) {
        guard isRunning else { throw .roundEnded }
        endedAtMs = now.wallMs
    }

    /// A forgotten round ends by itself, or the next real press would be called a test. True when it just
    /// did.
    package mutating func elapsed(now: Moment) -> Bool {
        guard isRunning, now.uptime.ms(since: started.uptime) >= Limits.roundMaxMs else { return false }
        endedAtMs = now.wallMs
        return true
    }
}

/// `GET /api/rounds/{id}`.
package struct RoundView: Codable, Hashable, Sendable {
    package struct Cell: Codable, Hashable, Sendable {
        package var terminal: String
        package var title: String
        package var state: ButtonRound.State
        @OrNull package var pressedAt: Int64?
        @OrNull package var ms: Int?
        package var note: String
    }
    package var id: String
    package var zone: String
    package var startedAt: Int64
    @OrNull package var endedAt: Int64?
    package var by: OfficerView
    package var cells: [Cell]

    package init(_ round: ButtonRound, _ book: PlaceBook) {
        id = round.id
        zone = round.zone.text
        startedAt = round.started.wallMs
        endedAt = round.endedAtMs
        by = OfficerView(round.by, book)
        cells = round.cells.map {
            Cell(
                terminal: $0.terminal.text, title: $0.title, state: $0.state, pressedAt: $0.pressedAtMs,
                ms: $0.ms, note: $0.note)
        }
    }

    package func csv(time: LocalTime) -> String {
        var table = CSVText(head: [
            "测试 round", "民警 officer", "终端 terminal", "位置 place", "结果 result", "按下时间 pressed at",
            "到岗毫秒 ms to post", "备注 note",
        ])
        for cell in cells {
            table.add([
                .text(id), .text("\(by.id) \(by.name)"), .text(cell.terminal), .text(cell.title),
                .text(cell.state.phrase.zh + " " + cell.state.phrase.en),
                cell.pressedAt.map { .text(time.text($0)) } ?? .empty, .number(cell.ms), .text(cell.note),
            ])
        }
        return table.text
    }
}

extension ButtonRound.State {
    package var phrase: Phrase {
        switch self {
        case .waiting: Phrase("未按", "not pressed")
        case .pressed: Phrase("已按", "pressed")
        case .skipped: Phrase("跳过", "skipped")
        }
    }
}
