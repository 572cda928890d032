// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
import ConsoleServer
package import DeskLink
package import Facility

/// What the alarm process of this post tells, as the panel's wall takes it.
package enum AgentNews: Sendable {
    case changed([StandingAlarm])
    /// Some ended unheard: these stand, and nothing else.
    case only([StandingAlarm])
    /// Who was heard, and how long ago.
    case heard([(terminal: TerminalID, ageMs: Int)])
    case silent
    case back
}

/// The live wall of one post, and the pages that follow it.
///
/// An actor. Always true: while the alarm process is silent the stream gives no beat, so that a page shows
/// its picture as stale and never as quiet.
package actor PanelWall {
    private let book: PlaceBook
    private let now: @Sendable () -> Moment
    private var wall: LiveWall
    private var followers = WallFollowers()
    private var known: [TerminalID: Moment] = [:]
    package private(set) var isBlind = true

    package init(book: PlaceBook, now: @escaping @Sendable () -> Moment) {
        self.book = book
        self.now = now
        wall = LiveWall(book: book, version: now().wallMs)
    }

    package func take(_ news: AgentNews) {
        let now = now()
        switch news {
        case .changed(let alarms): list(alarms, now)
        case .only(let alarms):
            // Two on: no page can be healed across it, so each is given the whole wall.
            wall = LiveWall(book: book, version: max(wall.version + 2, now.wallMs))
            for (terminal, at) in known { _ = wall.heard(terminal, now: at) }
            list(alarms, now)
        case .heard(let terminals):
            isBlind = false
            for (terminal, ageMs) in terminals {
                let at = Moment(
                    uptime: now.uptime.advanced(ms: -ageMs), wallMs: now.wallMs - Int64(ageMs),
                    uncertaintyMs: now.uncertaintyMs)
                known[terminal] = at
                _ = wall.heard(terminal, now: at)
            }
        case .silent: isBlind = true
        case .back: isBlind = false
        }
        followers.tell(wall, now: now)
    }

    private func list(_ alarms: [StandingAlarm], _ now: Moment) {
        for alarm in alarms {
            let dated = DatedAlarm(
                alarm.record, raisedAtMs: now.wallMs - Int64(alarm.ageMs), uncertaintyMs: now.uncertaintyMs)
            _ = wall.alarm(
                dated, ageMs: alarm.ageMs, isHistory: false, isCellLost: alarm.isCellLost, now: now)
        }
    }

    /// A few times a second.
    package func tick() {
        _ = wall.elapsed(now: now())
        followers.tell(wall, now: now())
    }

    package func beat() { if !isBlind { followers.beat(wall, now: now()) } }

    package func view() -> WallView { wall.view(now: now()) }
    package func calls(_ terminal: TerminalID) -> Bool { wall.calls(terminal) }
    package func flood() -> FloodView { wall.flood(now: now()) }
    package func alarm(_ id: EventID) -> AlarmView? { wall.alarm(id, now: now()) }
    package var version: Int64 { wall.version }

    /// How it stands after a version: also when it ended since.
    package func alarm(_ id: EventID, after version: Int64) -> AlarmView? {
        wall.changes(after: version, now: now())?.alarms.last { $0.id == id.description }
    }

    package func follow(after version: Int64?) -> AsyncStream<String>? {
        let stream = followers.follow(after: version, Sight(), account: nil) { number in
            Task { await self.leave(number) }
        }
        followers.tell(wall, now: now())
        return stream
    }

    private func leave(_ number: Int) { followers.leave(number) }
}
