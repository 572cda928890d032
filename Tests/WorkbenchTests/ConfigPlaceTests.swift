// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

private func place(
    _ option: String?, _ environment: [String: String] = [:], installed: String = "/nonexistent",
    demo: DemoPlace
) -> ConfigPlace {
    ConfigPlace(option: option, environment: environment, installed: installed, demo: demo)
}

@Test func terminal_isFound_byOptionThenVariableThenDemo() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    let cell = TestSite.cell(1)
    let demo = DemoPlace(path: directory.path + "/demo")
    let expected = site.configPath(cell)
    let folder = directory.path + "/config"
    #expect(try place(folder, demo: demo).file(of: cell) == expected)
    #expect(try place(expected, demo: demo).file(of: cell) == expected)
    #expect(try place(nil, ["WATCHPOST_CONFIG": folder], demo: demo).file(of: cell) == expected)
    #expect(try place(nil, installed: folder, demo: demo).file(of: cell) == expected)
    #expect(throws: Fault.self) { try place(nil, demo: demo).file(of: cell) }
    #expect(throws: Fault.self) {
        try place("/nonexistent", ["WATCHPOST_CONFIG": folder], demo: demo).file(of: cell)
    }

    try demo.announce(directory.path)
    #expect(try place(nil, demo: demo).file(of: cell) == expected)
    demo.withdraw()
    #expect(demo.runningDirectory == nil)
}

@Test func terminal_isChosen_whenItIsTheOnlyOne() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    let demo = DemoPlace(path: directory.path + "/demo")
    #expect(try place(site.configPath(TestSite.post(1)), demo: demo).onlyTerminal() == TestSite.post(1))
    let fault = #expect(throws: Fault.self) {
        try place(directory.path + "/config", demo: demo).onlyTerminal()
    }
    #expect(fault?.cause.contains("cell-1, post-1") == true)
}

@Test func demo_isNotFound_whenItsProcessIsGone() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/demo"
    try Data("999999999\n\(directory.path)\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(DemoPlace(path: path).runningDirectory == nil)
    // What another process announced is not ours to take away.
    DemoPlace(path: path).withdraw()
    #expect(FileManager.default.fileExists(atPath: path))
}
