// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func rings_areOnePerPost_unlessAllHearAtOnce() {
    let rings = TestSite.configs(cells: 1, posts: 3)[0].site.rings[TestSite.zone]
    #expect(rings == [[TestSite.post(1)], [TestSite.post(2)], [TestSite.post(3)]])
    let together = TestSite.configs(cells: 1, posts: 2, allPostsAtOnce: true)[0].site.rings[TestSite.zone]
    #expect(together == [[TestSite.post(1), TestSite.post(2)]])
}

@Test func door_isWired_whenAskedFor() {
    let board = TestSite.configs(cells: 1, posts: 1, attendanceWired: true)[0].board
    #expect(RuntimePlace.line(.attendance, of: board)?.text == "door")
    #expect(RuntimePlace.line(.attendance, of: TestSite.configs(cells: 1, posts: 1)[0].board) == nil)
}
