// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility
import GPIO
import PanelLink

/// What comes from other terminals.
extension TerminalDesk {
    package mutating func datagram(_ bytes: [UInt8], now: Moment, into effects: inout [DeskEffect]) {
        switch link.open(bytes, now: now.uptime) {
        case .message(let peer, let message, let isNewRun):
            if isNewRun { restarted(peer, now.uptime, into: &effects) }
            received(message, from: peer, now, into: &effects)
        case .answer(let sealed, let peer):
            effects.append(.sendSealed(sealed, to: peer))
        case .renamed(let peer):
            // Our last datagrams to it were not taken: everything outstanding goes again at once.
            sender.renamed(peer, now: now.uptime)
            copies.renamed(peer, now: now.uptime)
            actions.renamed(peer, now: now.uptime)
            sendDue(now.uptime, into: &effects)
        case .refused:
            break
        }
    }

    /// Its memory is gone: it is told again of our alarms, and of its own that we know.
    private mutating func restarted(_ peer: TerminalID, _ now: Uptime, into effects: inout [DeskEffect]) {
        sender.peerRestarted(peer, now: now)
        copies.peerRestarted(peer, now: now)
        actions.renamed(peer, now: now)
        for entry in post?.roll.entries.values.filter({ $0.record.id.terminal == peer }) ?? [] {
            returnCopy(entry.record, now)
        }
        sendDue(now, into: &effects)
    }

    private mutating func received(
        _ message: Message, from peer: TerminalID, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        switch message {
        case .annunciation(let annunciation):
            annunciated(annunciation, from: peer, now, into: &effects)
        case .receipt(let receipt):
            receipted(receipt, from: peer, now.uptime, into: &effects)
        case .heartbeat(let heartbeat):
            watch.heard(peer, heardUsMs: heartbeat.heardYouMs, now: now.uptime)
        case .action(let request):
            requested(request, from: peer, now.uptime, into: &effects)
        case .actionReply(let reply):
            if let request = actions.reply(from: peer, reply) {
                answer(request, refusal: reply.refusal, revision: reply.revision, into: &effects)
            }
        case .spoken(let report):
            guard peers[peer]?.role == .post, report.source.post == peer else { return }
            spoken(report, now.uptime, into: &effects)
        case .challenge, .query, .listed, .peer, .status, .fault, .end, .buzzerTest, .sound:
            // `Link` takes challenges itself and lets nothing local through.
            break
        }
    }

    // MARK: - Alarms

    private mutating func annunciated(
        _ annunciation: Annunciation, from peer: TerminalID, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        let record = annunciation.record
        if record.id.terminal == own.id {
            // A post returns our own alarm: after a restart, or after it decided while we were lost.
            let age = Int(annunciation.ageMs)
            publish(alarms.restore(record, ageMs: age, now: now.uptime), now: now.uptime, into: &effects)
            publish(alarms.foldHeld(now: now.uptime), now: now.uptime, into: &effects)
            effects.append(.receipt(record.id, revision: record.revision, audible: false, to: peer))
            return
        }
        guard post != nil, peer == record.id.terminal || peers[peer]?.role == .post else { return }
        list(record, ageMs: Int(annunciation.ageMs), from: peer, now, into: &effects)
    }

    private mutating func list(
        _ record: AlarmRecord, ageMs: Int, from peer: TerminalID, _ now: Moment,
        into effects: inout [DeskEffect]
    ) {
        let time = now.uptime
        guard let change = post?.receive(record, ageMs: ageMs, now: time) else { return }
        if change == .full { return }
        let isHeard = post?.sounds(record.id, now: time) ?? false
        // A repeat changes nothing, unless a pause of the sound ran out at this very moment.
        if change != .known || isHeard && shown[.buzzer, default: .off] == .off {
            showPost(time, isNew: change == .listed, into: &effects)
        }
        let known = post?.known(record.id, now: time)
        effects.append(.receipt(record.id, revision: record.revision, audible: isHeard, to: peer))
        guard change != .known else { return }
        let latest = known ?? (record: record, ageMs: ageMs)
        let annunciation = annunciation(latest.record, latest.ageMs)
        effects.append(.journal(.received, annunciation, standing: latest.record.isOpen))
        tell(annunciation, lost: watch.state(of: record.id.terminal) == .lost, time, into: &effects)
        if peer == record.id.terminal, latest.record.facts != record.facts {
            returnCopy(latest.record, time)
            sendDue(time, into: &effects)
        }
    }

