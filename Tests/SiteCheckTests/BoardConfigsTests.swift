// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import SiteCheck
import Testing

/// What ships in `board-configs`.
private enum Shipped {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("board-configs").path

    static func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { directory + "/" + $0 }
    }
}

@Test func boardConfigs_haveNoMistake_whenEveryFileIsChecked() throws {
    let files = try Shipped.files()
    #expect(files.count >= 11)
    for file in files {
        #expect(file.hasSuffix(".yaml"), "\(file)")
        let findings = check(files: [file])
        #expect(!findings.hasMistakes, "\(findings.rendered([.english]))")
        let others = findings.filter {
            !$0.what.english.contains("no public key yet")
                && !$0.what.english.contains("'cp2112_gpio' are found by number")
        }
        #expect(others.isEmpty, "\(others.rendered([.english]))")
    }
}

@Test(arguments: ["demonstration-site.yaml", "rig-site.yaml"])
func siteFiles_compileForEveryTerminal_whenKeysAreFilledIn(name: String) throws {
    let files = SiteFiles([Shipped.directory + "/" + name])
    let site = try #require(files.sites.first)
    let names = site.places.map(\.id) + (site.sound?.gateway.map { [$0.id] } ?? [])
    let keys = Dictionary(
        uniqueKeysWithValues: names.enumerated().map { ($1, [UInt8](repeating: UInt8($0 + 1), count: 32)) })
    for place in site.places {
        let board = try #require(files.board(of: place, in: site))
        let config = try compile(site, board: board, for: place.id, version: 1, publicKeys: keys)
        #expect(config.terminal == place.id && !config.board.duties.isEmpty)
    }
}

@Test func demonstration_hasTwoCellsTwoPostsAndALadderOfSeconds_whenRead() throws {
    let site = try #require(SiteFiles([Shipped.directory + "/demonstration-site.yaml"]).sites.first).site
    #expect(site.terminals.map(\.id.text) == ["cell-101", "cell-102", "post-a", "post-b"])
    #expect(site.ladderMs == [3_000, 6_000, 12_000, 30_000])
    #expect(site.terminals.allSatisfy { $0.address >> 24 == 127 })
}
