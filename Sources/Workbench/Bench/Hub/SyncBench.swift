// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility
import Foundation
import Journal

/// `watchpost bench sync`: a terminal that was a month without its hub finds it again. The shipped
/// `watchpost-sync` drains the journal into the shipped `watchpost-hub` while alarms go on; beside it, in the
/// same run on the same disk, what one would script instead (`OutboxPeer`), or on PostgreSQL its raw INSERTs.
///
///     PlayedJournal ─> journal.db ─> watchpost-sync ══ mTLS ══> watchpost-hub ─> its store <─ HubRecord
///          └ raise(), every alarmEveryMs                                              └ when, and equal?
///
/// On the tool's main thread. Always true: every process has ended when `run` returns.
package struct SyncBench {
    package struct Options: Sendable {
        package var events = 100_000
        /// Events that the peer drains, before ours and after; nil: a quarter of ours each time.
        package var peerEvents: Int?
        package var payloadBytes = 300
        package var alarmEveryMs = 250
        /// On PostgreSQL, a server of the bench's own.
        package var isPostgres = false
        /// The line to the hub; nil: loopback as it is. Then nothing is drained: alarms alone are timed.
        package var linkBitsPerSecond: Int?
        package var linkAlarms = 12
        package var linkAlarmEveryMs = 5_000
        package init() {}
    }

    static let goalRatio = 2.0
    static let postgresGoalRatio = 0.5
    static let alarmGoalMs = 1_000
    static let linkAlarmGoalMs = 2_000
    /// Resident, while it drains; of HOUSE's table.
    static let syncGoalKB = 26 * 1_024

    let options: Options
    let voice: Voice
    private let stopSignals: StopSignals?

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
    }

    struct Figures {
        var fillMs = 0
        var payloadBytes = 0
        var drainMs = 0
        var drained = 0
        var alarms: [Int64] = []
        var isWhole = false
        var comparison = HubRecord.Comparison()
        var peer: [OutboxPeer.Figures] = []
        var raw: [Double] = []
        var rawConnections: [Int] = []
        /// The most that was resident while it drained, looked at now and then; the hub's highest ever.
        var syncKB: Int?
        var hubKB: Int?
        /// Processor time of the drain.
        var syncCPUMs = 0
        var hubCPUMs = 0
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-sync")
        defer { directory.remove() }
        let server = options.isPostgres ? try PostgresServer() : nil
        defer { server?.end() }
        let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
        guard let hub = DemoHub(site, store: server?.info) else {
            throw Fault(
                "find programs", at: "beside the tool", cause: "watchpost-hub or watchpost-sync is missing",
                hint: "Build or install them beside the tool: make build.")
        }
        let terminal = TestSite.cell(1)
        let codes = try hub.prepare(joining: [terminal])
        let supervisor = Supervisor(stopSignals: stopSignals)
        let sync = hub.syncProgram(terminal)
        supervisor.run([hub.ownProgram, sync])
        defer { supervisor.stopAll() }
        // Later: it has nothing to say yet.
        supervisor.stop(sync.name, SIGKILL)
        try hub.join(codes)

        let isWanted = { supervisor.endedBySignal == nil }
        let place = Place(
            site: site, hub: hub, terminal: terminal, supervisor: supervisor, sync: sync.name,
            store: server?.info)
        return try measure(place, isWanted)
    }

    /// Where it all stands.
    struct Place {
        let site: LoopbackSite
        let hub: DemoHub
        let terminal: TerminalID
        let supervisor: Supervisor
        let sync: String
        let store: String?

        var directory: String { site.directory.path }

        func kilobytes(_ name: String, _ field: String) -> Int? {
            supervisor.report(name)?.pid.flatMap { ProcessFigures.kilobytes($0, field) }
        }

        func cpuMs(_ name: String) -> Int { supervisor.report(name)?.pid.map(ProcessFigures.cpuMs) ?? 0 }

        func record() throws(Fault) -> HubRecord {
            try HubRecord(of: terminal, database: hub.database, store: store)
        }
    }

    private func measure(_ place: Place, _ isWanted: @escaping () -> Bool) throws(Fault) -> Outcome {
        guard let config = place.site.config(place.terminal) else { preconditionFailure("a cell of ours") }
        var figures = Figures()
        let began = Uptime.now
        // Over a slow line the old alarms would take minutes of their own.
        let journal = PlayedJournal(
            config, alarmEvery: options.linkBitsPerSecond == nil ? 200 : max(200, options.events / 20))
        defer { journal.end() }
        try journal.fill(options.events, payloadBytes: options.payloadBytes, isWanted: isWanted)
        figures.fillMs = Uptime.now.ms(since: began)
        figures.payloadBytes = journal.bytes
        if let bitsPerSecond = options.linkBitsPerSecond {
            try alarmsOverLink(bitsPerSecond, place, journal, &figures, isWanted)
            try Self.ask(isWanted)
            return tellLink(figures) ? .done : .refused
        }
        try beside(place, &figures, isWanted)
        try drain(place, journal, &figures, isWanted)
        try beside(place, &figures, isWanted)
        try Self.ask(isWanted)
        figures.comparison = try place.record().compared(with: journal.path)
        return tell(figures) ? .done : .refused
    }

    private static func ask(_ isWanted: () -> Bool) throws(Fault) {
        guard isWanted() else {
            throw Fault("measure", at: "bench sync", cause: "it was stopped", hint: "Start it again.")
        }
    }

    /// What stands beside it: before, and after, because machines have moods.
    private func beside(
        _ place: Place, _ figures: inout Figures, _ isWanted: @escaping () -> Bool
    ) throws(Fault) {
        try Self.ask(isWanted)
        let count = options.peerEvents ?? max(1_000, options.events / 4)
        if let store = place.store {
            // Over as many as the hub has open: it opens one when those it has are busy.
            let connections = max(1, try PostgresServer.connections(store))
            figures.rawConnections.append(connections)
            figures.raw.append(
                try PostgresServer.raw(store, rows: count, connections: connections, in: place.directory))
            return
        }
        let peer = OutboxPeer(
            directory: place.directory, authority: place.hub.authority,
            identity: place.hub.identity(place.terminal))
        figures.peer.append(try peer.run(count, isWanted: isWanted))
    }

    // MARK: The drain

    private func drain(
        _ place: Place, _ journal: PlayedJournal, _ figures: inout Figures, _ isWanted: () -> Bool
    ) throws(Fault) {
        let (record, reader) = (try place.record(), try JournalReader(path: journal.path))
        let goal = try reader.heads()
        var raised: (sequence: UInt64, at: Uptime)?
        let began = Uptime.now
        var (nextAlarmAt, nextLookAt) = (began.advanced(ms: options.alarmEveryMs), began)
        let hubCPUMs = place.cpuMs("hub")
        place.supervisor.start(place.sync)
        let giveUpAt = began.advanced(ms: 60_000 + options.events / 2)
        while isWanted(), Uptime.now < giveUpAt {
            let known = try record.cursors()
            let now = Uptime.now
            if let alarm = raised, known[.alarm] ?? 0 >= alarm.sequence {
                figures.alarms.append(Int64(now.nanoseconds - alarm.at.nanoseconds))
                raised = nil
            }
            let isDrained = goal.allSatisfy { known[$0.stream] ?? 0 >= $0.sequence }
            if isDrained, figures.drainMs == 0 { figures.drainMs = max(1, now.ms(since: began)) }
            if isDrained, raised == nil { break }
            if !isDrained, raised == nil, now >= nextAlarmAt {
                raised = journal.raise()
                nextAlarmAt = now.advanced(ms: options.alarmEveryMs)
            }
            if now >= nextLookAt {
                figures.look(at: place)
                nextLookAt = now.advanced(ms: 100)
            }
            pause(ms: record.lookMs)
        }
        figures.isWhole = figures.drainMs > 0 && raised == nil
        figures.drained = options.events
        figures.look(at: place)
        figures.syncCPUMs = place.cpuMs(place.sync)
        figures.hubCPUMs = place.cpuMs("hub") - hubCPUMs
        place.supervisor.stop(place.sync)
    }

    // MARK: A slow line

    private func alarmsOverLink(
        _ bitsPerSecond: Int, _ place: Place, _ journal: PlayedJournal, _ figures: inout Figures,
        _ isWanted: () -> Bool
    ) throws(Fault) {
        let link = try SlowLink(to: place.hub.port, bitsPerSecond: bitsPerSecond)
        defer { link.end() }
        let address = place.hub.identity(place.terminal) + "/hub"
        do {
            try "https://127.0.0.1:\(link.port)\n".write(toFile: address, atomically: true, encoding: .utf8)
        } catch {
            throw Fault("write", at: address, cause: "\(error)", hint: "Check free space, or set TMPDIR.")
        }
        let record = try place.record()
        let old = try JournalReader(path: journal.path).heads().first { $0.stream == .alarm }?.sequence ?? 0
        place.supervisor.start(place.sync)
        // Old alarms first: the terminal has to have caught up with them before one can be timed.
        _ = try waited(ms: 60_000 + Int(old) * 200, record, isWanted) { $0[.alarm] ?? 0 >= old }
        for number in 0..<options.linkAlarms where isWanted() {
            let alarm = journal.raise()
            let isThere = try waited(ms: Self.linkAlarmGoalMs * 10, record, isWanted) {
                $0[.alarm] ?? 0 >= alarm.sequence
            }
            if isThere { figures.alarms.append(Int64(Uptime.now.nanoseconds - alarm.at.nanoseconds)) }
            figures.look(at: place)
            // The rest goes on meanwhile; each at another point of what it has under way.
            let nextAt = alarm.at.advanced(ms: options.linkAlarmEveryMs + number * 37)
            pause(ms: max(500, nextAt.ms(since: .now)))
        }
        figures.isWhole = figures.alarms.count == options.linkAlarms
        let known = try record.cursors()
        figures.drained = known.values.reduce(0) { $0 + Int($1) }
        figures.look(at: place)
    }

    private func waited(
        ms: Int, _ record: HubRecord, _ isWanted: () -> Bool,
        _ isThere: ([Facility.Stream: UInt64]) -> Bool
    ) throws(Fault) -> Bool {
        let end = Uptime.now.advanced(ms: ms)
        while isWanted(), Uptime.now < end {
            if isThere(try record.cursors()) { return true }
            pause(ms: record.lookMs)
        }
        return false
    }
}

extension SyncBench.Figures {
    mutating func look(at place: SyncBench.Place) {
        if let kilobytes = place.kilobytes(place.sync, "VmRSS") { syncKB = max(syncKB ?? 0, kilobytes) }
        hubKB = place.kilobytes("hub", "VmHWM") ?? hubKB
    }
}
