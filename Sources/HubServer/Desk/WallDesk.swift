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
        let areas: Set<ZoneID>?
        var version: Int64
        let account: String?
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

    /// What one commit held. Alarms are told at once; who lives, with the next tick: thousands of heartbeats
    /// a second must not each be looked for by every page.
    package func take(_ all: [IntakeNews]) {
        for news in all {
            heard[news.terminal] = news.at.uptime
            _ = wall.heard(news.terminal, now: news.at)
            for (alarm, isHistory) in news.alarms {
                _ = wall.alarm(
                    alarm.dated, ageMs: alarm.ageMs(at: news.at.wallMs), isHistory: isHistory,
                    isCellLost: alarm.isCellLost ? true : nil, now: news.at)
            }
        }
        if all.contains(where: { !$0.alarms.isEmpty }) { tellFollowers() }
    }

    /// A few times a second: who fell silent, which pause ended.
    package func tick() {
        _ = wall.elapsed(now: clock.now())
        tellFollowers()
    }

    package func beat() { for follower in followers.values { follower.stream.yield(": beat\n\n") } }

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

    // MARK: What is asked

    package func view(areas: Set<ZoneID>?) -> WallView { wall.view(areas: areas, now: clock.now()) }
    package func flood(areas: Set<ZoneID>?) -> FloodView { wall.flood(areas: areas, now: clock.now()) }
    package func alarm(_ id: EventID) -> AlarmView? { wall.alarm(id, now: clock.now()) }
    package func record(_ id: EventID) -> AlarmRecord? { wall.record(id) }
    package var followerCount: Int { followers.count }

    /// Heard of within the time after which it would count as lost.
    package func isAlive(_ terminal: TerminalID) -> Bool {
        heard[terminal].map { clock.now().uptime.ms(since: $0) < Limits.peerLostMs } ?? false
    }

    /// Text of server-sent events, from a version on; nil when too many follow. `account`: whose page it is.
    package func follow(
        after version: Int64?, areas: Set<ZoneID>?, account: String? = nil
    ) -> AsyncStream<String>? {
        guard followers.count < Limits.streamFollowersMaxCount else { return nil }
        let number = nextFollower
        nextFollower += 1
        let (stream, tell) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(Limits.streamPiecesMaxCount))
        tell.onTermination = { _ in Task { await self.leave(number) } }
        followers[number] = Follower(areas: areas, version: version ?? -1, account: account, stream: tell)
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

    private func leave(_ number: Int) { followers[number] = nil }

    private func tellFollowers() {
        let now = clock.now()
        // Most followers see the same areas and are equally far.
        var texts: [Asked: String] = [:]
        for (number, follower) in followers where follower.version != wall.version {
            let asked = Asked(version: follower.version, areas: follower.areas)
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
        let areas: Set<ZoneID>?
    }

    /// The last piece alone carries the version: who lost the connection before it is told all of it again.
    private func text(for asked: Asked, _ now: Moment) -> String {
        guard asked.version >= 0,
            let changes = wall.changes(after: asked.version, areas: asked.areas, now: now)
        else {
            return EventText.piece("wall", wall.view(areas: asked.areas, now: now), version: wall.version)
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
        DatedAlarm(record, raisedAtMs: raisedMs, uncertaintyMs: raisedUncertaintyMs)
    }
}
