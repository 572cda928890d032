// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// The tool in a person's hand. Every subcommand parses its words here and does its work in Workbench.
struct Watchpost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watchpost",
        abstract: "监室报警终端的工具 · the tool of the alarm terminals",
        discussion: """
            Ends with 0 when it is done, 1 when it was refused or failed (the sentence is on standard \
            error), 2 on wrong usage. A terminal is found by --config FILE|DIR, by WATCHPOST_CONFIG, in \
            /var/lib/watchpost/config, or in the demo that runs in another shell.
            """,
        subcommands: [
            Demo.self, AlarmList.self, Acknowledge.self, Attend.self, Clear.self, Silence.self, Status.self,
            BuzzerTest.self, Calls.self, Call.self, Answer.self, HangUp.self, Mute.self, Hold.self, Push.self,
            PageCommand.self, SoundCommands.self, Press.self, Check.self, Apply.self, TimetableGroup.self,
            ClipGroup.self, RulesGroup.self, StandingCommand.self, Keygen.self, Join.self, Verify.self,
            JournalEntries.self,
            Bench.self,
        ])
}

/// How it speaks.
struct VoiceOptions: ParsableArguments {
    @Option(help: "先用哪种语言 · which language first: zh or en (from LANG)")
    var lang: Language = Language()

    @Flag(help: "每行一个 JSON 对象 · one JSON object per line")
    var json = false

    var voice: Voice { Voice(language: lang, json: json) }
}

/// Which terminal.
struct TerminalOptions: ParsableArguments {
    @Option(help: "终端 · the terminal, cell-101; not needed where only one is configured")
    var terminal: TerminalID?

    @Option(
        help: ArgumentHelp("编译后的配置 · the compiled configuration, or its directory", valueName: "file|dir"))
    var config: String?

    func task(_ voice: Voice) throws -> DeskTask {
        try DeskTask(terminal, ConfigPlace(option: config), voice)
    }
}

extension Language: ExpressibleByArgument {}

extension Identifier: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension Outcome: Error {
    /// Ends the process with this code when it is not `done`.
    func end() throws { if self != .done { throw self } }
}
