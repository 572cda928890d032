// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import SiteCheck

@Test func changes_nameEachDifference_whenVersionsDiffer() throws {
    let site = try #require(checkSite(Samples.site, file: "s").value)
    let board = try #require(checkBoard(Samples.board, file: "b").value)
    let old = try compile(site, board: board, for: try #require(TerminalID("cell-101")), version: 1)
    var new = old
    new.version = 2
    #expect(ConfigChanges.between(old, new) == ["only the version or the order of entries changed"])
    new.site.officers = []
    new.site.rings = [:]
    new.board.duties[2].line.line = "OTHER"
    new.journalPath = "/j"
    #expect(
        ConfigChanges.between(old, new) == [
            "rings of zone ward-1: [post-a] → none", "officer P1 is gone", "line lamp changed",
            "journal: /var/lib/watchpost/alarm.db → /j",
        ])
    #expect(ConfigChanges.between(nil, new).count == 1)
}
