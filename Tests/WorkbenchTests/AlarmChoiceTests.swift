// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Testing
import Workbench

private let one = standing(TestSite.cell(1))
private let twelve = standing(TestSite.cell(12), .cellCall, run: 0x2234_0000_0000_0000)
private let list = [one, twelve]

private func find(_ text: String, in alarms: [StandingAlarm] = list) throws -> EventID {
    try AlarmChoice.find(text, in: alarms, language: .en).record.id
}

@Test(arguments: [
    "cell-1", "cell-1/", "cell-1/alarm", "cell-1/alarm/12", "cell-1/alarm/123456789abcdef0/1", "1", "#1",
])
func alarm_isFound_whenItsTextIsUnambiguous(text: String) throws {
    #expect(try find(text) == one.record.id)
}

@Test(arguments: [
    "cell-", "cell-2", "", "0", "3", "#0", "cell-1/health", "cell-1/alarm/9",
    "cell-1/alarm/123456789abcdef0/11",
    "cell-1/alarm/12/1", "/", "cell-1/alarm/123456789abcdef0/1/", "-1",
])
func alarm_isRefused_whenTheTextFitsNone(text: String) {
    #expect(throws: Fault.self) { try find(text) }
}

@Test func alarm_isRefusedWithBothNamed_whenTheTextFitsTwo() {
    let second = standing(TestSite.cell(1), .trouble, sequence: 2)
    let fault = #expect(throws: Fault.self) { try find("cell-1", in: [one, second]) }
    #expect(fault?.cause.contains(second.record.id.description) == true)
    #expect(fault?.cause.contains(one.record.id.description) == true)
}

@Test func number_isRefused_whenATerminalHasThatName() throws {
    let named = standing(try #require(TerminalID("2")))
    #expect(throws: Fault.self) { try find("2", in: [one, named]) }
}
