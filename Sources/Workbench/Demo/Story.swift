// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
package import Facility
import GPIO

/// Who plays: chosen from the site by what they are, so that any site of two cells and two posts can tell the
/// story.
package struct Cast: Hashable, Sendable {
    /// Presses its emergency button.
    package let cell: TerminalID
    /// Its call button gets stuck.
    package let stuckCell: TerminalID
    package let post: TerminalID
    package let neighbour: TerminalID
    package let stuckPost: TerminalID
    package let officer: OfficerID

    package init(_ site: LoopbackSite) throws(Fault) {
        func has(_ duty: LineDuty) -> (TerminalID) -> Bool {
            { id in site.config(id).map { RuntimePlace.line(duty, of: $0.board) != nil } ?? false }
        }
        let cells = site.terminals(.cell)
        guard let cell = cells.first(where: has(.emergencyButton)),
            let stuckCell = cells.first(where: { $0 != cell && has(.cellCallButton)($0) }),
            let officer = site.site.officers.first?.id, site.terminals(.post).count >= 2
        else {
            throw Fault(
                "cast the story from", at: site.site.name,
                cause: "two cells with buttons, two posts and an officer are needed",
                hint: "Use board-configs/demonstration-site.yaml.")
        }
        let posts = site.posts(hearing: cell)
        self.cell = cell
        self.stuckCell = stuckCell
        self.officer = officer
        post = posts[0]
        neighbour = posts[1]
        stuckPost = site.posts(hearing: stuckCell)[0]
    }
}

/// The story of `watchpost demo --script`: an alarm's whole life, a stuck button, a dead post, a killed cell.
/// Every sentence is said only after it was seen on a board's outputs or on a post's list. On the thread that
/// calls `play`.
package struct Story {
    let stage: Stage
    let cast: Cast
    /// Fast enough for eyes, slow enough for a busy machine.
    let promptMs = 5_000

    package init(_ stage: Stage) throws(Fault) {
        self.stage = stage
        cast = try Cast(stage.site)
    }

    package func play() throws {
        try ready()
        let heldSince = try holdButton()
        let emergency = try pressAndRing()
        try refuseAndAcknowledge(emergency)
        try attendAndClear(emergency)
        try talk()
        try killTheCell()
        try killThePost()
        try stuckButton(heldSince: heldSince)
        try nothingLeft()
    }

    // MARK: - Common gestures

    /// Does it, and says so when the list shows it.
    @discardableResult
    func act(
        _ name: String, _ action: OfficerAction, _ alarm: EventID, at post: TerminalID, _ words: Phrase
    ) throws -> AlarmRecord {
        if let refusal = try stage.desk(post).act(action, on: alarm, officer: cast.officer) {
            throw StoryFailure(step: name, place: post, words: words, seen: refusal.phrase.both(.zh))
        }
        return try stage.step(name, at: post, words, within: promptMs) {
            let listed = try stage.desk(post).alarms().first { $0.record.id == alarm && $0.record.isOpen }?
                .record
            switch action {
            case .acknowledge: return listed.flatMap { $0.acknowledged == nil ? nil : Stage.Seen($0) }
            case .silence: return listed.flatMap { $0.silenced == nil ? nil : Stage.Seen($0) }
            case .attend: return listed.flatMap { $0.attended == nil ? nil : Stage.Seen($0) }
            case .clear: preconditionFailure("a cleared alarm is on no list")
            }
        }
    }

    /// By the switch at the door where one is wired, else by the officer's word.
    func attend(_ name: String, _ alarm: EventID, of cell: TerminalID, at post: TerminalID) throws {
        if stage.has(.attendance, cell) {
            try stage.press(.attendance, of: cell)
            try stage.step(
                name, at: cell, Phrase("民警到场：门口开关为证", "attended: the switch at the door proves it"),
                within: promptMs
            ) {
                try stage.desk(post).alarms().first { $0.record.id == alarm && $0.record.attended != nil }
                    .map { Stage.Seen($0) }
            }
            return
        }
        try act(
            name, .attend, alarm, at: post,
            Phrase("民警到场：未装开关，口头声明", "attended: no switch wired, declared by the officer"))
    }

    func clear(_ name: String, _ alarm: EventID, at post: TerminalID, _ words: Phrase) throws {
        if let refusal = try stage.desk(post).act(.clear, on: alarm, officer: cast.officer) {
            throw StoryFailure(step: name, place: post, words: words, seen: refusal.phrase.both(.zh))
        }
        try stage.step(name, at: post, words, within: promptMs) {
            try stage.desk(post).alarms().contains { $0.record.id == alarm && $0.record.isOpen }
                ? nil : Stage.Seen(())
        }
    }

    func sees(
        _ name: String, _ duty: LineDuty, of terminal: TerminalID, _ pattern: OutputPattern,
        since index: UInt64,
        _ words: Phrase
    ) throws {
        let began = Uptime.now
        try stage.step(name, at: terminal, words, within: promptMs) { () -> Stage.Seen<Void>? in
            let reading = try stage.reading(duty, of: terminal, since: index)
            guard reading.pattern == pattern else { return nil }
            // When it began to do so: a blink with its first change, rest with the last, or as the look
            // began.
            let isRest = pattern == .off || pattern == .steady
            return Stage.Seen(
                (), at: max(began, isRest ? reading.changedAt : reading.changes.first?.at ?? began))
        }
    }

    func rings(_ name: String, _ post: TerminalID, since index: UInt64, within ms: Int, _ words: Phrase)
        throws
    {
        try stage.step(name, at: post, words, within: ms) {
            try stage.reading(.buzzer, of: post, since: index).litAt.map { Stage.Seen((), at: $0) }
        }
    }
}
