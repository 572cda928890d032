// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility

/// `watchpost bench sync-kills`: SIGKILLs at random instants over a hub and the sync processes of three
/// terminals, while their journals grow and some of their files are damaged and put aside.
///
///     journals (this process) ─> watchpost-sync, each ─ TLS ─> watchpost-hub ─> hub.sqlite
///         └──────── what they tell ──────── compared, when all is drained ────────┘
///
/// On the tool's main thread. Nothing of what it expects it takes from sync or hub: the journals alone say
/// what the hub must have.
package final class SyncKills {
    package struct Options: Sendable {
        package var count = 500
        package var seed: UInt64 = 1
        /// Off where the machine is shared with other tests: then only what is lost, doubled or wrong counts.
        package var judgesTime = true
        /// The hub's store is a PostgreSQL server of the bench's own; it is not killed.
        package var isPostgres = false
        package init() {}
    }

    let options: Options
    let voice: Voice
    private let stopSignals: StopSignals?
    private var dice: Dice
    var kills: [String: Int] = [:]
    var restartUs: [Int] = []
    var asideFiles = 0
    var drainedMs = 0

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
        dice = Dice(seed: options.seed)
    }

    var killCount: Int { kills.values.reduce(0, +) }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-synckills")
        let began = Uptime.now
        let server = options.isPostgres ? try PostgresServer() : nil
        defer { server?.end() }
        let place = try SyncSite(
            in: directory, store: server?.info, stopSignals: stopSignals, using: &dice)
        var ledger = SyncLedger()
        do {
            defer {
                place.supervisor.stopAll()
                for writer in place.writers { writer.stop() }
            }
            while killCount < options.count {
                if place.supervisor.endedBySignal != nil {
                    directory.remove()
                    return .refused
                }
                try wave(place)
            }
            for writer in place.writers {
                writer.stop()
                ledger.knows(writer.before)
                ledger.owes(writer.owed())
                asideFiles += writer.asideCount
            }
            drain(place, ledger)
        }
        // From PostgreSQL by the hub's own backup, which is a file of SQLite.
        let tables = try HubTables(path: try place.hubFile())
        ledger.judge(try tables.events(), alarms: try tables.alarms())
        let isGood = tell(
            ledger, contradictions: try tables.asideCount(), ms: Uptime.now.ms(since: began))
        if isGood { directory.remove() } else { voice.complain("\(directory.path) stays") }
        return isGood ? .done : .refused
    }

    // MARK: - One wave

    private func wave(_ place: SyncSite) throws(Fault) {
        grow(place, until: Uptime.now.advanced(us: dice.within(0...250_000)))
        let syncs = place.syncs
        let chosen =
            switch dice.within(0...9) {
            case 0...3: [SyncSite.hub]
            case 4...6: [dice.pick(syncs)]
            case 7...8: [SyncSite.hub, dice.pick(syncs)]
            case _: [SyncSite.hub] + syncs
            }
        var victims = kill(chosen, place)
        if dice.chance(4) { try damage(place, &victims) }
        // One in four is killed again on its way up.
        guard dice.chance(75) else { return }
        let end = Uptime.now.advanced(ms: Limits.demoHubMs)
        while victims.contains(where: { $0.readyAt == nil }), Uptime.now < end {
            grow(place, until: Uptime.now.advanced(ms: 2))
            place.look(at: &victims)
        }
        for victim in victims {
            guard let readyAt = victim.readyAt else {
                throw Fault(
                    "restart", at: victim.name, cause: "not ready fifteen seconds after its kill",
                    hint: "Read its log in \(place.site.directory.path)/log.")
            }
            restartUs.append(readyAt.us(since: victim.killedAt))
        }
    }

    private func kill(_ names: [String], _ place: SyncSite) -> [SyncSite.Victim] {
        names.compactMap { name in
            guard let victim = place.kill(name) else { return nil }
            kills[name, default: 0] += 1
            return victim
        }
    }

    /// Half of the time with its sync process down, so that much of the damaged file was never sent.
    private func damage(_ place: SyncSite, _ victims: inout [SyncSite.Victim]) throws(Fault) {
        let writer = dice.pick(place.writers)
        // The opener's own bound, and what the test needs.
        guard writer.asideCount < Limits.journalPutAsideMaxCount else { return }
        if dice.chance(50) {
            let name = place.sync(writer.config.terminal)
            victims.removeAll { $0.name == name }
            if let victim = kill([name], place).first { victims.append(victim) }
        }
        writer.grow(dice.within(1...200), using: &dice)
        try writer.damage(using: &dice)
    }

    private func grow(_ place: SyncSite, until end: Uptime) {
        while Uptime.now < end {
            if dice.chance(50) { dice.pick(place.writers).grow(dice.within(1...8), using: &dice) }
            pause(ms: 3)
        }
    }

    // MARK: - The end

    /// Until the hub says that it has all that is owed. Nobody is killed any more.
    private func drain(_ place: SyncSite, _ ledger: SyncLedger) {
        let began = Uptime.now
        let goals = ledger.goals
        let drained: Bool? = eventually(ms: Limits.syncKillsDrainMs, every: 100) {
            guard let cursors = try? place.cursors() else { return nil }
            return goals.allSatisfy { cursors[$0.key] ?? 0 >= $0.value } ? true : nil
        }
        drainedMs = Uptime.now.ms(since: began)
        if drained != true { voice.complain("not drained within \(Limits.syncKillsDrainMs) ms") }
    }
}
