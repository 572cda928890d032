// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility
package import PanelLink

/// What officers do: by the tool or the panel (local socket), by keys of the board, or at another post
/// (link). Whoever owns the alarm decides; everybody else forwards and waits for the answer.
extension TerminalDesk {
    /// From a process of this machine; `path` gets the reply, nil for a key of the board.
    package mutating func command(
        _ request: ActionRequest, from path: String?, now: Uptime, into effects: inout [DeskEffect]
    ) {
        if let path { replyPaths[request.actionID] = path }
        // Asked again because an answer was lost, or is still on its way: it is done once, and answered
        // alike.
        if let before = remembered.reply(to: request.actionID, from: own.id) {
            answer(request, refusal: before.refusal, revision: before.revision, into: &effects)
            return
        }
        if actions.contains(request.actionID) { return }
        let isKnown = request.source.officer.map(isOfficer) ?? true
        guard isKnown, request.source.post == own.id else {
            answer(request, refusal: isKnown ? .notAllowed : .unknownOfficer, revision: 0, into: &effects)
            return
        }
        let owner = request.alarm.terminal
        if owner == own.id || post?.decides(request.alarm) == true {
            decide(request, now, into: &effects)
        } else if post?.roll.entries[request.alarm] == nil || peers[owner] == nil {
            answer(request, refusal: .unknownAlarm, revision: 0, into: &effects)
        } else {
            guard actions.submit(request, to: owner, now: now) else {
                answer(request, refusal: .tooMany, revision: 0, into: &effects)
                return
            }
            for (peer, request) in actions.due(now) { effects.append(.send(.action(request), to: peer)) }
        }
    }

    /// The alarm is ours to decide: by origin, or because its cell is lost.
    private mutating func decide(_ request: ActionRequest, _ now: Uptime, into effects: inout [DeskEffect]) {
        do throws(AlarmRefusal) {
            let id = request.alarm
            if id.terminal == own.id {
                let news = try alarms.perform(request.action, on: id, source: request.source, now: now)
                publish(news, now: now, into: &effects)
            } else if let news = try post?.perform(request.action, on: id, source: request.source, now: now) {
                publishCopy(news, now: now, into: &effects)
            }
            answer(request, refusal: nil, revision: revision(of: id, now), into: &effects)
        } catch {
            answer(request, refusal: error, revision: revision(of: request.alarm, now), into: &effects)
        }
    }

    /// Actions that were on their way to a cell which is lost now.
    mutating func decideHere(_ lost: TerminalID, _ now: Uptime, into effects: inout [DeskEffect]) {
        for request in actions.withdraw(from: lost) { decide(request, now, into: &effects) }
    }

    mutating func answer(
        _ request: ActionRequest, refusal: AlarmRefusal?, revision: UInt32, into effects: inout [DeskEffect]
    ) {
        let reply = ActionReply(actionID: request.actionID, refusal: refusal, revision: revision)
        remembered.remember(reply, to: own.id)
        guard let path = replyPaths.removeValue(forKey: request.actionID) else { return }
        effects.append(.reply(.actionReply(reply), to: path))
    }

    /// A post asks about an alarm of ours.
    mutating func requested(
        _ request: ActionRequest, from peer: TerminalID, _ now: Uptime, into effects: inout [DeskEffect]
    ) {
        if let before = remembered.reply(to: request.actionID, from: peer) {
            effects.append(.send(.actionReply(before), to: peer))
            return
        }
        var refusal: AlarmRefusal?
        do throws(AlarmRefusal) {
            guard peers[peer]?.role == .post, request.source.post == peer else { throw .notAllowed }
            guard request.source.officer.map(isOfficer) ?? true else { throw .unknownOfficer }
            let news = try alarms.perform(request.action, on: request.alarm, source: request.source, now: now)
            publish(news, now: now, into: &effects)
        } catch {
            refusal = error
        }
        let reply = ActionReply(
            actionID: request.actionID, refusal: refusal, revision: revision(of: request.alarm, now))
        remembered.remember(reply, to: peer)
        effects.append(.send(.actionReply(reply), to: peer))
    }

    package mutating func spoken(_ report: SpokenReport, _ now: Uptime, into effects: inout [DeskEffect]) {
        let news = alarms.spoken(report.alarm, ms: Int(report.ms), source: report.source, now: now)
        if let news { publish(news, now: now, into: &effects) }
    }

    private func revision(of id: EventID, _ now: Uptime) -> UInt32 {
        alarms.record(id)?.revision ?? post?.known(id, now: now)?.record.revision ?? 0
    }

    private func isOfficer(_ id: OfficerID) -> Bool { config.site.officers.contains { $0.id == id } }

    // MARK: - Keys of the post's board

    /// A key acts on the alarm that an officer sees at the top; the silence key on everything that sounds.
    mutating func key(_ action: OfficerAction, now: Uptime, into effects: inout [DeskEffect]) {
        guard let post else { return }
        let list = post.roll.ordered(now: now)
        let chosen: [EventID] =
            switch action {
            case .acknowledge: list.filter { $0.record.phase < .acknowledged }.prefix(1).map(\.record.id)
            case .silence: list.filter { $0.sounds(atAgeMs: $0.ageMs(now)) }.map(\.record.id)
            case .attend:
                list.filter { $0.record.alarmClass > .trouble && $0.record.phase < .attended }.prefix(1)
                    .map(\.record.id)
            case .clear: list.filter { $0.record.phase == .attended }.prefix(1).map(\.record.id)
            }
        for alarm in chosen {
            let source = ActionSource(post: own.id, officer: nil)
            let request = ActionRequest(
                actionID: .random(in: 1 ... .max), alarm: alarm, action: action, source: source)
            command(request, from: nil, now: now, into: &effects)
        }
    }
}
