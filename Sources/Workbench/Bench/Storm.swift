// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
package import Facility
import Foundation
import PanelLink
import Synchronization

/// `watchpost bench storm`: every cell of a large facility pressed within 100 ms, against two real posts that
/// both hear all.
///
/// On the tool's main thread, with one thread that plays the cells and one follower per post. All times are
/// this machine's one monotonic clock: from the press to the moment at which a follower of the post's list
/// has it.
package final class Storm {
    package struct Options: Sendable {
        package var cells = 500
        package var withinMs = 100
        package var seed: UInt64 = 1
        /// Off where the machine is shared with other tests.
        package var judgesTime = true
        package init() {}
    }

    private static let goalMs = 2_000

    private let options: Options
    private let voice: Voice
    private let stopSignals: StopSignals?

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-storm")
        defer { directory.remove() }
        let agent = try InstalledProgram.path("watchpost-alarm")
        let site = try LoopbackSite(
            hosting: TestSite.configs(cells: options.cells, posts: 2, allPostsAtOnce: true), in: directory)
        let posts = site.terminals(.post)
        let supervisor = Supervisor(stopSignals: stopSignals)
        supervisor.run(
            site.programs(alarmAgent: agent).filter { program in posts.contains { $0.text == program.name } })
        defer { supervisor.stopAll() }
        let cells = try PlayedCells(site.configs.filter { !posts.contains($0.terminal) })
        defer { cells.end() }
        let desks = try site.configs.filter { posts.contains($0.terminal) }.map { config throws(Fault) in
            try DeskClient(config)
        }
        let metMs = try meet(desks)

        func residents() -> [Int?] {
            posts.map { supervisor.report($0.text)?.pid.flatMap { ProcessFigures.kilobytes($0, "VmRSS") } }
        }
        var figures = Figures(metMs: metMs)
        figures.before = residents()
        try storm(cells, desks, site, &figures)
        figures.during = residents()
        try clearAll(cells, desks, &figures)
        figures.after = residents()
        return tell(figures) ? .done : .refused
    }

    private struct Figures {
        var metMs: Int
        var pressed: [EventID: Uptime] = [:]
        var first = Uptime(nanoseconds: 0)
        var seen: [[EventID: Uptime]] = []
        var isOrdered: [Bool] = []
        var listed: [Int] = []
        var isDark = false
        var left: [Int] = []
        var refusals = 0
        var clearMs = 0
        var before: [Int?] = []
        var during: [Int?] = []
        var after: [Int?] = []
    }

    /// Until each post hears every cell and is heard by it.
    private func meet(_ desks: [DeskClient]) throws(Fault) -> Int {
        let began = Uptime.now
        let met: Bool? = eventually(ms: 60_000, every: 200) {
            for desk in desks {
                guard let status = try? desk.status() else { return nil }
                guard status.peers.count == options.cells + desks.count - 1,
                    status.peers.allSatisfy({ $0.state == .alive })
                else { return nil }
            }
            return true
        }
        guard met == true else {
            throw Fault(
                "meet", at: "\(options.cells) cells", cause: "not every heartbeat came within a minute",
                hint: "Try fewer cells: --cells 100.")
        }
        return Uptime.now.ms(since: began)
    }

    // MARK: - The storm

    private func storm(
        _ cells: PlayedCells, _ desks: [DeskClient], _ site: LoopbackSite, _ figures: inout Figures
    ) throws(Fault) {
        var dice = Dice(seed: options.seed)
        let watchers = try desks.map { desk throws(Fault) in
            try ListWatcher(terminal: desk.terminal, daemon: desk.daemon)
        }
        defer { for watcher in watchers { watcher.end() } }
        figures.first = Uptime.now.advanced(ms: 100)
        let step = options.withinMs * 1_000 / max(1, options.cells)
        cells.press(
            (0..<options.cells).shuffled(using: &dice).enumerated().map { order, cell in
                PlayedCells.Press(
                    cell: cell, duty: dice.chance(30) ? .emergencyButton : .cellCallButton,
                    at: figures.first.advanced(us: order * step))
            })
        _ = eventually(ms: Self.goalMs * 5, every: 10) { () -> Bool? in
            cells.pressedAt.count == options.cells && watchers.allSatisfy { $0.seenAt.count >= options.cells }
                ? true : nil
        }
        figures.pressed = cells.pressedAt
        figures.seen = watchers.map(\.seenAt)
        for desk in desks {
            let list = try list(of: desk)
            figures.listed.append(list.count { figures.pressed[$0.record.id] != nil })
            figures.isOrdered.append(
                zip(list, list.dropFirst()).allSatisfy { a, b in
                    a.record.alarmClass > b.record.alarmClass
                        || a.record.alarmClass == b.record.alarmClass && a.ageMs >= b.ageMs
                })
        }
    }

    /// As the post itself orders it.
    private func list(of desk: DeskClient) throws(Fault) -> [StandingAlarm] {
        let token = UInt64.random(in: 1 ... .max)
        try desk.send(.query(Query(token: token, what: .alarms)))
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        var list: [StandingAlarm] = []
        while let message = desk.receive(until: end) {
            switch message {
            case .listed(token, let news, let lost): list.append(StandingAlarm(news, isCellLost: lost))
            case .end(token, _): return list
            case _: break
            }
        }
        throw Fault(
            "list", at: desk.terminal.text, cause: "no whole answer within \(Limits.deskAnswerMs) ms",
            hint: "See net.unix.max_dgram_qlen and the daemon's log.")
    }

    // MARK: - After it

    private func clearAll(_ cells: PlayedCells, _ desks: [DeskClient], _ figures: inout Figures) throws(Fault)
    {
        let began = Uptime.now
        for action in [OfficerAction.attend, .clear] {
            for (order, id) in figures.pressed.keys.sorted(by: { $0.description < $1.description })
                .enumerated()
            {
                let refusal = try desks[order % desks.count].act(action, on: id, officer: OfficerID("P1"))
                if refusal != nil { figures.refusals += 1 }
                // Both stay under the rate that one user may have.
                pause(ms: 1_000 / Limits.localCommandsPerSecondCount)
            }
        }
        figures.isDark = eventually(ms: 10_000, every: 20) { cells.dark == cells.count ? true : nil } ?? false
        for desk in desks {
            let left = eventually(ms: 10_000, every: 50) { () -> Int? in
                guard let list = try? desk.alarms() else { return nil }
                return list.contains { figures.pressed[$0.record.id] != nil } ? nil : 0
            }
            figures.left.append(left ?? options.cells)
        }
        figures.clearMs = Uptime.now.ms(since: began)
    }

    private func tell(_ figures: Figures) -> Bool {
        let last = figures.seen.flatMap(\.values).max() ?? figures.first
        let lost = figures.seen.map { seen in figures.pressed.keys.count { seen[$0] == nil } }.reduce(0, +)
        let isWhole =
            figures.pressed.count == options.cells && lost == 0
            && figures.listed.allSatisfy { $0 == options.cells }
        let isGood =
            isWhole && (!options.judgesTime || last.ms(since: figures.first) <= Self.goalMs)
            && figures.isOrdered.allSatisfy { $0 }
            && figures.refusals == 0 && figures.isDark && figures.left.allSatisfy { $0 == 0 }
        let pressSpread = (figures.pressed.values.max() ?? figures.first).ms(
            since: figures.pressed.values.min() ?? figures.first)
        var line = JSONLine()
        line.add("bench", "storm")
        line.add("cells", options.cells)
        line.add("heartbeats_up_ms", figures.metMs)
        line.add("pressed", figures.pressed.count)
        line.add("pressed_within_ms", pressSpread)
        for (place, seen) in figures.seen.enumerated() {
            let times = figures.pressed.compactMap { id, at in
                seen[id].map { Int64($0.us(since: at)) * 1_000 }
            }
            line.add("post_\(place + 1)", Percentiles(times).line)
        }
        line.add("lost", lost)
        line.add("all_listed_ms", last.ms(since: figures.first))
        line.add("goal_ms", Self.goalMs)
        line.add("ordered", figures.isOrdered.allSatisfy { $0 })
        line.add("refusals", figures.refusals)
        line.add("left_after_clear", figures.left.reduce(0, +))
        line.add("lamps_off", figures.isDark)
        line.add("clear_ms", figures.clearMs)
        for (name, sizes) in [
            ("rss_kb_before", figures.before), ("rss_kb_listed", figures.during),
            ("rss_kb_cleared", figures.after),
        ] {
            line.add(name, .list(sizes.map { $0.map { JSONLine.Value.number(Int64($0)) } ?? .null }))
        }
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }
}

