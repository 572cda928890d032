// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench kills`
struct BenchKills: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills", abstract: "随机时刻强行终止 · SIGKILL at random instants; no press lost, none doubled")
    @Option(help: "终止次数 · how many processes are killed")
    var count = 1_000
    @Option(help: "随机种子 · what the chance is drawn from")
    var seed: UInt64 = 1
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let signals = StopSignals()
        var options = Kills.Options()
        options.count = count
        options.seed = seed
        try Kills(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// `watchpost bench sync-kills`
struct BenchSyncKills: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync-kills",
        abstract: "强行终止同步与中心 · SIGKILL over sync and hub; the hub has what the journals have")
    @Option(help: "终止次数 · how many processes are killed")
    var count = 500
    @Option(help: "随机种子 · what the chance is drawn from")
    var seed: UInt64 = 1
    @Flag(help: "中心用PostgreSQL · the hub's store is a PostgreSQL server of the bench's own")
    var postgres = false
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let signals = StopSignals()
        var options = SyncKills.Options()
        options.count = count
        options.seed = seed
        options.isPostgres = postgres
        try SyncKills(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// `watchpost bench storm`
struct BenchStorm: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "全部监室同时报警 · every cell pressed within 100 ms; on both posts' lists in 2 s")
    @Option(help: "监室数 · how many cells")
    var cells = 500
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let signals = StopSignals()
        var options = Storm.Options()
        options.cells = cells
        try Storm(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// `watchpost bench powercuts`
struct BenchPowerCuts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "powercuts", abstract: "断电 · what the journal called stored survives a power cut (root)")
    @Option(help: "断电次数 · how many cuts, with each durability")
    var cuts = 20
    @Option(help: "随机种子 · what the chance is drawn from")
    var seed: UInt64 = 1
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        var options = PowerCuts.Options()
        options.cuts = cuts
        options.seed = seed
        try PowerCuts(options, speech.voice).run().end()
    }
}

/// The process that is cut off; the bench starts it.
struct BenchPowerWriter: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "power-writer", shouldDisplay: false)
    @Argument var journal: String
    @Argument var acknowledged: String
    @Flag var normal = false

    func run() throws { try PowerWriter.run(journal: journal, acknowledged: acknowledged, normal: normal) }
}

/// `watchpost bench forge`
struct BenchForge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forge",
        abstract: "伪造与重放 · forged, replayed, flipped datagrams while real buttons are pressed")
    @Option(help: "数据报个数 · how many datagrams")
    var count = 100_000
    @Option(help: "每秒个数 · how many in a second")
    var rate = 20_000
    @Option(help: "随机种子 · what the chance is drawn from")
    var seed: UInt64 = 1
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let signals = StopSignals()
        var options = Forge.Options()
        options.count = count
        options.rate = rate
        options.seed = seed
        try Forge(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// `watchpost bench ledger`
struct BenchLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "台账 · a million entries of conduct checked, read and summed")
    @Option(help: "记录条数 · how many entries")
    var entries = 1_000_000
    @Option(help: "人数 · how many people")
    var people = 2_000
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        var options = LedgerBench.Options()
        options.entries = entries
        options.people = people
        try LedgerBench(options, speech.voice).run().end()
    }
}
