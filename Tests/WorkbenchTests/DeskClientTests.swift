// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import GPIO
import Journal
import Testing
import Workbench

private let cell = TestSite.cell(1)
private let post = TestSite.post(1)

@Test func desk_isAFault_whenNobodyListens() throws {
    let desk = try DeskClient(terminal: cell, daemon: "/nonexistent/alarm.sock")
    let fault = #expect(throws: Fault.self) { try desk.alarms() }
    #expect(fault?.place.contains("cell-1") == true)
}

/// The service's own umask, and a runtime directory that the daemon makes for itself.
@Test func socket_isOpenToEveryUser_whenTheDaemonsUmaskIsPrivate() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    #expect(chmod(directory.path, 0o755) == 0)
    var config = try #require(site.config(TestSite.post(1)))
    config.runtimePath = directory.path + "/run"
    try CompiledSite.write(config, to: site.configPath(config.terminal))
    let daemon = Program(
        name: "post", executable: "/bin/sh",
        arguments: [
            "-c", "umask 0077; exec \"$0\" --config \"$1\"", try InstalledProgram.path("watchpost-alarm"),
            site.configPath(config.terminal),
        ], logPath: directory.path + "/post.log")
    try supervising([daemon]) { _ in
        let desk = try DeskClient(config)
        let status = eventually(ms: 20_000) { try? desk.status() }
        #expect(status != nil)
        for (path, mode) in [(config.runtimePath, 0o755), (RuntimePlace.socket(config), 0o666)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
        let latch = try FileManager.default.attributesOfItem(atPath: config.runtimePath + "/latch")
        #expect(latch[.posixPermissions] as? Int == 0o600)
    }
}

@Test func buzzerTest_tellsTheTruth_whenTheBoardIsGoneAndBack() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, _ in
        #expect(eventually(ms: 20_000) { try? stage.desk(post).status() } != nil)
        let desk = try stage.desk(post)
        try desk.buzzerTest()
        let board = try #require(try stage.site.board(post))
        board.unplug()
        let fault = #expect(throws: Fault.self) { try desk.buzzerTest() }
        #expect(fault?.hint.isEmpty == false && fault?.operation != "ask", "\(String(describing: fault))")
        board.replug()
        #expect(eventually(ms: 20_000) { try? desk.buzzerTest() } != nil)
        #expect(throws: Fault.self) { try stage.desk(cell).buzzerTest() }
    }
}

@Test(.enabled(if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0, "needs root and setpriv"))
func socket_canBeWrittenByAnotherUser_whenTheDaemonRuns() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, _ in
        let config = try #require(stage.site.config(post))
        #expect(eventually(ms: 20_000) { try? stage.desk(post).status() } != nil)
        // What systemd does for the service: the way to the socket is passable.
        for path in [stage.site.directory.path, config.runtimePath] { #expect(chmod(path, 0o755) == 0) }
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        other.arguments = [
            "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/test", "-w",
            RuntimePlace.socket(config),
        ]
        try other.run()
        other.waitUntilExit()
        #expect(other.terminationStatus == 0)
    }
}
