// SPDX-License-Identifier: Apache-2.0
package import Alarms
import DeskLink
package import Facility
import GPIO
import Journal

/// What a person does at one terminal: see its list, act on an alarm, look at its state, press a simulated
/// button. On the tool's main thread; says its results through the voice and answers with how it ended.
package struct DeskTask {
    private let voice: Voice
    private let config: TerminalConfig

    /// `terminal` nil: the only one configured there.
    package init(_ terminal: TerminalID?, _ place: ConfigPlace, _ voice: Voice) throws(Fault) {
        self.voice = voice
        let chosen: TerminalID
        if let terminal { chosen = terminal } else { chosen = try place.onlyTerminal() }
        config = try CompiledSite.readNewestGood(place.file(of: chosen)).config
    }

    // MARK: - The list

    package func alarms() throws(Fault) -> Outcome {
        let alarms = try DeskClient(config).alarms()
        if voice.speaksJSON {
            for alarm in alarms { voice.say(alarm.json(config.site)) }
        } else {
            AlarmTable.lines(alarms, site: config.site, language: voice.language).forEach(voice.say)
        }
        return .done
    }

    /// The list, and then each change as it comes, for ever; `until` ends it.
    package func follow(until: () -> Bool = { false }) throws(Fault) -> Outcome {
        let desk = try DeskClient(config)
        // Nobody to follow is a plain failure; a daemon that goes away later is waited for.
        _ = try desk.alarms()
        var follower = DeskFollower(desk)
        while !until() {
            for news in follower.next(until: Uptime.now.advanced(ms: Limits.deskRepeatMs)) { tell(news) }
        }
        return .done
    }

    private func tell(_ news: DeskFollower.News) {
        switch news {
        case .changed(let alarm):
            if voice.speaksJSON {
                voice.say(alarm.json(config.site))
            } else {
                voice.say(AlarmTable.line(alarm, site: config.site, language: voice.language))
            }
        case .gone(let id):
            var line = JSONLine()
            line.add("alarm", id.description)
            line.add("gone", true)
            voice.speaksJSON
                ? voice.say(line)
                : voice.say("•  \(Phrase("不再存在", "stands no longer").both(voice.language))  \(id)")
        case .daemonLost(let fault): voice.complain("watchpost: \(fault)")
        case .daemonBack:
            voice.complain(
                Phrase("\(config.terminal) 已恢复。", "\(config.terminal) answers again.").both(voice.language))
        }
    }

    // MARK: - Actions

    package func act(_ action: OfficerAction, on text: String, officer: OfficerID) throws(Fault) -> Outcome {
        let desk = try DeskClient(config)
        // A whole id may name an alarm that is already off the list: the daemon has the sentence for it.
        let whole = EventID(text)
        let alarms = try desk.alarms()
        let listed = alarms.first { $0.record.id == whole }
        let alarm: StandingAlarm? =
            if let listed { listed } else if whole != nil { nil } else {
                try AlarmChoice.find(text, in: alarms, language: voice.language)
            }
        guard let id = whole ?? alarm?.record.id else { return voice.refuse(.unknownAlarm) }
        let refusal = try desk.act(action, on: id, officer: officer)
        if voice.speaksJSON { voice.say(json(action, id, officer, refusal)) }
        if let refusal { return voice.refuse(refusal) }
        if !voice.speaksJSON {
            let name =
                alarm.map { " \($0.record.alarmClass.phrase.both(voice.language)) \($0.place(config.site))" }
                ?? ""
            voice.say("\(action.phrase.both(voice.language)):\(name)  \(id)  \(officer)")
        }
        return .done
    }

    private func json(
        _ action: OfficerAction, _ id: EventID, _ officer: OfficerID, _ refusal: AlarmRefusal?
    ) -> JSONLine {
        var line = JSONLine()
        line.add("action", "\(action)")
        line.add("alarm", id.description)
        line.add("at", config.terminal.text)
        line.add("officer", officer.text)
        line.add("done", refusal == nil)
        line.add("refusal", refusal.map { "\($0)" })
        line.add("zh", refusal?.chinese)
        line.add("en", refusal?.english)
        return line
    }

    package func buzzerTest() throws(Fault) -> Outcome {
        try DeskClient(config).buzzerTest()
        voice.say(Phrase("\(config.terminal) 蜂鸣器已测试。", "The buzzer of \(config.terminal) was sounded."))
        return .done
    }

    package func status() throws(Fault) -> Outcome {
        let status = try DeskClient(config).status()
        if voice.speaksJSON {
            voice.say(status.json)
        } else {
            status.lines(site: config.site, language: voice.language).forEach(voice.say)
        }
        return .done
    }

    // MARK: - A simulated button

    /// `wait` lets the time of the press pass; false = cut short (the contact is opened all the same).
    package func press(_ line: String, holdMs: Int, wait: (Int) -> Bool) throws(Fault) -> Outcome {
        guard config.board.kind == .simulated else {
            throw Fault(
                "press \(line) of", at: config.terminal.text,
                cause: "its board is a real one (\(config.board.name))",
                hint: "Press the button itself; only simulated boards are pressed from here.")
        }
        let finger = Finger(on: try SimulatedBoard(path: RuntimePlace.board(config)), config.board)
        let closed = try finger.set(line, pressed: true) ?? .now
        _ = wait(holdMs)
        let opened = try finger.set(line, pressed: false) ?? .now
        var json = JSONLine()
        json.add("pressed", line)
        json.add("terminal", config.terminal.text)
        json.add("heldMs", opened.ms(since: closed))
        json.add("uptimeNs", closed.nanoseconds)
        if voice.speaksJSON {
            voice.say(json)
        } else {
            let held = opened.ms(since: closed)
            voice.say(
                Phrase(
                    "\(config.terminal)/\(line) 按下 \(held) 毫秒。",
                    "\(config.terminal)/\(line) pressed for \(held) ms."))
        }
        return .done
    }
}
