// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost demo`
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "在本机演示：两个监室、两个岗位 · two cells and two posts on this machine",
        discussion: """
            Four real watchpost-alarm processes with simulated boards on loopback. Without --script keys \
            press and acknowledge; with it a story plays by itself, every sentence said only after it was \
            seen: 0, or 1 naming the step that did not happen. --json prints one object per step: step, ms, \
            at, zh, en; and {story, steps, ms} at the end.
            """)
    @Flag(help: "自动演示 · plays a story by itself")
    var script = false
    @Option(help: ArgumentHelp("场所文件 · another site", valueName: "file"))
    var site: String?
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        // Before any other thread exists.
        let signals = StopSignals()
        try DemoRun(speech.voice, stopSignals: signals).run(DemonstrationSite.configs(site), script: script)
            .end()
    }
}
