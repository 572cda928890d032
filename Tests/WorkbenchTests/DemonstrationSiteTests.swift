// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func demonstration_castsTheStory_whenItIsHosted() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: DemonstrationSite.configs(nil), in: directory)
    let cast = try Cast(site)
    #expect(cast.cell != cast.stuckCell && cast.post != cast.neighbour)
    #expect(site.site.ladderMs.first.map { $0 <= 10_000 } == true)
}

@Test func demonstration_isAFault_whenItsFileIsMissing() {
    #expect(throws: Fault.self) { try DemonstrationSite.configs("/nonexistent.yaml") }
}
