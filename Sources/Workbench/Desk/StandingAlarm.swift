// SPDX-License-Identifier: Apache-2.0
import Alarms
package import DeskLink
package import Facility

// MARK: - For people

extension StandingAlarm {
    /// 地点: the terminal's title, and the point when it is not the button itself.
    package func place(_ site: Site?) -> String {
        let title = site?.terminal(record.point.terminal)?.title ?? ""
        let id = record.point.terminal.text
        return (title.isEmpty || title == id ? id : "\(title) \(id)") + "/\(record.point.name)"
    }

    /// The last one who did something, and how we know it.
    package func who(_ site: Site?, _ language: Language) -> String {
        let deeds = [record.cleared, record.attended, record.acknowledged]
        guard let deed = deeds.lazy.compactMap({ $0 }).first else { return "-" }
        let name = deed.officer.map { id in
            let name = site?.officers.first { $0.id == id }?.name ?? ""
            return name.isEmpty ? id.text : "\(id) \(name)"
        }
        let who = "\(name ?? deed.terminal.text)@\(deed.terminal)"
        return deed.ground == .declared ? "\(who) (\(language(deed.ground.phrase)))" : who
    }

    /// What it is doing now: `已触发，鸣响`, `raised, button stuck, sounding`.
    package func state(_ language: Language) -> String {
        var words: [Phrase] = [record.phase.phrase]
        if record.cause != .press { words.append(record.cause.phrase) }
        if isSounding { words.append(Phrase("鸣响", "sounding")) }
        if record.escalation > 0 {
            words.append(Phrase("第\(record.escalation)级升级", "escalation \(record.escalation)"))
        }
        if isCellLost { words.append(Phrase("监室失联", "cell lost")) }
        return words.map { language($0).lowercased() }.joined(separator: language == .zh ? "，" : ", ")
    }
}

/// The list of a post as a table.
package struct AlarmTable: Sendable {
    package static func lines(_ alarms: [StandingAlarm], site: Site?, language: Language) -> [String] {
        guard !alarms.isEmpty else { return [Phrase("没有未解除的报警。", "No alarm stands.").both(language)] }
        var table = Table(columns(language))
        for (index, alarm) in alarms.enumerated() {
            table.add(row(alarm, number: "\(index + 1)", site: site, language: language))
        }
        return table.lines
    }

    /// One line for `--follow`, without columns' titles: the id stands where the line's number does.
    package static func line(_ alarm: StandingAlarm, site: Site?, language: Language) -> String {
        row(alarm, number: "•", site: site, language: language).joined(separator: "  ")
    }

    private static func columns(_ language: Language) -> [(title: String, side: Table.Side)] {
        func title(_ zh: String, _ en: String) -> String { language(Phrase(zh, en)) }
        return [
            ("#", .right), (title("类别", "CLASS"), .left), (title("地点", "PLACE"), .left),
            (title("时长", "AGE"), .right), (title("状态", "STATE"), .left), (title("次数", "PRESSES"), .right),
            (title("民警", "WHO"), .left), (title("编号", "ALARM"), .left),
        ]
    }

    private static func row(
        _ alarm: StandingAlarm, number: String, site: Site?, language: Language
    ) -> [String] {
        [
            number, alarm.record.alarmClass.phrase.both(language), alarm.place(site),
            ageText(ms: alarm.ageMs),
            alarm.state(language), "\(alarm.record.presses)", alarm.who(site, language), "\(alarm.record.id)",
        ]
    }
}

// MARK: - For machines

extension StandingAlarm {
    /// The fields that `--json` prints, in this order; absent deeds are null, times are milliseconds since
    /// the raise.
    package func json(_ site: Site?) -> JSONLine {
        var line = JSONLine()
        line.add("alarm", record.id.description)
        line.add("class", "\(record.alarmClass)")
        line.add("cause", "\(record.cause)")
        line.add("terminal", record.point.terminal.text)
        line.add("point", record.point.name.text)
        line.add("place", site?.terminal(record.point.terminal)?.title)
        line.add("zone", site?.terminal(record.point.terminal)?.zone.text)
        line.add("phase", "\(record.phase)")
        line.add("ageMs", ageMs)
        line.add("presses", record.presses)
        line.add("sounding", isSounding)
        line.add("escalation", record.escalation)
        line.add("cellLost", isCellLost)
        line.add("custodian", custodian.text)
        line.add("raisedWallMs", record.raised.wallMs)
        line.add(
            "raisedUncertaintyMs",
            record.raised.uncertaintyMs == Limits.wallUnknownMs ? nil : Int64(record.raised.uncertaintyMs))
        line.add("silentAtOrigin", record.silentAtOrigin)
        line.add("attendanceWired", record.attendanceWired)
        line.add("revision", record.revision)
        line.add("spokenMs", record.spokenMs)
        for (name, deed) in [
            ("annunciated", record.annunciated), ("acknowledged", record.acknowledged),
            ("silenced", record.silenced),
            ("spoken", record.spoken), ("attended", record.attended), ("cleared", record.cleared),
        ] { line.add(name, deed.map(Self.json)) }
        return line
    }

    private static func json(_ deed: Deed) -> JSONLine {
        var line = JSONLine()
        line.add("afterMs", deed.afterMs)
        line.add("at", deed.terminal.text)
        line.add("officer", deed.officer?.text)
        line.add("ground", "\(deed.ground)")
        return line
    }
}
