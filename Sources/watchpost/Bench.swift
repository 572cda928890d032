// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench …`
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "测量 · measures", subcommands: [BenchAlarm.self])
}

/// `watchpost bench alarm`
struct BenchAlarm: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarm", abstract: "从接点到蜂鸣器 · from contact to buzzer")
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        throw Fault("run", at: "bench alarm", cause: "it is not built yet", hint: "Use a later version.")
    }
}
