// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Testing
import Workbench

private let cell = TestSite.cell(1)

@Test func desk_isAFault_whenNobodyListens() throws {
    let desk = try DeskClient(terminal: cell, daemon: "/nonexistent/alarm.sock")
    let fault = #expect(throws: Fault.self) { try desk.alarms() }
    #expect(fault?.place.contains("cell-1") == true)
}
