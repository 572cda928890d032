// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Testing

@testable import Workbench

@Test func keys_pressEachCellAndActForTheOfficer_onAnySite() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 2, posts: 2), in: directory)
    let keys = LiveKeys(Stage(site: site, supervisor: Supervisor(), voice: Listener().voice(), began: .now))
    #expect(keys.deed(of: "1") == .press(.emergencyButton, TestSite.cell(1)))
    #expect(keys.deed(of: "w") == .press(.cellCallButton, TestSite.cell(2)))
    #expect(keys.deed(of: "a") == .act(.acknowledge) && keys.deed(of: "k") == .power(TestSite.post(1)))
    #expect(keys.deed(of: "5") == nil && keys.deed(of: "\u{1b}") == nil)
    #expect(keys.help(.zh).allSatisfy { Table.width($0) <= Limits.liveColumnsCount })
}
