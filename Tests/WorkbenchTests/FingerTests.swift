// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing
import Workbench

@Test func finger_movesBothContacts_whenTheButtonIsSupervised() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    var configs = TestSite.configs(cells: 1, posts: 1)
    let index = try #require(configs[0].board.duties.firstIndex { $0.line.name == TestSite.button })
    var closed = configs[0].board.duties[index]
    closed.line.name = try #require(PointName("button-nc"))
    closed.line.line = "button-nc"
    closed.duty = .supervision
    configs[0].board.duties[index].partner = closed.line.name
    configs[0].board.duties.append(closed)
    let site = try LoopbackSite(hosting: configs, in: directory)
    let board = try #require(try site.board(TestSite.cell(1)))
    let finger = Finger(on: board, site.configs[0].board)
    #expect(try board.input("button-nc"))
    #expect(try finger.set("button", pressed: true) != nil)
    #expect(try board.input("button") && !board.input("button-nc"))
    #expect(try finger.set("button", pressed: true) == nil)
    try finger.set("button", pressed: false)
    #expect(try !board.input("button") && board.input("button-nc"))
}
