// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench voice`
struct BenchVoice: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voice",
        abstract: "对讲 · call set-up beside baresip, mouth to ear with PESQ, cost, allocations, losses, echo",
        discussion: """
            JSON lines, each with its goal and passed; 0 when all passed, 1 when one did not. \
            `make bench-voice` brings what scores and counts.
            """)
    @Option(help: "呼叫次数 · how many calls are set up")
    var calls = 200
    @Option(help: "语音评分程序 · scores speech: PROGRAM ARGUMENTS… with REF.wav SEGMENTS HEARD.wav after them")
    var pesq: String?
    @Option(help: "分配计数库 · a library that counts allocations")
    var malloc: String?
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        var options = VoiceTrial.Options()
        options.calls = calls
        options.scorer = pesq.map { $0.split(separator: " ").map(String.init) }
        options.allocationCounter = malloc
        try VoiceTrial.run(options, speech.voice).end()
    }
}
