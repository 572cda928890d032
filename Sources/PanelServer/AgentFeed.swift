// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import PanelLink
import Synchronization

//  alarm process ─ local socket ─> DeskFollower (thread "agent feed") ─> AsyncStream ─> PanelWall

/// Follows the alarm process of this terminal, on a thread of its own, because asking blocks. Always true:
/// news arrive in the order in which they were told.
final class AgentFeed: Sendable {
    let news: AsyncStream<AgentNews>
    private let tell: AsyncStream<AgentNews>.Continuation
    private let terminal: TerminalID
    private let daemon: String
    private let isStopped = Mutex(false)

    init(terminal: TerminalID, daemon: String) {
        (news, tell) = AsyncStream.makeStream()
        self.terminal = terminal
        self.daemon = daemon
    }

    func start() throws(Fault) {
        // Opened here once, so that a machine without sockets says so at once.
        _ = try DeskClient(terminal: terminal, daemon: daemon)
        let thread = Thread { [self] in
            try? work()
            tell.finish()
        }
        thread.name = "agent feed"
        thread.start()
    }

    func stop() { isStopped.withLock { $0 = true } }

    private func work() throws(Fault) {
        var follower = DeskFollower(try DeskClient(terminal: terminal, daemon: daemon))
        let desk = try DeskClient(terminal: terminal, daemon: daemon)
        var standing: [EventID: StandingAlarm] = [:]
        var askAt = Uptime.now
        while !isStopped.withLock({ $0 }) {
            take(follower.next(until: .now.advanced(ms: Limits.panelNewsMs)), &standing)
            if Uptime.now >= askAt {
                askAt = .now.advanced(ms: Limits.panelStatusMs)
                tell.yield((try? desk.status()).map(heard) ?? .silent)
            }
        }
    }

    private func take(_ news: [DeskFollower.News], _ standing: inout [EventID: StandingAlarm]) {
        var changed: [StandingAlarm] = []
        var hasGone = false
        for one in news {
            switch one {
            case .changed(let alarm):
                standing[alarm.record.id] = alarm.record.isOpen ? alarm : nil
                changed.append(alarm)
            case .gone(let id):
                standing[id] = nil
                hasGone = true
            case .daemonLost: tell.yield(.silent)
            case .daemonBack: tell.yield(.back)
            }
        }
        if hasGone {
            tell.yield(.only(StandingAlarm.ordered(Array(standing.values))))
        } else if !changed.isEmpty {
            tell.yield(.changed(changed))
        }
    }

    private func heard(_ status: DeskStatus) -> AgentNews {
        let peers = status.peers.filter { $0.state == .alive || $0.state == .oneWay }.map {
            (terminal: $0.terminal, ageMs: Int($0.lastHeardMs))
        }
        return .heard([(terminal, 0)] + peers)
    }
}
