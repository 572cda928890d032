// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Console
package import Facility
import Foundation
import Sync

/// The live wall of this hub, and everybody who follows it.
///
/// An actor. Always true: a follower is told every change or, when it lagged, is let go and told the whole
/// wall when it comes back; history is shown and never sounds (`LiveWall`).
package actor WallDesk {
    private struct Follower {
        let sight: Sight
        var version: Int64
        let account: String?
        let session: [UInt8]?
        let stream: AsyncStream<String>.Continuation
    }

    private let clock: HubClock
    private var wall: LiveWall
    private var heard: [TerminalID: Uptime] = [:]
    private var followers: [Int: Follower] = [:]
    private var nextFollower = 0

    package init(book: PlaceBook, clock: HubClock) {
        self.clock = clock
        wall = LiveWall(book: book, version: clock.now().wallMs)
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

    /// Shelves, and terminals whose name two machines use, as the store has them.
    package func load(shelves: [AlarmShelf.Entry]) {
        wall.restore(shelves)
        tellFollowers()
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

    /// What became of the terminal's own life by it.
    @discardableResult
    package func take(_ news: IntakeNews) -> ProofChange? {
        heard[news.terminal] = news.at.uptime
        let change = wall.heard(news.terminal, now: news.at)
        if news.isCloneSuspected { wall.fault(news.terminal, .cloned, sinceAtMs: news.at.wallMs) }
        for (alarm, isHistory) in news.alarms {
            _ = wall.alarm(
                alarm.dated, ageMs: alarm.ageMs(at: news.at.wallMs), isHistory: isHistory,
                isCellLost: alarm.isCellLost ? true : nil, now: news.at)
        }
        tellFollowers()
        return change
    }

    /// A few times a second: who fell silent, which pause ended.
    package func tick() -> [ProofChange] {
        let changes = wall.elapsed(now: clock.now())
        tellFollowers()
        return changes
    }

    /// Keeps streams alive, and the ages of proofs true on every page.
    package func beat() {
        let now = clock.now()
        var texts: [Set<ZoneID>?: String] = [:]
        for follower in followers.values {
            let areas = follower.sight.areas
            let text = texts[areas] ?? EventText.piece("proofs", wall.proofAges(areas: areas, now: now))
            texts[areas] = text
            follower.stream.yield(": beat\n\n")
            follower.stream.yield(text)
        }
    }

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
        guard followers.count < Limits.streamFollowersMaxCount else { return nil }
        let number = nextFollower
        nextFollower += 1
        let (stream, tell) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(Limits.streamPiecesMaxCount))
        tell.onTermination = { _ in Task { await self.leave(number) } }
        followers[number] = Follower(
            sight: sight, version: version ?? -1, account: account, session: session, stream: tell)
        tell.yield("retry: 1000\n\n")
        tellFollowers()
        return stream
    }

    /// Signed out, shut or changed: its pages see nothing more until they ask anew.
    package func dismiss(_ account: String) {
        for (number, follower) in followers where follower.account == account {
            follower.stream.finish()
            followers[number] = nil
        }
    }

    /// The sign-ins whose pages follow: another hub on the store may have ended them.
    package var followedSessions: Set<[UInt8]> { Set(followers.values.compactMap(\.session)) }

    package func dismiss(session: [UInt8]) {
        for (number, follower) in followers where follower.session == session {
            follower.stream.finish()
            followers[number] = nil
        }
    }

    private func leave(_ number: Int) { followers[number] = nil }

    private func tellFollowers() {
        let now = clock.now()
        // Most followers see the same areas and are equally far.
        var texts: [Asked: String] = [:]
        for (number, follower) in followers where follower.version != wall.version {
            let asked = Asked(version: follower.version, sight: follower.sight)
            let text = texts[asked] ?? text(for: asked, now)
            texts[asked] = text
            followers[number]?.version = wall.version
            if text.isEmpty { continue }
            if case .dropped = follower.stream.yield(text) {
                follower.stream.finish()
                followers[number] = nil
            }
        }
    }

    private struct Asked: Hashable {
        let version: Int64
        let sight: Sight
    }

    /// The last piece alone carries the version: who lost the connection before it is told all of it again.
    private func text(for asked: Asked, _ now: Moment) -> String {
        let (areas, devicesOnly) = (asked.sight.areas, asked.sight.devicesOnly)
        guard asked.version >= 0,
            let changes = wall.changes(
                after: asked.version, areas: areas, devicesOnly: devicesOnly, now: now)
        else {
            let whole = wall.view(areas: areas, devicesOnly: devicesOnly, now: now)
            return EventText.piece("wall", whole, version: wall.version)
        }
        let alarms = changes.alarms.map { EventText.piece("alarm", $0) }
        let terminals = changes.terminals.map { EventText.piece("terminal", $0) }
        let pieces = alarms + terminals
        guard !pieces.isEmpty else { return "" }
        return pieces.dropLast().joined() + "id: \(changes.version)\n" + (pieces.last ?? "")
    }
}

/// How server-sent events are written. Pure.
enum EventText {
    static func piece(_ name: String, _ value: some Encodable, version: Int64? = nil) -> String {
        let data = (try? JSONText.encode(value)) ?? "{}"
        return (version.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: \(data)\n\n"
    }
}

extension HubAlarm {
    package var dated: DatedAlarm {
        DatedAlarm(record, raisedAtMs: raisedMs, uncertaintyMs: raisedUncertaintyMs, isTest: isTest)
    }
}
