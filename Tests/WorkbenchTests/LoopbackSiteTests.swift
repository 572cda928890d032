// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import GPIO
import Journal
import Testing
import Workbench

@Test func site_isWholeOnThisMachine_whenItIsHosted() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 2, posts: 2), in: directory)
    #expect(site.terminals(.cell) == [TestSite.cell(1), TestSite.cell(2)])
    #expect(site.posts(hearing: TestSite.cell(1)) == [TestSite.post(1), TestSite.post(2)])
    #expect(Set(site.site.terminals.map(\.port)).count == 4)
    #expect(Set(site.site.terminals.map(\.publicKey)).count == 4)
    #expect(site.site.terminals.allSatisfy { $0.address == 0x7f00_0001 && $0.port > 0 })
    for config in site.configs {
        #expect(try CompiledSite.read(site.configPath(config.terminal)) == config)
        let mode = try FileManager.default.attributesOfItem(atPath: config.keyPath)[.posixPermissions] as? Int
        #expect(mode == 0o400)
        #expect(RuntimePlace.socket(config).utf8.count < 108)
    }
    let programs = site.programs(alarmAgent: "/bin/true")
    #expect(programs.map(\.name) == ["cell-1", "cell-2", "post-1", "post-2"])
    #expect(programs[0].arguments == ["--config", site.configPath(TestSite.cell(1))])
}

@Test func site_isGone_whenItsDirectoryWasRemoved() throws {
    let directory = try TemporaryDirectory()
    _ = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    directory.remove()
    #expect(!FileManager.default.fileExists(atPath: directory.path))
}

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

@Test func cast_needsTwoCellsAndTwoPosts() throws {
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
