// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
package import PanelLink

/// What comes from this machine: the tool, the panel, the journal's thread, the last run.
extension TerminalDesk {
    /// A message on the local socket from a user who may send it (the agent looks at credentials before).
    package mutating func local(
        _ message: Message, from path: String, now: Moment, into effects: inout [DeskEffect]
    ) {
        switch message {
        case .action(let request): command(request, from: path, now: now.uptime, into: &effects)
        case .query(let query):
            switch query.what {
            case .alarms: list(query.token, to: path, now.uptime, into: &effects)
            case .follow: follow(query.token, path, now.uptime, into: &effects)
            case .status: status(query.token, to: path, now.uptime, into: &effects)
            }
        case .spoken(let report):
            guard report.source.post == own.id || report.alarm.terminal == own.id else { return }
            if report.alarm.terminal == own.id {
                spoken(report, now.uptime, into: &effects)
            } else if peers[report.alarm.terminal] != nil {
                effects.append(.send(.spoken(report), to: report.alarm.terminal))
            }
        case .sound(let state): sound(state, now, into: &effects)
        case .buzzerTest:
            // Answered by the agent, which knows whether the output was really set.
            testBuzzer(now: now.uptime, into: &effects)
        case .annunciation, .receipt, .heartbeat, .challenge, .actionReply, .listed, .peer, .status, .fault,
            .end:
            break
        }
    }

    /// The answer to a buzzer test, after its effects were performed.
    func buzzerReport(_ token: UInt64, outputFault: Fault?) -> [Message] {
        var fault = outputFault
        if post == nil || !config.board.duties.contains(where: { $0.duty == .buzzer }) {
            fault = Fault(
                "test buzzer", at: own.id.text, cause: "this terminal is no post, or its board has no buzzer",
                hint: "Name a post with --terminal, or give its board file a line with the duty buzzer.")
        }
        guard let fault else { return [.end(token: token, count: 0)] }
        return [.fault(token: token, fault), .end(token: token, count: 1)]
    }

    private mutating func list(
        _ token: UInt64, to path: String, _ now: Uptime, into effects: inout [DeskEffect]
    ) {
        let entries = listed(now)
        for entry in entries {
            effects.append(.reply(.listed(token: token, entry.0, lost: entry.lost), to: path))
        }
        effects.append(.reply(.end(token: token, count: UInt32(entries.count)), to: path))
    }

    /// A post's list; at a cell its own open alarms, in the same order.
    private func listed(_ now: Uptime) -> [(Annunciation, lost: Bool)] {
        if let post {
            return post.roll.ordered(now: now).map {
                (annunciation($0.record, $0.ageMs(now)), lost: $0.isCellLost)
            }
        }
        return alarms.machines.values.sorted {
            AlarmRecord.comesBefore($0.record, ageMs: $0.ageMs(now), $1.record, ageMs: $1.ageMs(now))
        }.map { (annunciation($0.record, $0.ageMs(now)), lost: false) }
    }

    private mutating func follow(
        _ token: UInt64, _ path: String, _ now: Uptime, into effects: inout [DeskEffect]
    ) {
        guard followers[path] != nil || followers.count < Limits.followersMaxCount else {
            let fault = Fault(
                "follow alarms", at: own.id.text,
                cause: "\(Limits.followersMaxCount) programs follow already",
                hint: "Close one of the other watchpost alarms --follow on this machine.")
            effects.append(.reply(.fault(token: token, fault), to: path))
            return
        }
        let isNew = followers[path]?.token != token
        followers[path] = Follower(token: token, until: now.advanced(ms: Limits.followerLeaseMs))
        if isNew { list(token, to: path, now, into: &effects) }
    }

    private func status(_ token: UInt64, to path: String, _ now: Uptime, into effects: inout [DeskEffect]) {
        let status = TerminalStatus(
            terminal: own.id, role: own.role, run: run, uptimeMs: now.nanoseconds / 1_000_000,
            readyMs: counts.readyMs,
            journal: counts.journal, linesHealthy: faults.isEmpty, configVersion: config.version,
            standing: UInt16(clamping: listed(now).count), presses: counts.presses,
            edgesLost: counts.edgesLost,
            refused: link.refusedCount)
        var replies: [Message] = [.status(token: token, status)]
        replies += watch.statuses(now: now).map { .peer(token: token, $0) }
        let told = faults.sorted { $0.key < $1.key }.map(\.value) + advice
        replies += told.map { .fault(token: token, $0) }
        replies.append(.end(token: token, count: UInt32(replies.count)))
        effects += replies.map { .reply($0, to: path) }
    }

    /// Followers hear of every change.
    func tell(_ annunciation: Annunciation, lost: Bool, _ now: Uptime, into effects: inout [DeskEffect]) {
        for (path, follower) in followers where follower.until > now {
            effects.append(.reply(.listed(token: follower.token, annunciation, lost: lost), to: path))
        }
    }

    func tell(_ id: EventID, _ now: Uptime, into effects: inout [DeskEffect]) {
        guard let entry = post?.roll.entries[id] else { return }
        tell(annunciation(entry.record, entry.ageMs(now)), lost: entry.isCellLost, now, into: &effects)
    }

    // MARK: - The last run

    /// Alarms that a killed process left in memory, before any line is read.
    package mutating func latched(_ records: [AlarmRecord], now: Uptime, into effects: inout [DeskEffect]) {
        for record in records {
            let age = now.ms(since: record.raised.uptime)
            publish(alarms.restore(record, ageMs: age, now: now), now: now, into: &effects)
        }
    }

    /// What the journal says stood; merged into what has been raised or received since.
    package mutating func rebuilt(
        _ copies: [(record: AlarmRecord, ageMs: Int)], now: Uptime, into effects: inout [DeskEffect]
    ) {
        for copy in copies where copy.record.id.terminal == own.id {
            publish(alarms.restore(copy.record, ageMs: copy.ageMs, now: now), now: now, into: &effects)
        }
        publish(alarms.foldHeld(now: now), now: now, into: &effects)
        for copy in copies where copy.record.id.terminal != own.id {
            guard post?.receive(copy.record, ageMs: copy.ageMs, now: now) == .listed else { continue }
            // It may have ended while we were away: whoever raised it says so.
            returnCopy(copy.record, now)
        }
        sendDue(now, into: &effects)
        showPost(now, isNew: true, into: &effects)
    }

    // MARK: - The journal

    package mutating func journal(
        _ state: JournalState, _ fault: Fault?, now: Moment, into effects: inout [DeskEffect]
    ) {
        counts.journal = state
        faults[.journal] = fault
        let point = AlarmPoint(terminal: own.id, name: .journal)
        let news: Published? =
            switch state {
            case .faulted, .stalled: alarms.trouble(.journalFault, at: point, now: now)
            case .healthy: alarms.ended(.journalFault, at: point, now: now.uptime)
            case .opening: nil
            }
        if let news { publish(news, now: now.uptime, into: &effects) }
    }

    /// A momentary trouble of the terminal itself.
    package mutating func notice(
        _ cause: AlarmCause, _ name: PointName, _ fault: Fault?, now: Moment, into effects: inout [DeskEffect]
    ) {
        if let fault { faults[name] = fault }
        let news = alarms.trouble(cause, at: AlarmPoint(terminal: own.id, name: name), now: now)
        if let news { publish(news, now: now.uptime, into: &effects) }
    }
}
