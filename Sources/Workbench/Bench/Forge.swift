// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
package import Facility
import Foundation
import GPIO
import Journal
import PanelLink

/// `watchpost bench forge`: forged, replayed, reordered and bit-flipped datagrams by the ten thousand, while
/// real buttons are pressed.
///
///     cell ══> wiretap ══> post        the forger knows the cable's datagrams, all names and public keys
///       ^────── wiretap <───┘          forger ══════> post, cell
///
/// On the tool's main thread, with a thread for the cable and one for the forger. Whether one was taken is
/// counted three ways: every datagram sent was refused or never reached the socket; the post's journal has
/// the alarms that were pressed and no other; each as it was pressed.
package final class Forge {
    package struct Options: Sendable {
        package var count = 100_000
        package var rate = 20_000
        package var pressEveryMs = 50
        package var seed: UInt64 = 1
        /// Off where the machine is shared with other tests.
        package var judgesTime = true
        package init() {}
    }

    private static let goalMs = 250
    private static let officer = OfficerID("P1")

    private let options: Options
    private let voice: Voice
    private let stopSignals: StopSignals?
    private let cell = TestSite.cell(1)
    private let post = TestSite.post(1)

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
    }

    /// What was seen of the presses.
    private struct Figures {
        var latencyUs: [Int] = []
        var presses = 0
        var lost = 0
        var unaccounted = [0, 0]
        var dropped = [0, 0]
        var refused = [0, 0]
        var strangers = 0
        var isIntact = false
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-forge")
        defer { directory.remove() }
        let agent = try InstalledProgram.path("watchpost-alarm")
        let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
        guard let cellConfig = site.config(cell), let postConfig = site.config(post),
            let cellPort = site.site.terminal(cell)?.port, let postPort = site.site.terminal(post)?.port
        else { preconditionFailure("the site has both") }
        let tap = try Wiretap(post: postPort, cell: cellPort)
        defer { tap.end() }
        try site.rewire(cell, to: post, port: tap.port(.toPost))
        try site.rewire(post, to: cell, port: tap.port(.toCell))
        let supervisor = Supervisor(stopSignals: stopSignals)
        supervisor.run(site.programs(alarmAgent: agent))
        defer { supervisor.stopAll() }
        let desks = [try DeskClient(postConfig), try DeskClient(cellConfig)]
        try meet(desks, directory)
        tap.listen()
        let forger = try Forger(tap: tap, site: site.site, cell: cell, post: post)
        var figures = Figures()
        // Something to replay: one alarm's whole life, and the heartbeats around it.
        try press(site, desks[0], TestSite.button, &figures)
        _ = eventually(ms: 5_000, every: 20) {
            tap.heard(.toCell).count >= 4 && tap.heard(.toPost).count >= 4 ? true : nil
        }
        figures.latencyUs = []
        let before = try desks.map { desk throws(Fault) in try desk.status().own.refused }
        let ports = [postPort, cellPort]
        let droppedBefore = ports.map(Self.dropped)
        forger.begin(count: options.count, rate: options.rate, seed: options.seed)
        var turn = 0
        while !forger.counted.isOver {
            if supervisor.endedBySignal != nil { return .refused }
            turn += 1
            try press(site, desks[0], turn % 2 == 0 ? TestSite.button : TestSite.call, &figures)
        }
        let counted = forger.counted
        try account(counted, desks, before, ports, droppedBefore, &figures)
        supervisor.stopAll()
        try audit(postConfig.journalPath, &figures)
        return tell(figures, counted) ? .done : .refused
    }

    private func meet(_ desks: [DeskClient], _ directory: TemporaryDirectory) throws(Fault) {
        let met: Bool? = eventually(ms: 15_000, every: 50) {
            desks.allSatisfy { desk in
                (try? desk.status())?.peers.allSatisfy { $0.state == .alive } ?? false
            } ? true : nil
        }
        guard met == true else {
            throw Fault(
                "start", at: directory.path, cause: "the two daemons did not meet within fifteen seconds",
                hint: "Is something else on the loopback ports?")
        }
    }

    // MARK: - Pressing

    /// One press, from the contact to the buzzer; then an officer ends it, so that the next one is heard
    /// anew.
    private func press(
        _ site: LoopbackSite, _ desk: DeskClient, _ line: PointName, _ figures: inout Figures
    ) throws(Fault) {
        guard let board = try site.board(cell), let postBoard = try site.board(post) else { return }
        let index = postBoard.lastChange
        let lines = postBoard.lines
        figures.presses += 1
        let closed = try board.set(line.text, active: true) ?? .now
        let rang = eventually(ms: 2_000, every: 1) {
            postBoard.outputChanges(since: index).first { $0.active && lines[$0.line].name.text == "buzzer" }?
                .at
        }
        if let rang { figures.latencyUs.append(rang.us(since: closed)) } else { figures.lost += 1 }
        let open = try desk.alarms().filter { $0.record.alarmClass > .trouble }
        for alarm in open {
            for action in [OfficerAction.attend, .clear] {
                if let refusal = try desk.act(action, on: alarm.record.id, officer: Self.officer) {
                    voice.complain("\(alarm.record.id): \(refusal)")
                }
            }
        }
        // The contact stays closed long enough to be a press whatever happens to its edges.
        let rest = options.pressEveryMs - Uptime.now.ms(since: closed)
        if rest > 0 { pause(ms: rest) }
        try board.set(line.text, active: false)
    }

    // MARK: - Judging

    /// Sent = refused + dropped by the kernel before the socket, once everything has been read.
    private func account(
        _ counted: Forger.Count, _ desks: [DeskClient], _ before: [UInt64], _ ports: [UInt16],
        _ droppedBefore: [Int], _ figures: inout Figures
    ) throws(Fault) {
        var latest = figures
        _ = eventually(ms: 5_000, every: 50) { () -> Bool? in
            for place in desks.indices {
                guard let status = try? desks[place].status() else { return nil }
                latest.refused[place] = Int(status.own.refused - before[place])
                latest.dropped[place] = Self.dropped(ports[place]) - droppedBefore[place]
                latest.unaccounted[place] =
                    counted.delivered[place] - latest.dropped[place] - latest.refused[place]
            }
            return latest.unaccounted.allSatisfy { $0 == 0 } ? true : nil
        }
        figures = latest
    }

    /// Datagrams that found the buffer of the socket at this port full, by the kernel's count.
    private static func dropped(_ port: UInt16) -> Int {
        let text = (try? String(contentsOfFile: "/proc/net/udp", encoding: .utf8)) ?? ""
        let hex = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        return text.split(separator: "\n").reduce(0) { sum, line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 12, fields[1].hasSuffix(suffix) else { return sum }
            return sum + (Int(fields[fields.count - 1]) ?? 0)
        }
    }

    /// The post's record has what was pressed, each attended and cleared by our officer, and nothing else.
    private func audit(_ path: String, _ figures: inout Figures) throws(Fault) {
        figures.isIntact = verifyJournal(path: path).isIntact
        let reader = try JournalReader(path: path)
        var cursor = SyncCursor.beginning(of: .alarm)
        var records: [EventID: AlarmRecord] = [:]
        while true {
            let entries = try reader.events(past: cursor, limit: Limits.journalPageCount)
            guard let last = entries.last else { break }
            cursor.sequence = last.sequence
            for entry in entries {
                guard case .annunciation(let news)? = try? Message(decoding: entry.event.payload) else {
                    continue
                }
                records[news.record.id] = news.record
            }
        }
        let runs = Set(records.keys.map(\.run))
        let odd = records.values.filter { record in
            record.presses != 1 || record.cleared?.officer != Self.officer || record.id.terminal != cell
        }
        figures.strangers = max(0, records.count - figures.presses) + odd.count + max(0, runs.count - 1)
        figures.lost += max(0, figures.presses - records.count)
    }

    private func tell(_ figures: Figures, _ counted: Forger.Count) -> Bool {
        let latency = Percentiles(figures.latencyUs.map { Int64($0) * 1_000 })
        let taken = figures.unaccounted.reduce(0) { $0 + abs($1) }
        let isGood =
            taken == 0 && figures.strangers == 0 && figures.lost == 0 && figures.isIntact
            && latency.count > 0
            && (!options.judgesTime || latency.microseconds(99.9) <= Double(Self.goalMs) * 1_000)
        var line = JSONLine()
        line.add("bench", "forge")
        line.add("sent", counted.sent.values.reduce(0, +))
        for kind in Forger.Kind.allCases { line.add(kind.rawValue, counted.sent[kind] ?? 0) }
        line.add(
            "per_second",
            .decimal((Double(counted.sent.values.reduce(0, +)) / max(counted.seconds, 0.001)).rounded()))
        for (place, name) in ["post", "cell"].enumerated() {
            line.add("to_\(name)", counted.delivered[place])
            line.add("\(name)_refused", figures.refused[place])
            line.add("\(name)_dropped_by_kernel", figures.dropped[place])
            line.add("\(name)_unaccounted", figures.unaccounted[place])
        }
        line.add("presses", figures.presses)
        line.add("lost", figures.lost)
        line.add("accepted", figures.strangers)
        line.add("contact_to_buzzer", latency.line)
        line.add("goal_ms", Self.goalMs)
        line.add("journal_intact", figures.isIntact)
        line.add("seed", options.seed)
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }
}

extension LoopbackSite {
    /// `terminal` reaches `other` at another port than `other` has: somebody is on the cable.
    fileprivate func rewire(_ terminal: TerminalID, to other: TerminalID, port: UInt16) throws(Fault) {
        guard var config = config(terminal),
            let index = config.site.terminals.firstIndex(where: { $0.id == other })
        else { return }
        config.site.terminals[index].port = port
        try CompiledSite.write(config, to: configPath(terminal))
    }
}
