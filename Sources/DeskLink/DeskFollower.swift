// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility
import PanelLink

/// A list that is followed: what changed since it was last looked at. On the thread that asks.
///
/// Always true: after a change was missed (the daemon restarted, a datagram was lost) the next whole list
/// repairs it, which comes each `Limits.followerRelistMs`.
package struct DeskFollower {
    package enum News: Hashable, Sendable {
        case changed(StandingAlarm)
        /// It stands no longer, and how it ended was not heard.
        case gone(EventID)
        case daemonLost(Fault)
        case daemonBack
    }

    private let desk: DeskClient
    private var token = UInt64.random(in: 1 ... .max)
    private var known: [EventID: StandingAlarm] = [:]
    private var listed: Set<EventID> = []
    private var askAt = Uptime(nanoseconds: 0)
    private var relistAt = Uptime(nanoseconds: 0)
    private var isLost = false

    package init(_ desk: DeskClient) { self.desk = desk }

    /// Waits at most until `end` for something new; an empty answer: nothing came.
    package mutating func next(until end: Uptime) -> [News] {
        var news: [News] = []
        while news.isEmpty {
            if Uptime.now >= askAt { renew(&news) }
            if let message = desk.receive(until: min(end, askAt)) { take(message, &news) }
            if Uptime.now >= end { break }
        }
        return news
    }

    /// Asked again well before the daemon forgets us. Under a new number the whole list comes again.
    private mutating func renew(_ news: inout [News]) {
        let now = Uptime.now
        askAt = now.advanced(ms: isLost ? Limits.deskRepeatMs : Limits.followerLeaseMs / 3)
        if isLost || now >= relistAt {
            token = .random(in: 1 ... .max)
            listed = []
            relistAt = now.advanced(ms: Limits.followerRelistMs)
        }
        do {
            try desk.send(.query(Query(token: token, what: .follow)))
            if isLost { news.append(.daemonBack) }
            isLost = false
        } catch {
            if !isLost { news.append(.daemonLost(error)) }
            isLost = true
        }
    }

    private mutating func take(_ message: Message, _ news: inout [News]) {
        guard message.token == token else { return }
        switch message {
        case .listed(_, let annunciation, let lost):
            let alarm = StandingAlarm(annunciation, isCellLost: lost)
            listed.insert(alarm.record.id)
            let before = known[alarm.record.id]
            known[alarm.record.id] = alarm.record.isOpen ? alarm : nil
            if before?.record != alarm.record || before?.isCellLost != lost
                || before?.custodian != alarm.custodian
            {
                news.append(.changed(alarm))
            }
        case .end(_, let count):
            guard listed.count >= Int(count) else { return }
            for id in known.keys.filter({ !listed.contains($0) }).sorted(by: {
                $0.description < $1.description
            }) {
                known[id] = nil
                news.append(.gone(id))
            }
        case .fault(_, let fault): news.append(.daemonLost(fault))
        case .annunciation, .receipt, .heartbeat, .challenge, .action, .actionReply, .spoken, .query, .peer,
            .status,
            .buzzerTest, .sound:
            break
        }
    }
}