    private mutating func receipted(
        _ receipt: Receipt, from peer: TerminalID, _ now: Uptime, into effects: inout [DeskEffect]
    ) {
        if receipt.id.terminal != own.id {
            if copies.receipt(from: peer, receipt, now: now).finished { post?.forget(receipt.id) }
            return
        }
        let outcome = sender.receipt(from: peer, receipt, now: now)
        if outcome.firstConfirmation, let news = alarms.confirmed(receipt.id, by: peer, now: now) {
            publish(news, now: now, into: &effects)
        }
        showAssurance(now, into: &effects)
        if outcome.finished, let record = alarms.record(receipt.id), !record.isOpen {
            effects.append(
                .journal(.delivered, annunciation(record, alarms.ageMs(record.id, now: now)), standing: false)
            )
        }
    }

    // MARK: - Peers

    mutating func peerChanged(_ change: PeerChange, now: Moment, into effects: inout [DeskEffect]) {
        let time = now.uptime
        let peer = change.peer
        switch change.state {
        case .never: break
        case .alive:
            for id in post?.returned(peer) ?? [] {
                if let known = post?.known(id, now: time) { returnCopy(known.record, time) }
            }
            trouble(ended: .peerLost, of: peer, time, into: &effects)
            trouble(ended: .peerOneWay, of: peer, time, into: &effects)
        case .lost:
            sender.peerLost(peer, now: time)
            for id in post?.lost(peer, now: time) ?? [] { tell(id, time, into: &effects) }
            decideHere(peer, time, into: &effects)
            trouble(begins: .peerLost, of: peer, now, into: &effects)
        case .oneWay:
            sender.peerLost(peer, now: time)
            trouble(begins: .peerOneWay, of: peer, now, into: &effects)
        }
    }

    private mutating func trouble(
        begins cause: AlarmCause, of peer: TerminalID, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        guard let other = peers[peer], post != nil, config.site.looksAfter(own.id, other) else { return }
        if let news = alarms.trouble(cause, at: AlarmPoint(terminal: peer, name: .link), now: now) {
            publish(news, now: now.uptime, into: &effects)
        }
    }

    private mutating func trouble(
        ended cause: AlarmCause, of peer: TerminalID, _ now: Uptime, into effects: inout [DeskEffect]
    ) {
        if let news = alarms.ended(cause, at: AlarmPoint(terminal: peer, name: .link), now: now) {
            publish(news, now: now, into: &effects)
        }
    }

    // MARK: - Copies

    /// What this post decided for a lost cell: to the other posts that hear it, and to the cell when it
    /// returns.
    mutating func publishCopy(_ published: Published, now: Uptime, into effects: inout [DeskEffect]) {
        let record = published.record
        let origin = record.id.terminal
        var targets = config.site.rings(of: origin, except: own.id)
        if targets.isEmpty { targets = [[]] }
        targets[0].append(origin)
        copies.publish(
            record.id, revision: record.revision, rings: targets,
            needsSound: record.sounds(atAgeMs: published.ageMs), now: now)
        if !record.isOpen { copies.finish(record.id) }
        if record.escalation > 0 { copies.reach(record.id, ring: Int(record.escalation), now: now) }
        sendDue(now, into: &effects)
        showPost(now, isNew: false, into: &effects)
        let annunciation = annunciation(record, published.ageMs)
        effects.append(.journal(.custody, annunciation, standing: record.isOpen))
        tell(annunciation, lost: true, now, into: &effects)
    }

    mutating func returnCopy(_ record: AlarmRecord, _ now: Uptime) {
        copies.publish(
            record.id, revision: record.revision, rings: [[record.id.terminal]], needsSound: false, now: now)
        copies.finish(record.id)
    }
}

extension PointName {
    /// The condition of the path to another terminal.
    static let link = named("link")
    static let journal = named("journal")
    static let voice = named("voice")
    static let configuration = named("configuration")
    static let sound = named("sound")

    private static func named(_ text: String) -> PointName {
        guard let name = PointName(text) else { preconditionFailure("\(text) is a name") }
        return name
    }
}
