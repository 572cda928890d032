// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import GPIO

/// One frame of the live demo: every terminal with its lamps, the lists of the posts, the last news, the
/// keys. A value.
struct LivePicture {
    private let stage: Stage
    private let language: Language

    init(_ stage: Stage, _ language: Language) {
        self.stage = stage
        self.language = language
    }

    /// Drawn over the frame before, without clearing: nothing flickers.
    func text(keys: [String], news: String) -> String {
        var lines = [
            "Watchpost · \(stage.site.site.name) · \(ageText(ms: Uptime.now.ms(since: stage.began)))", "",
        ]
        lines += terminals.lines + [""]
        for post in stage.site.terminals(.post) { lines += list(of: post) + [""] }
        lines += ["› \(news)", ""] + keys
        return "\u{1b}[H" + lines.map { $0 + "\u{1b}[K\r\n" }.joined() + "\u{1b}[J"
    }

    private var terminals: Table {
        var table = Table([
            (language(Phrase("终端", "TERMINAL")), .left), (language(Phrase("进程", "PROCESS")), .left),
            (language(Phrase("输出", "OUTPUTS")), .left), (language(Phrase("地点", "PLACE")), .left),
        ])
        for config in stage.site.configs {
            let report = stage.supervisor.report(config.terminal.text)
            let process =
                report?.pid.map { "\($0) (\(report?.starts ?? 0))" } ?? language(Phrase("已停", "down"))
            let outputs = config.board.duties.filter(\.duty.isOutput).map { duty in
                "\(isLit(duty.line.name, config.terminal) ? "●" : "○") \(language(Self.words(duty.duty)))"
            }
            table.add([
                config.terminal.text, process, outputs.joined(separator: "  "),
                stage.site.site.terminal(config.terminal)?.title ?? "",
            ])
        }
        return table
    }

    private func isLit(_ line: PointName, _ terminal: TerminalID) -> Bool {
        (try? stage.board(terminal).output(line.text).active) ?? false
    }

    private func list(of post: TerminalID) -> [String] {
        let title = "── \(post) "
        guard stage.supervisor.report(post.text)?.pid != nil else {
            return [title + language(Phrase("已停", "down"))]
        }
        do {
            let alarms = try stage.desk(post).alarms()
            return [title] + AlarmTable.lines(alarms, site: stage.site.site, language: language)
        } catch { return [title + "\(error.cause)"] }
    }

    private static func words(_ duty: LineDuty) -> Phrase {
        switch duty {
        case .assuranceLamp: Phrase("指示灯", "lamp")
        case .buzzer: Phrase("蜂鸣器", "buzzer")
        case .alarmLamp: Phrase("报警灯", "alarm lamp")
        case .troubleLamp: Phrase("故障灯", "trouble lamp")
        case .microphoneLamp: Phrase("话筒灯", "microphone lamp")
        case .cellCallButton, .emergencyButton, .duressButton, .silentDuressButton, .supervision, .attendance,
            .tamper,
            .acknowledgeKey, .silenceKey, .attendKey, .clearKey, .buzzerTestKey:
            Phrase("输入", "input")
        }
    }
}
