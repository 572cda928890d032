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
    #expect(
        programs[0].arguments == [
            "--config", site.configPath(TestSite.cell(1)), "--site",
            site.identityPath(TestSite.cell(1)) + "/bundles/site.db",
        ])
}

@Test func site_isGone_whenItsDirectoryWasRemoved() throws {
    let directory = try TemporaryDirectory()
    _ = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    directory.remove()
    #expect(!FileManager.default.fileExists(atPath: directory.path))
}
