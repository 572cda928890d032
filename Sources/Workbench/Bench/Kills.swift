// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
package import Facility
import GPIO
import PanelLink

/// `watchpost bench kills`: SIGKILLs at random instants over cells and posts while buttons are pressed and
/// officers act.
///
///     round:  press, attend or clear, one of them at each cell
///             └ 0–30 ms ─> kill some ─> ready again ─┬ 0–30 ms ─> kill some …
///                                                    └ all four lists agree ─> judge
///
/// On the tool's main thread, everything by this machine's one monotonic clock. Nothing of what it expects it
/// takes from the agents: contacts it moved itself, lamps it saw on the boards.
package final class Kills {
    package struct Options: Sendable {
        package var count = 1_000
        package var seed: UInt64 = 1
        /// Off where the machine is shared with other tests: then only what is lost or doubled counts.
        package var judgesTime = true
        package init() {}
    }

    let options: Options
    let voice: Voice
    private let stopSignals: StopSignals?
    private var dice: Dice
    var ledger = KillLedger()
    var rounds = 0
    /// Alarms that an officer was told to clear.
    private var mayEnd: Set<EventID> = []

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
        dice = Dice(seed: options.seed)
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-kills")
        let agent = try InstalledProgram.path("watchpost-alarm")
        let began = Uptime.now
        let place = try KillSite(in: directory, agent: agent, stopSignals: stopSignals)
        var standing: [EventID: StandingAlarm] = [:]
        do {
            defer { place.supervisor.stopAll() }
            while ledger.killCount < options.count {
                if place.supervisor.endedBySignal != nil {
                    directory.remove()
                    return .refused
                }
                rounds += 1
                standing = try round(place, standing)
            }
        }
        ledger.audit(try place.recorded(), standing: standing)
        let broken = place.brokenJournals()
        let isGood = tell(broken, standing: standing.count, ms: Uptime.now.ms(since: began))
        if isGood { directory.remove() } else { voice.complain("\(directory.path) stays") }
        return isGood ? .done : .refused
    }

    // MARK: - One round

    /// What happens in one round, as far as it has happened.
    private struct Round {
        var agenda = Agenda()
        var presses: [BenchPress] = []
        var mayEnd: Set<EventID> = []
        var lamps: [TerminalID: UInt64] = [:]
        var lights: [TerminalID: UInt64] = [:]
        var killedAt: [TerminalID: [Uptime]] = [:]
        var readyAt: [TerminalID: [Uptime]] = [:]
    }

    private func round(
        _ place: KillSite, _ before: [EventID: StandingAlarm]
    ) throws(Fault) -> [EventID: StandingAlarm] {
        var round = Round()
        for cell in place.cells { round.lamps[cell] = place.board(cell).lastChange }
        for post in place.posts { round.lights[post] = place.board(post).lastChange }
        let acts = Acts()
        for cell in place.cells { plan(cell, place, before, &round, acts) }
        for wave in 0..<3 {
            let isEarly = wave > 0 || dice.chance(60)
            round.agenda.run(until: Uptime.now.advanced(us: dice.within(isEarly ? 0...30_000 : 0...300_000)))
            try killSome(place, &round)
            if !dice.chance(40) { break }
        }
        while !round.agenda.isEmpty { round.agenda.run(until: Uptime.now.advanced(ms: 5)) }
        round.presses = acts.presses
        round.mayEnd = acts.mayEnd
        judgeOwed(place, before, &round)
        let after = settle(place, before, round)
        // A post tries again for a while: an act of a round may take effect in the next.
        mayEnd.formUnion(round.mayEnd)
        ledger.judge(round.presses, before: before, after: after, mayEnd: mayEnd)
        return after
    }

    /// What the agenda's steps did; they outlive the call that planned them.
    private final class Acts {
        var presses: [BenchPress] = []
        var mayEnd: Set<EventID> = []
    }

    private func plan(
        _ cell: TerminalID, _ place: KillSite, _ before: [EventID: StandingAlarm], _ round: inout Round,
        _ acts: Acts
    ) {
        let line = dice.pick([TestSite.button, TestSite.call])
        let at = Uptime.now.advanced(us: dice.within(0...20_000))
        let open = before.values.filter { $0.record.point == AlarmPoint(terminal: cell, name: line) }
        let unattended = open.first { $0.record.attended == nil }
        let attended = open.first { $0.record.attended != nil }
        if let unattended, dice.chance(75) {
            let isWired = unattended.record.attendanceWired
            if isWired { return press("door", of: cell, at: at, place, &round) }
            act(.attend, on: unattended.record.id, at: at, place, &round)
        } else if let attended, dice.chance(75) {
            acts.mayEnd.insert(attended.record.id)
            act(.clear, on: attended.record.id, at: at, place, &round)
        } else {
            let before: BenchPress.Before =
                unattended != nil ? .unattended : attended != nil ? .attended : .nothing
            round.agenda.add(at: at) {
                let closed = try? place.board(cell).set(line.text, active: true)
                acts.presses.append(
                    BenchPress(cell: cell, line: line, before: before, closedAt: (closed ?? nil) ?? .now))
            }
            let hold = dice.chance(70) ? dice.within(50...150) : dice.within(300...900)
            round.agenda.add(at: at.advanced(ms: hold)) {
                let opened = try? place.board(cell).set(line.text, active: false)
                guard let index = acts.presses.firstIndex(where: { $0.cell == cell }) else { return }
                acts.presses[index].openedAt = (opened ?? nil) ?? .now
            }
        }
    }

    private func press(
        _ line: String, of cell: TerminalID, at: Uptime, _ place: KillSite, _ round: inout Round
    ) {
        round.agenda.add(at: at) { _ = try? place.board(cell).set(line, active: true) }
        round.agenda.add(at: at.advanced(ms: dice.within(50...150))) {
            _ = try? place.board(cell).set(line, active: false)
        }
    }

    /// Said once and not waited for: what became of it, the lists tell.
    private func act(
        _ action: OfficerAction, on alarm: EventID, at: Uptime, _ place: KillSite, _ round: inout Round
    ) {
        let post = dice.pick(place.posts)
        let request = ActionRequest(
            actionID: .random(in: 1 ... .max), alarm: alarm, action: action,
            source: ActionSource(post: post, officer: OfficerID("P1")))
        round.agenda.add(at: at) {
            let desk = place.desk(post)
            _ = desk.socket.send(Message.action(request).encode(), to: desk.daemon)
        }
    }

    // MARK: - Killing

    private func killSome(_ place: KillSite, _ round: inout Round) throws(Fault) {
        let everyone = place.everyone.shuffled(using: &dice)
        let chosen =
            switch dice.within(0...9) {
            case 0...4: [everyone[0]]
            case 5...7: [dice.pick(place.cells), dice.pick(place.posts)]
            case 8: place.posts
            case _: everyone
            }
        var victims = place.kill(chosen)
        for victim in victims {
            ledger.killed(victim.terminal)
            round.killedAt[victim.terminal, default: []].append(victim.killedAt)
        }
        let end = Uptime.now.advanced(ms: 5_000)
        while victims.contains(where: { $0.readyAt == nil }), Uptime.now < end {
            round.agenda.run(until: Uptime.now.advanced(us: 500))
            place.look(at: &victims)
        }
        for victim in victims {
            guard let readyAt = victim.readyAt else {
                throw Fault(
                    "restart", at: victim.terminal.text, cause: "not ready five seconds after its kill",
                    hint: "Read its log in \(place.site.directory.path)/log.")
            }
            ledger.restarted(afterUs: readyAt.us(since: victim.killedAt))
            round.readyAt[victim.terminal, default: []].append(readyAt)
        }
    }

    // MARK: - Judging

    private func judgeOwed(_ place: KillSite, _ before: [EventID: StandingAlarm], _ round: inout Round) {
        // The buzzer chirps for troubles, too; this lamp is for alarms alone.
        let rang =
            before.isEmpty
            && place.posts.contains { place.hasLit("alarm-lamp", of: $0, since: round.lights[$0] ?? 0) }
        for index in round.presses.indices {
            let press = round.presses[index]
            let sure = press.closedAt.advanced(ms: Limits.pressSureMs)
            let kills = round.killedAt[press.cell, default: []]
            let readies = round.readyAt[press.cell, default: []]
            let wasDark = !before.keys.contains { $0.terminal == press.cell }
            if press.openedAt.map({ $0 >= sure }) ?? true,
                isAlive(from: press.closedAt, to: sure, kills, readies)
            {
                round.presses[index].owed = .seen
            } else if wasDark,
                place.hasLit(TestSite.lamp.text, of: press.cell, since: round.lamps[press.cell] ?? 0)
            {
                round.presses[index].owed = .lamp
            } else if rang, round.presses.count == 1 {
                round.presses[index].owed = .datagram
            } else if readies.contains(where: { ready in
                let held = ready.advanced(ms: Limits.pressSureMs)
                return ready >= press.closedAt && press.openedAt.map { $0 >= held } ?? true
                    && isAlive(from: ready, to: held, kills, readies)
            }) {
                round.presses[index].owed = .held
            }
        }
    }

    /// Between each kill and the ready after it the process is taken for dead.
    private func isAlive(from: Uptime, to: Uptime, _ kills: [Uptime], _ readies: [Uptime]) -> Bool {
        !zip(kills, readies).contains { killed, ready in killed <= to && ready > from }
    }

    /// Waits until all four lists agree, hold all that is owed, and every journal is open.
    private func settle(
        _ place: KillSite, _ before: [EventID: StandingAlarm], _ round: Round
    ) -> [EventID: StandingAlarm] {
        var lists: [TerminalID: [EventID: StandingAlarm]] = [:]
        let agreed = eventually(ms: 10_000, every: 20) { () -> [EventID: StandingAlarm]? in
            lists = [:]
            for terminal in place.everyone { lists[terminal] = place.standing(at: terminal) }
            guard lists.count == place.everyone.count else { return nil }
            let own = place.cells.reduce(into: [EventID: StandingAlarm]()) { all, cell in
                all.merge(lists[cell] ?? [:]) { $1 }
            }
            let facts = own.mapValues { $0.record.attended }
            guard place.posts.allSatisfy({ lists[$0]?.mapValues { $0.record.attended } == facts }) else {
                return nil
            }
            let new = own.values.filter { before[$0.record.id] == nil }
            for press in round.presses where press.owed != nil && press.before != .unattended {
                guard new.contains(where: { press.raised($0.record) }) else { return nil }
            }
            guard place.everyone.allSatisfy(place.isJournalOpen) else { return nil }
            return own
        }
        if let agreed { return agreed }
        let words = place.everyone.map { terminal in
            let list = lists[terminal].map { list in
                list.values.map { "\($0.record.id) \($0.record.phase)" }.sorted().joined(separator: " ")
            }
            return "\(terminal) [\(list ?? "silent")]"
        }
        ledger.unsettled("round \(rounds): \(words.joined(separator: "; "))")
        return place.cells.reduce(into: [:]) { all, cell in all.merge(lists[cell] ?? [:]) { $1 } }
    }
}
