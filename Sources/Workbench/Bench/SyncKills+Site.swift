// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Journal
import PanelLink

/// The place of the killing: two cells and a post with journals, a sync process for each, and their hub. On
/// the bench's thread.
final class SyncSite {
    static let hub = "hub"

    let site: LoopbackSite
    let supervisor: Supervisor
    private(set) var writers: [SyncWriter] = []
    let syncs: [String]
    /// Where the sync processes say that they are ready.
    private let notices: LocalSocket
    private let hubLog: String
    private let demo: DemoHub
    /// Nil: the hub's own file.
    private let store: String?
    private var readyPids: Set<Int32> = []

    /// What the hub has, as a file of SQLite; its own, or a backup made now.
    func hubFile() throws(Fault) -> String {
        guard store != nil else { return demo.database }
        let file = site.directory.path + "/hub.backup"
        try demo.backUp(to: file)
        return file
    }

    /// How far the hub says it has each stream.
    func cursors() throws(Fault) -> [SyncLedger.Place: UInt64] {
        guard let store else { return try HubTables(path: demo.database).cursors() }
        var cursors: [SyncLedger.Place: UInt64] = [:]
        for row in try PostgresServer.rows(store, "SELECT origin, stream, sequence FROM cursor") {
            guard row.count == 3, let terminal = TerminalID(row[0]), let code = UInt8(row[1]),
                let stream = Facility.Stream(rawValue: code)
            else { continue }
            cursors[SyncLedger.Place(terminal: terminal, stream: stream, sequence: 0)] = UInt64(row[2])
        }
        return cursors
    }

    func sync(_ terminal: TerminalID) -> String { "sync-\(terminal)" }

    init(
        in directory: TemporaryDirectory, store: String? = nil, stopSignals: StopSignals?,
        using dice: inout Dice
    ) throws(Fault) {
        site = try LoopbackSite(hosting: TestSite.configs(cells: 2, posts: 1), in: directory)
        guard let demo = DemoHub(site, store: store) else {
            throw Fault(
                "find programs", at: "watchpost-hub, watchpost-sync", cause: "they are not beside this tool",
                hint: "Build everything: make build.")
        }
        self.demo = demo
        self.store = store
        supervisor = Supervisor(stopSignals: stopSignals)
        notices = try LocalSocket()
        syncs = site.configs.map { "sync-\($0.terminal)" }
        hubLog = "\(directory.path)/log/hub.log"
        let alarms = SyncAlarms()
        for config in site.configs { writers.append(SyncWriter(config, alarms, using: &dice)) }
        let codes = try demo.prepare()
        let socket = notices.name
        supervisor.run(
            demo.programs.map { program in
                var program = program
                program.environment["NOTIFY_SOCKET"] = program.name == Self.hub ? "" : socket
                return program
            })
        do throws(Fault) { try demo.join(codes) } catch {
            supervisor.stopAll()
            throw error
        }
        let met: Bool? = eventually(ms: Limits.demoHubMs, every: 50) {
            hear()
            return syncs.allSatisfy { pid($0).map(readyPids.contains) ?? false } ? true : nil
        }
        guard met == true else {
            supervisor.stopAll()
            throw Fault(
                "start", at: directory.path, cause: "hub and sync did not meet within fifteen seconds",
                hint: "Read the logs in its log directory.")
        }
    }

    /// One that was killed, until it serves again.
    struct Victim {
        let name: String
        let killedAt: Uptime
        var readyAt: Uptime?
        fileprivate let pid: Int32
        fileprivate let served: Int
    }

    /// `nil`: it was down already.
    func kill(_ name: String) -> Victim? {
        let served = name == Self.hub ? servedCount : 0
        guard let pid = pid(name) else { return nil }
        let at = Uptime.now
        return supervisor.kill(name) ? Victim(name: name, killedAt: at, pid: pid, served: served) : nil
    }

    /// One look at everybody who was killed.
    func look(at victims: inout [Victim]) {
        hear()
        for place in victims.indices where victims[place].readyAt == nil {
            let victim = victims[place]
            let isReady =
                victim.name == Self.hub
                ? servedCount > victim.served
                : pid(victim.name).map { $0 != victim.pid && readyPids.contains($0) } ?? false
            if isReady { victims[place].readyAt = .now }
        }
    }

    private func pid(_ name: String) -> Int32? {
        supervisor.reports.first { $0.name == name }?.pid
    }

    private func hear() {
        while let datagram = notices.receive() { readyPids.insert(datagram.pid) }
    }

    /// The hub prints this line when both its ports are open.
    private var servedCount: Int {
        guard let log = try? String(contentsOfFile: hubLog, encoding: .utf8) else { return 0 }
        return log.split(separator: "\n").count { $0.hasPrefix("sync ") }
    }
}
