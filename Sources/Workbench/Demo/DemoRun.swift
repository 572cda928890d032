// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import Foundation

/// `watchpost demo`: a site of real daemons on this machine, and either the story or the keyboard. On the
/// tool's main thread; whatever happens, no process stays behind, and the directory only when the story
/// failed.
package struct DemoRun {
    private let voice: Voice
    private let stopSignals: StopSignals
    private let place: DemoPlace

    package init(_ voice: Voice, stopSignals: StopSignals, place: DemoPlace = DemoPlace()) {
        self.voice = voice
        self.stopSignals = stopSignals
        self.place = place
    }

    package func run(_ configs: [TerminalConfig], script: Bool) throws(Fault) -> Outcome {
        if !script, isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1 {
            throw Fault(
                "start demo on", at: "standard input",
                cause: "keys are read from a terminal, and this is none",
                hint: "Run it in a terminal, or let it play by itself: watchpost demo --script.")
        }
        let alarmAgent = try InstalledProgram.path("watchpost-alarm")
        let began = Uptime.now
        let directory = try TemporaryDirectory("watchpost-demo")
        let outcome: Outcome
        var wasStopped = false
        do {
            let site = try LoopbackSite(hosting: configs, in: directory)
            try place.announce(directory.path)
            outcome = try play(site, alarmAgent: alarmAgent, script: script, began: began, &wasStopped)
        } catch {
            place.withdraw()
            directory.remove()
            throw error
        }
        place.withdraw()
        if outcome == .done || wasStopped {
            directory.remove()
        } else {
            voice.complain(
                Phrase("日志保留在 \(directory.path)/log", "The logs stay in \(directory.path)/log").both(
                    voice.language))
        }
        return outcome
    }

    private func play(
        _ site: LoopbackSite, alarmAgent: String, script: Bool, began: Uptime,
        _ wasStopped: inout Bool
    ) throws(Fault) -> Outcome {
        let supervisor = Supervisor(stopSignals: stopSignals)
        let hub = DemoHub(site)
        let codes = try hub?.prepare()
        let panels = hub.flatMap { _ in DemoPanels(site) }
        supervisor.run(
            site.programs(alarmAgent: alarmAgent) + site.soundPrograms + (hub?.programs ?? [])
                + (hub.flatMap { _ in site.gatewayProgram }.map { [$0] } ?? []) + (panels?.programs ?? []))
        defer { supervisor.stopAll() }
        if let hub, let codes {
            try hub.join(codes)
            try panels?.awaitPeople()
            tellConsole(hub)
            if let panels { tellPanels(panels) }
        }
        let stage = Stage(site: site, supervisor: supervisor, voice: voice, began: began)
        if !script { return try LiveDemo(stage, voice).run() }
        do {
            try Story(stage).play()
            tellEnd(stage, began)
            return .done
        } catch let failure as StoryFailure {
            // Ctrl-C is an end of its own, not a step that failed.
            wasStopped = supervisor.endedBySignal != nil
            if !wasStopped { voice.complain("watchpost demo: \(failure)") }
            return .refused
        } catch let fault as Fault { throw fault } catch {
            throw Fault("tell the story of", at: "demo", cause: "\(error)", hint: "Report this.")
        }
    }

    private func tellConsole(_ hub: DemoHub) {
        guard !voice.speaksJSON else {
            var line = JSONLine()
            line.add("console", hub.address)
            line.add("user", DemoHub.user)
            line.add("password", DemoHub.password)
            return voice.say(line)
        }
        voice.say(
            Phrase(
                "控制台：\(hub.address) 用户 \(DemoHub.user) 密码 \(DemoHub.password)",
                "Console: \(hub.address) user \(DemoHub.user) password \(DemoHub.password)"))
    }

    private func tellPanels(_ panels: DemoPanels) {
        let officer = panels.officer
        for (post, address) in panels.addresses {
            guard !voice.speaksJSON else {
                var line = JSONLine()
                line.add("panel", address)
                line.add("terminal", post.text)
                line.add("officer", officer)
                line.add("pin", DemoPanels.pin)
                voice.say(line)
                continue
            }
            voice.say(
                Phrase(
                    "岗位面板 \(post)：\(address) 警号 \(officer) 口令 \(DemoPanels.pin)",
                    "Panel of \(post): \(address) officer \(officer) PIN \(DemoPanels.pin)"))
        }
    }

    private func tellEnd(_ stage: Stage, _ began: Uptime) {
        let ms = Uptime.now.ms(since: began)
        var line = JSONLine()
        line.add("story", "done")
        line.add("steps", stage.steps.count)
        line.add("ms", ms)
        voice.speaksJSON
            ? voice.say(line)
            : voice.say(
                Phrase(
                    "故事完：\(stage.steps.count) 步，每步都经实际观察。",
                    "The end: \(stage.steps.count) steps, each one observed."))
    }
}
