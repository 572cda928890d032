// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench broadcast`
struct BenchBroadcast: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast",
        abstract: "广播 · start error, skew between terminals, key to sound, loss, pre-emption, processor",
        discussion: "JSON lines, each with its goal and passed; 0 when all passed, 1 when one did not.")
    @Option(help: "作息项目数 · units of a day that two terminals play")
    var units = 30
    @Option(help: "终端数 · terminals that are paged at once")
    var cells = 200
    @Option(help: "广播次数 · pages of one terminal")
    var rounds = 100
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        var options = BroadcastTrial.Options()
        (options.units, options.cells, options.rounds) = (units, cells, rounds)
        try BroadcastTrial.run(options, speech.voice).end()
    }
}
