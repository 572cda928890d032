// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Foundation
import Synchronization
import Testing
import Workbench

/// What a voice said; any thread.
private final class Listener: Sendable {
    private let lines = Mutex<(out: [String], err: [String])>(([], []))
    var out: [String] { lines.withLock { $0.out } }
    var err: [String] { lines.withLock { $0.err } }

    func voice(json: Bool = false) -> Voice {
        Voice(
            language: .en, json: json, out: { line in self.lines.withLock { $0.out.append(line) } },
            err: { line in self.lines.withLock { $0.err.append(line) } })
    }
}

/// Real daemons under a supervisor; everything is gone when the body returns.
private func withSite(_ configs: [TerminalConfig], _ body: (Stage, ConfigPlace) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: configs, in: directory)
    let supervisor = Supervisor()
    supervisor.run(site.programs(alarmAgent: try InstalledProgram.path("watchpost-alarm")))
    defer { supervisor.stopAll() }
    let stage = Stage(site: site, supervisor: supervisor, voice: Listener().voice(), began: .now)
    try body(stage, ConfigPlace(option: directory.path + "/config"))
}

private let cell = TestSite.cell(1)
private let post = TestSite.post(1)

@Test func alarm_goesItsWholeWay_whenAnOfficerUsesTheTool() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, place in
        let listener = Listener()
        let officer = try #require(OfficerID("P1"))
        _ = try stage.step("press", at: cell, Words("", ""), within: 20_000) {
            _ = try stage.desk(cell).status()
            try stage.press(.emergencyButton, of: cell)
            return Stage.Seen(())
        }
        _ = try stage.step("listed", at: post, Words("", ""), within: 20_000) {
            try stage.alarm(of: cell, .emergency, on: post).map { Stage.Seen($0) }
        }
        let task = try DeskTask(post, place, listener.voice())
        #expect(try task.alarms() == .done)
        #expect(listener.out.last?.hasPrefix("1  emergency 紧急  cell-1/button") == true)
        #expect(try task.act(.clear, on: "cell-1", officer: officer) == .refused)
        #expect(listener.err == [AlarmRefusal.notAttended.english, AlarmRefusal.notAttended.chinese])
        #expect(try task.act(.acknowledge, on: "1", officer: #require(OfficerID("P9"))) == .refused)
        #expect(listener.err.dropFirst(2).first == AlarmRefusal.unknownOfficer.english)
        #expect(try task.act(.acknowledge, on: "1", officer: officer) == .done)
        #expect(try task.act(.attend, on: "cell-1/alarm", officer: officer) == .done)
        #expect(try task.act(.clear, on: "cell-1", officer: officer) == .done)
        let empty = eventually(ms: 20_000, every: Limits.stageLookMs) {
            (try? stage.desk(post).alarms().isEmpty) == true ? true : nil
        }
        #expect(empty == true)
        let json = Listener()
        #expect(try DeskTask(post, place, json.voice(json: true)).status() == .done)
        #expect(json.out.first?.contains("\"terminal\":\"post-1\"") == true)
    }
}

@Test func follower_hearsTheRaise_whenItComesLater() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, _ in
        let ready = eventually(ms: 20_000, every: Limits.stageLookMs) { try? stage.desk(post).status() }
        #expect(ready != nil)
        var follower = DeskFollower(try stage.desk(post))
        // The first ask makes us a follower.
        _ = follower.next(until: .now)
        _ = eventually(ms: 20_000, every: Limits.stageLookMs) { try? stage.desk(cell).status() }
        try stage.press(.emergencyButton, of: cell)
        let heard = eventually(ms: 20_000) { () -> StandingAlarm? in
            for news in follower.next(until: Uptime.now.advanced(ms: 100)) {
                if case .changed(let alarm) = news, alarm.record.alarmClass == .emergency { return alarm }
            }
            return nil
        }
        #expect(heard?.record.point.terminal == cell)
    }
}

@Test func desk_isAFault_whenNobodyListens() throws {
    let desk = try DeskClient(terminal: cell, daemon: "/nonexistent/alarm.sock")
    let fault = #expect(throws: Fault.self) { try desk.alarms() }
    #expect(fault?.place.contains("cell-1") == true)
}
