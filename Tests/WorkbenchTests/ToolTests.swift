// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

// The tool as a process: what scripts rely on.

@Test(arguments: [
    ["press", "--line"], ["press", "--line", "a", "--hold-ms", "-1"], ["nonsense"],
    ["alarms", "--terminal", "über"],
    ["ack", "1"], ["ack", "--officer", "P1"], ["journal", "f", "--after", "alarm"], ["verify"],
    ["status", "--lang", "fr"],
])
func tool_endsWith2_whenTheUsageIsWrong(arguments: [String]) throws {
    let (code, out, err) = try tool(arguments)
    #expect(code == 2)
    #expect(out.isEmpty && !err.isEmpty)
}

@Test(arguments: [["--help"], ["demo", "--help"], ["help", "ack"]])
func tool_endsWith0_whenHelpIsAsked(arguments: [String]) throws {
    let (code, out, err) = try tool(arguments)
    #expect(code == 0)
    #expect(!out.isEmpty && err.isEmpty)
}

@Test(arguments: [
    ["alarms", "--terminal", "cell-1", "--config", "/nonexistent"], ["journal", "/nonexistent"],
    ["verify", "/nonexistent"], ["demo"], ["check", "/nonexistent"], ["keygen", "/nonexistent/key"],
    ["bench", "busy-agent", "--config", "/nonexistent", "--site", "/nonexistent"],
])
func tool_endsWith1_andSaysWhy_whenItFailed(arguments: [String]) throws {
    let (code, _, err) = try tool(arguments)
    #expect(code == 1)
    #expect(!err.isEmpty)
}

@Test func key_isMadeOnce_andItsPublicHalfPrinted() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/terminal.key"
    let made = try tool(["keygen", path])
    #expect(made.code == 0)
    #expect(made.out.count == 65)
    #expect(try tool(["keygen", path]).code == 1)
}

@Test func button_isPressed_whenTheBoardIsSimulated_andDaemonNeedNotRun() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    let place = ["--config", directory.path + "/config"]
    let pressed = try tool(
        ["press", "--terminal", "cell-1", "--line", "button", "--hold-ms", "1", "--json"] + place)
    #expect(pressed.code == 0)
    #expect(pressed.out.hasPrefix("{\"pressed\":\"button\",\"terminal\":\"cell-1\",\"heldMs\":"))
    let wrong = try tool(["press", "--terminal", "cell-1", "--line", "lamp"] + place)
    #expect(wrong.code == 1)
    #expect(wrong.err.contains("button"))
    let silent = try tool(["alarms", "--terminal", "cell-1"] + place)
    #expect(silent.code == 1)
    #expect(silent.err.contains(RuntimePlace.socket(site.configs[0])))
}
