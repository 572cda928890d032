// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import PanelLink
import TestBoard
import Testing
import Workbench

/// A cell and two posts of real processes, without a hub or any other server, whose voices are killed in
/// the middle of a call.
@Suite(.serialized, .realTime)
struct VoiceKillTests {
    private let cell = TestSite.cell(1)
    private let posts = [TestSite.post(1), TestSite.post(2)]

    private func withVoices(_ body: (Stage) throws -> Void) throws {
        var configs = TestSite.configs(cells: 1, posts: 2, allPostsAtOnce: true)
        for index in configs.indices { configs[index].sound = SoundPlan(card: .simulated, ports: [:]) }
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let site = try LoopbackSite(hosting: configs, in: directory)
        let supervisor = Supervisor()
        supervisor.run(
            site.programs(alarmAgent: try InstalledProgram.path("watchpost-alarm")) + site.soundPrograms)
        defer { supervisor.stopAll() }
        let stage = Stage(site: site, supervisor: supervisor, voice: Listener().voice(), began: .now)
        for terminal in [cell] + posts {
            _ = try #require(eventually(ms: 30_000) { try? calls(stage, terminal) }, "\(terminal) is silent")
        }
        try body(stage)
    }

    private func client(_ stage: Stage, _ terminal: TerminalID) throws -> SoundClient {
        try SoundClient(
            terminal: terminal, daemon: SoundClient.path(try #require(stage.site.config(terminal))))
    }

    private func calls(_ stage: Stage, _ terminal: TerminalID) throws -> [CallLine] {
        try client(stage, terminal).calls().calls
    }

    private func sees(
        _ stage: Stage, _ terminal: TerminalID, ms: Int = 30_000, _ test: (CallLine) -> Bool
    ) throws -> CallLine {
        let seen = eventually(ms: ms, every: 10) { try? calls(stage, terminal).first(where: test) }
        return try #require(
            seen, "\(terminal) shows \((try? calls(stage, terminal)) ?? [])")
    }

    private func answer(_ stage: Stage, at post: TerminalID) throws {
        let ringing = try sees(stage, post) { $0.phase == .ringing && $0.far == cell.text }
        #expect(try client(stage, post).command(.answer(ringing.id), officer: nil) == nil)
        for terminal in [post, cell] {
            _ = try sees(stage, terminal) { $0.phase == .talking && $0.heardDb > -40 }
        }
    }

    private func pressed(_ stage: Stage) throws {
        try stage.press(.emergencyButton, of: cell)
        try answer(stage, at: posts[0])
    }

    private func say(_ sentence: String) { print("voice kills: \(sentence)") }

    @Test func call_isTakenAgain_andTheAlarmStands_whenTheCellsVoiceIsKilled() throws {
        try withVoices { stage in
            try pressed(stage)
            let alarm = try #require(try stage.alarm(of: cell, .emergency, on: posts[0]))
            let agent = try #require(stage.supervisor.report(cell.text)?.pid)
            #expect(stage.supervisor.kill("sound-\(cell)"))
            // The alarm path goes on meanwhile: another press is on both lists.
            try stage.press(.cellCallButton, of: cell)
            for post in posts {
                let listed = eventually(ms: 30_000) { try? stage.alarm(of: cell, .cellCall, on: post) }
                #expect(listed != nil)
            }
            // It is back, and rings both posts for what still stands.
            let back = eventually(ms: 30_000) {
                (try? calls(stage, cell)).flatMap { _ in stage.supervisor.report("sound-\(cell)") }
            }
            let report = try #require(back)
            let status = try client(stage, cell).calls().status
            #expect(report.starts == 2 && report.lastEnd == .signal(SIGKILL))
            try answer(stage, at: posts[1])
            say("the cell's voice is ready \(Limits.restartDelayMs) + \(status.readyMs) ms after its death")
            #expect(stage.supervisor.report(cell.text)?.pid == agent)
            let still = try #require(try stage.alarm(of: cell, .emergency, on: posts[0]))
            #expect(still.record.id == alarm.record.id)
        }
    }

    @Test func call_ringsElsewhere_whenTheAnsweringPostsVoiceIsKilled() throws {
        try withVoices { stage in
            try pressed(stage)
            let killed = Uptime.now
            stage.supervisor.stop("sound-\(posts[0])", SIGKILL)
            _ = try sees(stage, posts[1]) { $0.phase == .ringing }
            say("it rings at the other post \(Uptime.now.ms(since: killed)) ms after the death (goal 5,000)")
            try answer(stage, at: posts[1])
        }
    }
}
