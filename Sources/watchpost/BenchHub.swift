// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost bench sync`
struct BenchSync: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "离线一月后补传 · a month offline drained into the hub, beside a scripted outbox")
    @Option(help: "事件数 · entries in the journal; a month: 1000000")
    var events = 100_000
    @Option(help: "对照事件数 · events of the scripted outbox, before and after (a quarter)")
    var peerEvents: Int?
    @Flag(help: "PostgreSQL 存储 · the hub's store is a PostgreSQL server of the bench's own")
    var postgres = false
    @Option(help: "链路比特率 · bits a second of the line; then alarms are timed while the rest is pending")
    var link: Int?
    @Option(help: "慢链路报警数 · alarms over that line")
    var alarms = 12
    @Option(help: "每事件字节数 · bytes of each entry's payload, 8 to 65536")
    var payload = 300
    @OptionGroup var speech: VoiceOptions

    func validate() throws {
        guard events >= 1, alarms >= 1, link ?? 1_000 >= 1_000, peerEvents ?? 1 >= 1 else {
            throw ValidationError("events, peer-events and alarms are at least 1, link at least 1000")
        }
        guard (8...65_536).contains(payload) else { throw ValidationError("payload is 8 to 65536") }
    }

    func run() throws {
        let signals = StopSignals()
        var options = SyncBench.Options()
        (options.events, options.peerEvents, options.isPostgres) = (events, peerEvents, postgres)
        (options.linkBitsPerSecond, options.linkAlarms) = (link, alarms)
        options.payloadBytes = payload
        try SyncBench(options, speech.voice, stopSignals: signals).run().end()
    }
}

/// `watchpost bench hub`
struct BenchHub: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub",
        abstract: "众多终端同连一个中心 · many terminals on one hub: wall, memory, a storm of alarms")
    @Option(help: "终端数 · how many terminals")
    var terminals = 500
    @Option(help: "秒数 · how long they live before the storm")
    var seconds = 20
    @Option(help: "每秒报警数 · alarms a second meanwhile")
    var rate = 20
    @Option(help: "每终端连接数 · connections of each: 3 as watchpost-sync has them, or 1")
    var connections = 3
    @OptionGroup var speech: VoiceOptions

    func validate() throws {
        guard (1...20_000).contains(terminals), (1...86_400).contains(seconds), (1...1_000).contains(rate),
            connections == 1 || connections == 3
        else {
            throw ValidationError("terminals 1...20000, seconds 1...86400, rate 1...1000, connections 1 or 3")
        }
    }

    func run() throws {
        let signals = StopSignals()
        var options = HubBench.Options()
        (options.terminals, options.seconds) = (terminals, seconds)
        (options.alarmsPerSecond, options.connections) = (rate, connections)
        try HubBench(options, speech.voice, stopSignals: signals).run().end()
    }
}
