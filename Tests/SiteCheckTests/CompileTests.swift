// SPDX-License-Identifier: Apache-2.0
import Facility
import SiteCheck
import Testing

@Test func compile_tellsTheTerminalEverything_whenTheSiteIsComplete() throws {
    let site = try #require(checkSite(Samples.site, file: "site.yaml").value)
    let board = try #require(checkBoard(Samples.board, file: "cell.yaml").value)
    let cell = try #require(TerminalID("cell-101"))
    let config = try compile(site, board: board, for: cell, version: 7)
    #expect(
        config.version == 7 && config.terminal == cell && config.board == board && config.site == site.site)
    #expect(config.keyPath == TerminalPaths.installed.key && config.operators == ["panel"])
    let paths = TerminalPaths(key: "/k", journal: "/j", runtime: "/r")
    #expect(try compile(site, board: board, for: cell, version: 7, paths: paths).journalPath == "/j")
}

@Test func compile_fillsKeysIn_whenTheFileHasNone() throws {
    let site = try #require(
        checkSite(Samples.site.replacing(Samples.key, with: "generate"), file: "site.yaml").value)
    let board = try #require(checkBoard(Samples.board, file: "cell.yaml").value)
    let cell = try #require(TerminalID("cell-101"))
    let fault = try #require(throws: Fault.self) { try compile(site, board: board, for: cell, version: 1) }
    #expect(fault.cause.contains("cell-101 has no public key") && fault.hint.contains("watchpost keygen"))
    let key = [UInt8](repeating: 9, count: 32)
    let config = try compile(site, board: board, for: cell, version: 1, publicKeys: [cell: key])
    #expect(config.site.terminal(cell)?.publicKey == key)
}

@Test func compile_isAFault_whenTheTerminalIsUnknown() throws {
    let site = try #require(checkSite(Samples.site, file: "site.yaml").value)
    let board = try #require(checkBoard(Samples.board, file: "cell.yaml").value)
    let other = try #require(TerminalID("cell-9"))
    let fault = try #require(throws: Fault.self) { try compile(site, board: board, for: other, version: 1) }
    #expect(fault.hint.contains("cell-101, post-a"))
}
