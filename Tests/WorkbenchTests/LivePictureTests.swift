// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Testing

@testable import Workbench

@Test func picture_showsDeadProcessesAsDown_whenNothingRuns() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    let stage = Stage(site: site, supervisor: Supervisor(), voice: Listener().voice(), began: .now)
    let text = LivePicture(stage, .en).text(keys: ["x quit"], news: "hello")
    #expect(text.hasPrefix("\u{1b}[H") && text.contains("○ lamp") && text.contains("› hello"))
    #expect(text.contains("── post-1 down"))
}
