// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import DeskLink
package import Facility
package import GPIO

/// The site as the story and the live demo touch it: boards pressed, outputs read, desks asked, processes
/// killed. On the thread that tells the story; it waits with a bound and tells each step when it was really
/// seen.
package final class Stage {
    package let site: LoopbackSite
    package let supervisor: Supervisor
    package private(set) var steps: [StoryStep] = []
    private let voice: Voice
    let began: Uptime
    private var boards: [TerminalID: SimulatedBoard] = [:]
    private var desks: [TerminalID: DeskClient] = [:]

    package init(site: LoopbackSite, supervisor: Supervisor, voice: Voice, began: Uptime) {
        self.site = site
        self.supervisor = supervisor
        self.voice = voice
        self.began = began
    }

    // MARK: - Telling

    /// What was seen, and when: by the board's own clock where there is one.
    package struct Seen<Value> {
        package var value: Value
        package var at: Uptime

        package init(_ value: Value, at: Uptime = .now) {
            self.value = value
            self.at = at
        }
    }

    /// Looks until it is seen, at most `ms`; then tells it. What cannot be looked at yet (a process that
    /// starts) is not seen yet.
    @discardableResult
    package func step<Value>(
        _ name: String, at place: TerminalID?, _ words: Phrase, within ms: Int,
        _ look: () throws -> Seen<Value>?
    ) throws -> Value {
        var seen = "not seen within \(ms) ms"
        let answer = eventually(ms: ms, every: Limits.stageLookMs) { () -> Seen<Value>? in
            if supervisor.endedBySignal != nil { return nil }
            do { return try look() } catch {
                seen = "not seen within \(ms) ms; \(error)"
                return nil
            }
        }
        guard let answer else { throw StoryFailure(step: name, place: place, words: words, seen: seen) }
        tell(name, at: place, words, when: answer.at)
        return answer.value
    }

    package func tell(_ name: String, at place: TerminalID?, _ words: Phrase, when: Uptime = .now) {
        let step = StoryStep(name: name, ms: when.ms(since: began), place: place, words: words)
        steps.append(step)
        if voice.speaksJSON { voice.say(step.json) } else { voice.say(step.text(voice.language)) }
    }

    // MARK: - Touching

    package func board(_ terminal: TerminalID) throws(Fault) -> SimulatedBoard {
        if let board = boards[terminal] { return board }
        guard let board = try site.board(terminal) else { throw Stage.unknown(terminal) }
        boards[terminal] = board
        return board
    }

    /// Our name of the line with this duty.
    package func line(_ duty: LineDuty, of terminal: TerminalID) throws(Fault) -> PointName {
        guard let line = site.config(terminal).flatMap({ RuntimePlace.line(duty, of: $0.board) }) else {
            throw Fault(
                "find line", at: terminal.text, cause: "its board has no \(duty)",
                hint: "Give the demonstration site a board with this line.")
        }
        return line
    }

    package func has(_ duty: LineDuty, _ terminal: TerminalID) -> Bool {
        site.config(terminal).flatMap { RuntimePlace.line(duty, of: $0.board) } != nil
    }

    @discardableResult
    package func set(_ duty: LineDuty, of terminal: TerminalID, _ active: Bool) throws(Fault) -> Uptime {
        guard let config = site.config(terminal) else { throw Stage.unknown(terminal) }
        let finger = Finger(on: try board(terminal), config.board)
        return try finger.set(line(duty, of: terminal).text, pressed: active) ?? .now
    }

    /// A finger's press; answers when the contact closed.
    @discardableResult
    package func press(_ duty: LineDuty, of terminal: TerminalID, ms: Int = 120) throws(Fault) -> Uptime {
        let at = try set(duty, of: terminal, true)
        pause(ms: ms)
        try set(duty, of: terminal, false)
        return at
    }

    package func reading(_ duty: LineDuty, of terminal: TerminalID, since index: UInt64) throws(Fault)
        -> OutputReading
    {
        try OutputReading(board(terminal), line: line(duty, of: terminal), since: index)
    }

    package func desk(_ terminal: TerminalID) throws(Fault) -> DeskClient {
        if let desk = desks[terminal] { return desk }
        guard let config = site.config(terminal) else { throw Stage.unknown(terminal) }
        let desk = try DeskClient(config)
        desks[terminal] = desk
        return desk
    }

    /// The open alarm of a cell on a terminal's list; nil when it is not there.
    package func alarm(
        of cell: TerminalID, _ alarmClass: AlarmClass, on terminal: TerminalID
    ) throws(Fault) -> StandingAlarm? {
        try desk(terminal).alarms().first {
            $0.record.point.terminal == cell && $0.record.alarmClass == alarmClass && $0.record.isOpen
        }
    }

    private static func unknown(_ terminal: TerminalID) -> Fault {
        Fault("find terminal", at: terminal.text, cause: "not in this site", hint: "Look at the site file.")
    }
}
