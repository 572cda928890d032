// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench …`
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "测量 · measures",
        subcommands: [
            BenchAlarm.self, BenchKills.self, BenchSyncKills.self, BenchStorm.self, BenchForge.self,
            BenchPowerCuts.self, BenchSync.self, BenchHub.self, BenchPowerWriter.self, BenchEcho.self,
            BenchBusyAgent.self, BenchVoice.self, BenchBroadcast.self, BenchLedger.self,
        ])
}

/// `watchpost bench alarm`
struct BenchAlarm: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarm", abstract: "从接点到蜂鸣器 · from contact to buzzer, memory, start, durable append",
        discussion: "JSON lines, each with its goal and passed; 0 when all passed, 1 when one did not.")
    @Option(help: "按压次数 · how many presses")
    var presses = 10_000
    @Flag(help: "满载并冻结磁盘 30 秒 · both cores busy, the journals' disk frozen for 30 s (root)")
    var stress = false
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let signals = StopSignals()
        var options = AlarmBench.Options()
        options.presses = presses
        options.isStressed = stress
        try AlarmBench(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// The other process of the floor; the bench starts it.
struct BenchEcho: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "echo", shouldDisplay: false)
    @Argument var port: UInt16

    func run() throws { try EchoFloor.serve(port: port) }
}

/// An agent among tasks that hold the cooperative pool; the bench starts it.
struct BenchBusyAgent: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "busy-agent", shouldDisplay: false)
    @Option var config: String
    @Option var site: String?

    func run() throws { try BusyAgent.run(configuration: config, sent: site) }
}
