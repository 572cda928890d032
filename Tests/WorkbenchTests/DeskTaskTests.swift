// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Testing
import Workbench

private let cell = TestSite.cell(1)
private let post = TestSite.post(1)

@Test func alarm_goesItsWholeWay_whenAnOfficerUsesTheTool() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, place in
        let listener = Listener()
        let officer = try #require(OfficerID("P1"))
        _ = try stage.step("press", at: cell, Phrase("", ""), within: 20_000) {
            _ = try stage.desk(cell).status()
            try stage.press(.emergencyButton, of: cell)
            return Stage.Seen(())
        }
        _ = try stage.step("listed", at: post, Phrase("", ""), within: 20_000) {
            try stage.alarm(of: cell, .emergency, on: post).map { Stage.Seen($0) }
        }
        let task = try DeskTask(post, place, listener.voice())
        #expect(try task.alarms() == .done)
        #expect(listener.out.last?.hasPrefix("1  Emergency 紧急报警  cell-1/button") == true)
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