/// When each alarm was first told by a post to one who follows its list. A thread of its own ("watcher");
/// any thread looks.
final class ListWatcher: Sendable {
    private let state = Mutex<(seen: [EventID: Uptime], isEnding: Bool)>(([:], false))
    private let ended = DispatchSemaphore(value: 0)

    init(terminal: TerminalID, daemon: String) throws(Fault) {
        _ = try DeskClient(terminal: terminal, daemon: daemon)
        let thread = Thread { [self] in
            if let desk = try? DeskClient(terminal: terminal, daemon: daemon) { watch(desk) }
            ended.signal()
        }
        thread.name = "watcher"
        thread.start()
    }

    var seenAt: [EventID: Uptime] { state.withLock { $0.seen } }

    func end() {
        state.withLock { $0.isEnding = true }
        ended.wait()
        ended.signal()
    }

    private func watch(_ desk: DeskClient) {
        var follower = DeskFollower(desk)
        while !state.withLock({ $0.isEnding }) {
            for news in follower.next(until: Uptime.now.advanced(ms: 50)) {
                guard case .changed(let alarm) = news, alarm.record.alarmClass > .trouble else { continue }
                let at = Uptime.now
                state.withLock { if $0.seen[alarm.record.id] == nil { $0.seen[alarm.record.id] = at } }
            }
        }
    }
}
