// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

/// What a technician applied (`installed`) beside what the hub sent.
struct SitePlacesTests {
    private let installed: SitePlace
    private let sent: SitePlace
    private var places: SitePlaces { SitePlaces(installed: installed.config, sent: sent.config) }

    init() throws {
        (installed, sent) = (try SitePlace(), try SitePlace())
        try CompiledSite.install(try makeSiteConfig(version: 1), at: installed.config)
    }

    private func site(_ version: Int64, title: String) throws -> TerminalConfig {
        var config = try makeSiteConfig(version: version)
        config.site.terminals[0].title = title
        return config
    }

    @Test func sentSite_isInForce_onceItIsNewer() throws {
        #expect(try places.read().config.version == 1)
        try CompiledSite.install(try site(3, title: "甲"), at: sent.config)
        #expect(try places.read().config.site.terminals[0].title == "甲")
        #expect(try places.read().fault == nil)
        try CompiledSite.install(try site(4, title: "乙"), at: installed.config)
        #expect(try places.read().config.site.terminals[0].title == "乙", "a technician has the last word")
    }

    @Test func sentSite_isLeftForTheLastGood_whenItIsDamaged() throws {
        try CompiledSite.install(try site(3, title: "甲"), at: sent.config)
        try CompiledSite.install(try site(4, title: "乙"), at: sent.config)
        sent.put([1, 2, 3])
        let read = try places.read()
        #expect(read.config.site.terminals[0].title == "甲" && read.fault != nil)
        unlink(CompiledSite.previousPath(of: sent.config))
        #expect(try places.read().config.version == 1)
    }

    @Test func crashLoops_leadBack_stepByStep() throws {
        try CompiledSite.install(try site(2, title: "乙"), at: installed.config)
        #expect(
            try places.read(stepsBack: 1).config.version == 1, "nothing was sent: what was applied before")
        try CompiledSite.install(try site(3, title: "甲"), at: sent.config)
        #expect(try (0...3).map { try places.read(stepsBack: $0).config.version } == [3, 2, 1, 1])
        sent.put([1, 2, 3])
        #expect(try places.read(stepsBack: 1).fault == nil, "it is not looked at")
        #expect(try places.runtimePath() == "/r")
    }

    @Test func sentSite_isTheLastGood_whenNothingOfTheTechniciansCanBeRead() throws {
        try CompiledSite.install(try site(3, title: "甲"), at: sent.config)
        installed.put([9])
        let read = try places.read()
        #expect(read.config.version == 3 && read.fault?.place == installed.config)
        sent.put([9])
        #expect(throws: Fault.self) { try places.read() }
    }

    @Test func sentSite_isRefused_whenItMovesAFile() throws {
        var moved = [try site(3, title: "甲"), try site(3, title: "甲"), try site(3, title: "甲")]
        moved[0].keyPath = "/elsewhere"
        moved[1].journalPath = "/elsewhere"
        moved[2].runtimePath = "/elsewhere"
        for config in moved {
            try CompiledSite.install(config, at: sent.config, force: true)
            let read = try places.read()
            #expect(read.config.version == 1 && read.fault?.cause.contains("own") == true)
        }
    }

    @Test func sentSite_isTaken_onlyWhereItWouldBeInForce() throws {
        try places.take(try site(2, title: "甲"))
        #expect(try places.read().config.version == 2)
        try places.take(try site(2, title: "甲"))
        try CompiledSite.install(try site(7, title: "乙"), at: installed.config)
        let fault = try #require(throws: Fault.self) { try places.take(try site(7, title: "丙")) }
        #expect(fault.hint.contains("--version 8"))
        try places.take(try site(7, title: "乙"))
        #expect(try places.read().config.site.terminals[0].title == "乙")
    }

    @Test func sentSite_isRefused_whenItChangesBoardOperatorsOrName() throws {
        let own = try site(1, title: "x")
        var (board, operators, name) = (own, own, own)
        board.board.duties.removeLast()
        operators.operators.append("mallory")
        name.terminal = try identifier("post-a")
        for config in [board, operators, name] {
            #expect(throws: Fault.self) { try SitePlaces.admit(config, beside: own) }
        }
        try SitePlaces.admit(try site(9, title: "乙"), beside: own)
    }
}
