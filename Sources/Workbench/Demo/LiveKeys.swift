// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility

/// What each key of the live demo does, made from the site. A value.
struct LiveKeys {
    enum Deed: Hashable {
        case press(LineDuty, TerminalID)
        /// Pressed until pressed again.
        case hold(LineDuty, TerminalID)
        case act(OfficerAction)
        /// A process down, or up again.
        case power(TerminalID)
        case kill(TerminalID)
    }

    private var deeds: [(key: Character, deed: Deed, words: Phrase)] = []

    init(_ stage: Stage) {
        let cells = stage.site.terminals(.cell)
        for (key, cell) in zip("1234", cells) where stage.has(.emergencyButton, cell) {
            add(key, .press(.emergencyButton, cell), Phrase("\(cell) 紧急", "\(cell) emergency"))
        }
        for (key, cell) in zip("qwer", cells) where stage.has(.cellCallButton, cell) {
            add(key, .press(.cellCallButton, cell), Phrase("\(cell) 报告", "\(cell) call"))
        }
        for (key, cell) in zip("!@#$", cells) where stage.has(.emergencyButton, cell) {
            add(key, .hold(.emergencyButton, cell), Phrase("\(cell) 按住/松开", "\(cell) hold/release"))
        }
        for (key, cell) in zip("5678", cells) where stage.has(.attendance, cell) {
            add(key, .press(.attendance, cell), Phrase("\(cell) 门口开关", "\(cell) door switch"))
        }
        for (key, action) in [
            ("a", OfficerAction.acknowledge), ("t", .attend), ("c", .clear), ("s", .silence),
        ] {
            add(Character(key), .act(action), action.phrase)
        }
        for (key, post) in zip("kl", stage.site.terminals(.post)) {
            add(key, .power(post), Phrase("\(post) 停/启", "\(post) down/up"))
        }
        for (key, cell) in zip("nm", cells) { add(key, .kill(cell), Phrase("强杀 \(cell)", "kill \(cell)")) }
    }

    private mutating func add(_ key: Character, _ deed: Deed, _ words: Phrase) {
        deeds.append((key, deed, words))
    }

    func deed(of key: Character) -> Deed? { deeds.first { $0.key == key }?.deed }

    /// Lines of keys, for the foot of the screen.
    func help(_ language: Language) -> [String] {
        let texts = deeds.map { "\($0.key) \(language($0.words))" } + ["x \(language(Phrase("退出", "quit")))"]
        var lines: [String] = []
        for text in texts {
            if let last = lines.last, Table.width(last) + Table.width(text) + 3 <= Limits.liveColumnsCount {
                lines[lines.count - 1] = last + " · " + text
            } else {
                lines.append(text)
            }
        }
        return lines
    }
}

/// The officer of the live demo: acts on the alarm at the top of the first living post's list.
struct LiveOfficer {
    private let stage: Stage

    init(_ stage: Stage) { self.stage = stage }

    func act(_ action: OfficerAction) throws -> Phrase {
        let living = stage.site.terminals(.post).first { stage.supervisor.report($0.text)?.pid != nil }
        guard let post = living else { return Phrase("没有岗位在运行", "no post is running") }
        guard let alarm = try stage.desk(post).alarms().first(where: { fits(action, $0) }) else {
            return Phrase("没有可操作的报警", "nothing to act on")
        }
        if let refusal = try stage.desk(post).act(
            action, on: alarm.record.id, officer: stage.site.site.officers.first?.id)
        {
            return refusal.phrase
        }
        let place = alarm.place(stage.site.site)
        return Phrase("\(action.phrase.zh) \(place)", "\(action.phrase.en) \(place)")
    }

    /// The top alarm for which the action makes sense; clearing is tried on the top one, so that its refusal
    /// is seen.
    private func fits(_ action: OfficerAction, _ alarm: StandingAlarm) -> Bool {
        switch action {
        case .acknowledge: alarm.record.phase < .acknowledged
        case .silence: alarm.isSounding
        case .attend: alarm.record.alarmClass > .trouble && alarm.record.phase < .attended
        case .clear: alarm.record.alarmClass > .trouble
        }
    }
}
