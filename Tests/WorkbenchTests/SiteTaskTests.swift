// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

@Test func apply_installsNothing_whenAFileHasAMistake() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = directory.path + "/site.yaml"
    try Data("site: [broken\n".utf8).write(to: URL(fileURLWithPath: site))
    let listener = Listener()
    let wish = ApplyWish(terminal: nil, version: nil, force: false)
    #expect(SiteTask(listener.voice()).check([site]) == .refused)
    #expect(SiteTask(listener.voice()).apply([site], to: directory.path + "/config", wish) == .refused)
    #expect(listener.out.isEmpty && listener.err.count == 2)
    #expect(listener.err.allSatisfy { $0.contains("site.yaml:") })
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/config"))
}
