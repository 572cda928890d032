// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import SiteCheck
import Testing

@Test func apply_installsEveryTerminal_whenNoneIsNamed() throws {
    let files = try TemporaryFiles()
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    #expect(report.succeeded, "\(report.rendered([.english]))")
    #expect(report.installed.map(\.terminal.text) == ["cell-101", "post-a"])
    for one in report.installed {
        let config = try CompiledSite.read(one.path)
        #expect(config.version == 1 && config.terminal == one.terminal)
        #expect(one.path == files.path("config/\(one.terminal).db"))
    }
    #expect(report.rendered([.english]).contains("cell-101: version 1 installed"))
}

@Test func apply_writesExactlyThisFile_whenOneTerminalIsNamed() throws {
    let files = try TemporaryFiles()
    var options = ApplyOptions()
    options.terminal = TerminalID("post-a")
    options.paths = TerminalPaths(key: "/k", journal: "/j", runtime: "/r")
    let report = apply(
        files: [files.path("site.yaml"), files.path("post.yaml")], to: files.path("terminal.db"),
        options: options)
    #expect(report.succeeded, "\(report.rendered([.english]))")
    #expect(try CompiledSite.read(files.path("terminal.db")).journalPath == "/j")
    let fresh = apply(
        files: [files.path("site.yaml")], to: files.path("var/config/terminal.db"), options: options)
    #expect(fresh.succeeded, "as on a machine that has nothing yet: \(fresh.rendered([.english]))")
}

@Test func apply_changesNothing_whenNothingChanged() throws {
    let files = try TemporaryFiles()
    _ = apply(files: [files.path("site.yaml")], to: files.path("config"))
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    #expect(report.succeeded && report.installed.allSatisfy { $0.version == 1 && $0.changes.isEmpty })
    #expect(report.rendered([.english]).contains("unchanged"))
}

@Test func apply_isNewerThanWhatTheHubSent_alsoWhenNothingChanged() throws {
    let files = try TemporaryFiles()
    _ = apply(files: [files.path("site.yaml")], to: files.path("new/config"))
    var options = ApplyOptions()
    options.sentVersion = 7
    let report = apply(files: [files.path("site.yaml")], to: files.path("new/config"), options: options)
    #expect(report.succeeded && report.installed.allSatisfy { $0.version == 8 })
}

@Test func apply_raisesTheVersionAndSaysWhatChanged_whenSomethingChanged() throws {
    let files = try TemporaryFiles()
    _ = apply(files: [files.path("site.yaml")], to: files.path("config"))
    try files.put(
        Samples.site.replacing("[30s, 60s]", with: "[20s]").replacing("Room 101", with: "Room 1"), "site.yaml"
    )
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    let cell = try #require(report.installed.first)
    #expect(cell.version == 2)
    #expect(cell.changes == ["terminal cell-101 changed", "ladder: 30000 ms, 60000 ms → 20000 ms"])
    #expect(try CompiledSite.read(cell.path).site.ladderMs == [20_000])
    #expect(try CompiledSite.read(CompiledSite.previousPath(of: cell.path)).version == 1)
}

@Test func apply_installsNothing_whenThereIsAMistake() throws {
    let files = try TemporaryFiles()
    try files.put(Samples.postBoard.replacing("duty: buzzer", with: "duty: bell"), "post.yaml")
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    #expect(!report.succeeded && report.installed.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: files.path("config")))
}

@Test func apply_installsNothing_whenAKeyIsMissing() throws {
    let files = try TemporaryFiles()
    try files.put(Samples.site.replacing(Samples.otherKey, with: "generate"), "site.yaml")
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    #expect(report.fault?.cause == "post-a has no public key" && report.installed.isEmpty)
    var options = ApplyOptions()
    options.publicKeys = [try #require(TerminalID("post-a")): [UInt8](repeating: 3, count: 32)]
    #expect(apply(files: [files.path("site.yaml")], to: files.path("config"), options: options).succeeded)
}

@Test func apply_replacesADamagedFile_whenTheSiteDidNotChange() throws {
    let files = try TemporaryFiles()
    _ = apply(files: [files.path("site.yaml")], to: files.path("config"))
    try files.put("broken", "config/cell-101.db")
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"))
    #expect(report.succeeded && report.installed[0].version == 2 && report.installed[1].version == 1)
    #expect(try CompiledSite.read(files.path("config/cell-101.db")).version == 2)
}

@Test func apply_isAFault_whenAnOlderVersionIsAskedFor() throws {
    let files = try TemporaryFiles()
    var options = ApplyOptions()
    options.version = 5
    #expect(apply(files: [files.path("site.yaml")], to: files.path("config"), options: options).succeeded)
    options.version = 4
    #expect(apply(files: [files.path("site.yaml")], to: files.path("config"), options: options).fault != nil)
    options.force = true
    #expect(apply(files: [files.path("site.yaml")], to: files.path("config"), options: options).succeeded)
}

@Test func apply_isAFault_whenNoSiteOrAnUnknownTerminalIsNamed() throws {
    let files = try TemporaryFiles()
    #expect(
        apply(files: [files.path("cell.yaml")], to: files.path("config")).fault?.cause.contains(
            "0 site files") == true)
    var options = ApplyOptions()
    options.terminal = TerminalID("cell-7")
    let report = apply(files: [files.path("site.yaml")], to: files.path("config"), options: options)
    #expect(report.fault?.cause.contains("cell-7") == true)
}
