// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import Testing
import Workbench

private let cell = TestSite.cell(1)
private let site = TestSite.configs(cells: 2, posts: 1)[0].site

@Test func table_ordersAndNumbersAlarms_whenTwoStand() {
    let list = StandingAlarm.ordered([standing(TestSite.cell(2), .cellCall, ageMs: 90_000), standing(cell)])
    let lines = AlarmTable.lines(list, site: site, language: .zh)
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("1  紧急报警 Emergency  cell-1/button  00:07  已触发，鸣响"))
    #expect(lines[2].hasPrefix("2  报告呼叫 Cell call  cell-2/button  01:30"))
}

@Test func table_saysSo_whenNothingStands() {
    #expect(AlarmTable.lines([], site: nil, language: .en) == ["No alarm stands. 没有未解除的报警。"])
}

@Test func who_namesOfficerAndDeclaration_whenAttendedByWord() throws {
    var alarm = standing(cell)
    let officer = try #require(OfficerID("P1"))
    alarm.record.attended = Deed(afterMs: 5, terminal: TestSite.post(1), officer: officer, ground: .declared)
    #expect(alarm.who(site, .en) == "P1 张警官@post-1 (declared, unproven)")
    #expect(alarm.who(nil, .zh) == "P1@post-1 (口头声明)")
}

@Test func state_namesCauseEscalationAndLoss_whenTheyAreThere() {
    var alarm = standing(cell, .trouble)
    alarm.record.escalation = 2
    alarm.isCellLost = true
    #expect(alarm.state(.en) == "raised, button stuck, sounding, escalation 2, cell lost")
}

@Test func json_hasTheDocumentedFields_whateverTheAlarm() throws {
    var alarm = standing(cell)
    alarm.record.acknowledged = Deed(afterMs: 9, terminal: TestSite.post(1), officer: nil, ground: .line)
    let text = alarm.json(site).description
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let names = [
        "alarm", "class", "cause", "terminal", "point", "place", "zone", "phase", "ageMs", "presses",
        "sounding",
        "escalation", "cellLost", "custodian", "raisedWallMs", "raisedUncertaintyMs", "silentAtOrigin",
        "attendanceWired", "revision", "spokenMs", "annunciated", "acknowledged", "silenced", "spoken",
        "attended",
        "cleared",
    ]
    #expect(Set(object.keys) == Set(names))
    #expect(object["phase"] as? String == "acknowledged")
    #expect(object["raisedUncertaintyMs"] is NSNull)
    #expect((object["acknowledged"] as? [String: Any])?["ground"] as? String == "line")
}
