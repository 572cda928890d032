// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost status`
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "终端自身、对端与故障 · a terminal about itself, its peers and what is wrong",
        discussion: """
            --json prints one object: terminal, role, run, uptimeMs, readyMs, journal, linesHealthy, \
            configVersion, standing, presses, edgesLost (null: cannot be known), refused, peers (terminal, \
            state, lastHeardMs), faults (operation, place, cause, hint).
            """)
    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions
    func run() throws { try terminal.task(speech.voice).status().end() }
}

/// `watchpost buzzer-test`
struct BuzzerTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buzzer-test", abstract: "试响岗位蜂鸣器 · sounds the post's buzzer for a moment")
    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions
    func run() throws { try terminal.task(speech.voice).buzzerTest().end() }
}

/// `watchpost press`
struct Press: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "按下模拟板卡的按钮 · presses a button of a simulated board",
        discussion: "--json prints one object: pressed, terminal, heldMs, uptimeNs (when the contact closed)."
    )
    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions
    @Option(help: "输入线的名字 · the input line's name")
    var line: String
    @Option(help: "按住多少毫秒 · how long it is held")
    var holdMs = 200

    func validate() throws {
        if holdMs < 0 { throw ValidationError("--hold-ms cannot be negative") }
    }

    func run() throws {
        // Ctrl-C opens the contact again instead of leaving a finger on the button.
        let signals = StopSignals()
        try terminal.task(speech.voice).press(line, holdMs: holdMs, wait: signals.wait).end()
    }
}
