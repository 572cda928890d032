// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func cast_isRefused_whenThereIsNoSecondCell() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let small = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 2), in: directory)
    #expect(throws: Fault.self) { try Cast(small) }
    let other = try TemporaryDirectory()
    defer { other.remove() }
    let cast = try Cast(try LoopbackSite(hosting: TestSite.configs(cells: 2, posts: 2), in: other))
    #expect(cast.cell == TestSite.cell(1) && cast.stuckCell == TestSite.cell(2))
    #expect(cast.post == TestSite.post(1) && cast.neighbour == TestSite.post(2))
}
