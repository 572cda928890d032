// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Console
package import ConsoleServer
package import Facility
import Foundation
import Sync

/// The live wall of this hub, and everybody who follows it.
///
/// An actor. Always true: a follower is told every change or, when it lagged, is let go and told the whole
/// wall when it comes back; history is shown and never sounds (`LiveWall`).
package actor WallDesk {
    private let clock: HubClock
    private var wall: LiveWall
    private var heard: [TerminalID: Uptime] = [:]
    private var followers = WallFollowers()

    package init(book: PlaceBook, clock: HubClock) {
        self.clock = clock
        wall = LiveWall(book: book, version: clock.now().wallMs)
    }

    /// The site, or what is listed below, is another now.
    func relist(_ book: PlaceBook) {
        wall.relist(book)
        tellFollowers()
    }

    // MARK: What is new

    package func load(_ open: [HubAlarm]) {
        let now = clock.now()
        for alarm in open {
            _ = wall.alarm(
                alarm.dated, ageMs: alarm.ageMs(at: now.wallMs), isHistory: alarm.isHistory,
                isCellLost: alarm.isCellLost, now: now)
        }
        tellFollowers()
    }

    /// What one commit held, and what became of the terminals' own lives by it. Alarms are told at once; who
    /// lives, with the next tick: thousands of heartbeats a second must not each be looked for by every page.
    @discardableResult
    package func take(_ all: [IntakeNews]) -> [ProofChange] {
        var changes: [ProofChange] = []
        for news in all {
            if !news.isCarried { changes += hear(news.terminal, at: news.at) }
            if news.isCloneSuspected { wall.fault(news.terminal, .cloned, sinceAtMs: news.at.wallMs) }
            for (alarm, isHistory) in news.alarms {
                _ = wall.alarm(
                    alarm.dated, ageMs: alarm.ageMs(at: news.at.wallMs), isHistory: isHistory,
                    isCellLost: alarm.isCellLost ? true : nil, now: news.at)
            }
        }
        if all.contains(where: { !$0.alarms.isEmpty || $0.isCloneSuspected }) { tellFollowers() }
        return changes
    }

    /// Hubs below, or other hubs on the store, heard terminals then.
    @discardableResult
    package func hear(_ proofs: [(terminal: TerminalID, at: Moment)]) -> [ProofChange] {
        proofs.flatMap { hear($0.terminal, at: $0.at) }
    }

    private func hear(_ terminal: TerminalID, at: Moment) -> [ProofChange] {
        guard heard[terminal].map({ $0 < at.uptime }) ?? true else { return [] }
        heard[terminal] = at.uptime
        return wall.heard(terminal, now: at).map { [$0] } ?? []
    }

    /// Shelves, and terminals whose name two machines use, as the store has them.
    package func load(shelves: [AlarmShelf.Entry]) {
        wall.restore(shelves)
        tellFollowers()
    }

    // MARK: What another hub on the store did

    /// What stands here, and is looked for in the store.
    var listed: [EventID] { wall.standing }

    var shelvedCount: Int { wall.shelf.entries.count }

    /// Alarms as the store has them, also those that ended.
    func follow(_ alarms: [HubAlarm]) {
        let now = clock.now()
        for alarm in alarms {
            _ = wall.alarm(
                alarm.dated, ageMs: alarm.ageMs(at: now.wallMs), isHistory: alarm.isHistory,
                isCellLost: alarm.isCellLost ? true : nil, now: now)
        }
        tellFollowers()
    }

    /// Which lines are shelved here, but not in the store; those in `gone` are shelved no longer.
    func follow(shelves: [AlarmShelf.Entry], gone: Set<FloodKey>) -> Set<FloodKey> {
        let here = Dictionary(wall.shelf.entries.map { ($0.key, $0.untilMs) }) { first, _ in first }
        wall.restore(shelves.filter { here[$0.key] != $0.untilMs })
        let missing = Set(here.keys).subtracting(shelves.map(\.key))
        for key in missing.intersection(gone) { try? wall.unshelve(key) }
        tellFollowers()
        return missing.subtracting(gone)
    }

    /// Two machines under one name is a trouble of the device, seen by everybody until a technician revokes.
    package func cloned(_ terminals: [TerminalID: Int64], of listed: [TerminalID]) {
        for terminal in listed {
            if let sinceMs = terminals[terminal] {
                wall.fault(terminal, .cloned, sinceAtMs: sinceMs)
            } else {
                wall.faultEnded(terminal, .cloned)
            }
        }
        tellFollowers()
    }

    /// A few times a second: who fell silent, which pause ended.
    package func tick() -> [ProofChange] {
        let changes = wall.elapsed(now: clock.now())
        tellFollowers()
        return changes
    }

    /// Keeps streams alive, and the ages of proofs true on every page.
    package func beat() { followers.beat(wall, now: clock.now()) }

    package func use(_ use: Use, of terminal: TerminalID) {
        wall.use(use, of: terminal)
        tellFollowers()
    }

    package func shelve(
        _ key: FloodKey, minutes: Int, reason: String, by officer: OfficerID
    ) throws(ConsoleRefusal) -> Int64 {
        let entry = try wall.shelve(key, minutes: minutes, reason: reason, by: officer, now: clock.now())
        tellFollowers()
        return entry.untilMs
    }

    package func unshelve(_ key: FloodKey) throws(ConsoleRefusal) {
        try wall.unshelve(key)
        tellFollowers()
    }

    // MARK: What is asked

    package func view(_ sight: Sight) -> WallView {
        wall.view(areas: sight.areas, devicesOnly: sight.devicesOnly, now: clock.now())
    }
    package func flood(areas: Set<ZoneID>?) -> FloodView { wall.flood(areas: areas, now: clock.now()) }
    package func alarm(_ id: EventID) -> AlarmView? { wall.alarm(id, now: clock.now()) }
    package func record(_ id: EventID) -> AlarmRecord? { wall.record(id) }
    package func calls(_ terminal: TerminalID) -> Bool { wall.calls(terminal) }
    package var followerCount: Int { followers.count }

    /// Terminals heard of since this hub started; their silences are in the store.
    package var seen: Set<TerminalID> { Set(heard.keys) }

    /// Heard of within the time after which it would count as lost.
    package func isAlive(_ terminal: TerminalID) -> Bool {
        heard[terminal].map { clock.now().uptime.ms(since: $0) < Limits.peerLostMs } ?? false
    }

    /// Text of server-sent events, from a version on; nil when too many follow. `account`: whose page it is.
    package func follow(
        after version: Int64?, _ sight: Sight, account: String? = nil, session: [UInt8]? = nil
    ) -> AsyncStream<String>? {
        let stream = followers.follow(after: version, sight, account: account, session: session) { number in
            Task { await self.leave(number) }
        }
        tellFollowers()
        return stream
    }

    /// Signed out, shut or changed: its pages see nothing more until they ask anew.
    package func dismiss(_ account: String) { followers.dismiss(account) }

    /// The sign-ins whose pages follow: another hub on the store may have ended them.
    package var followedSessions: Set<[UInt8]> { followers.sessions }

    package func dismiss(session: [UInt8]) { followers.dismiss(session: session) }

    private func leave(_ number: Int) { followers.leave(number) }

    private func tellFollowers() { followers.tell(wall, now: clock.now()) }
}

extension HubAlarm {
    package var dated: DatedAlarm {
        DatedAlarm(record, raisedAtMs: raisedMs, uncertaintyMs: raisedUncertaintyMs, isTest: isTest)
    }
}
