// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility
import GPIO
package import PanelLink

/// One terminal, whole: its alarms, its post if it is one, its link to the others.
///
///     line events ─┐                        ┌─> latch ─> send ─> lamp ─> journal
///     datagrams ───┼─> TerminalDesk ────────┼─> buzzer ─> receipt
///     local asks ──┤   (AlarmDesk,          └─> reply
///     time ────────┘    PostDesk, Link)
///
/// A value on the line thread: inputs name their time, effects are returned in the order in which they are to
/// be performed. Always true: the datagram of a press stands before its lamp and its journal entry.
package struct TerminalDesk: Sendable {
    package let own: Terminal
    package let config: TerminalConfig
    package let run: UInt64
    /// Terminals this one exchanges heartbeats with.
    package let peers: [TerminalID: Terminal]

    /// Posts that hear an alarm raised here, ring by ring.
    private let ownRings: [[TerminalID]]

    package var link: Link
    var watch: PeerWatch
    package internal(set) var alarms: AlarmDesk
    package internal(set) var post: PostDesk?
    /// Our own alarms on their way to the posts.
    var sender: AnnunciationSender
    /// What this post knows of others' alarms, on its way to their origins and to further posts.
    var copies: AnnunciationSender
    var actions: ActionSender
    var remembered: ActionMemory
    /// Which local process, if any, waits for the reply to an action.
    var replyPaths: [UInt64: String] = [:]
    var followers: [String: Follower] = [:]
    var heartbeats: UInt32 = 0
    var shown: [LineDuty: OutputPattern] = [:]
    /// What the process of the voice said last; nil: it never did.
    var sound: (state: SoundState, at: Uptime)?
    /// Told with the status: what is wrong with lines, journal, configuration; by point.
    package internal(set) var faults: [PointName: Fault] = [:]
    /// Told with the status too: not ill, but to be mended.
    package var advice: [Fault] = []
    package internal(set) var counts = Counts()

    struct Follower {
        var token: UInt64
        var until: Uptime
    }

    package struct Counts: Hashable, Sendable {
        package var presses: UInt64 = 0
        package var edgesLost: UInt64? = 0
        package var readyMs: UInt32 = 0
        package var journal: JournalState = .opening
    }

    package init(config: TerminalConfig, keys: LinkKeys, run: UInt64, now: Uptime) throws(Fault) {
        guard let own = config.site.terminal(config.terminal) else {
            throw Fault(
                "read configuration", at: config.terminal.text, cause: "the site does not list this terminal",
                hint: "Add the terminal to the site file and run watchpost apply again.")
        }
        self.own = own
        self.config = config
        self.run = run
        ownRings = config.site.rings(of: own.id, except: own.id)
        let peers = Self.peers(of: own, in: config.site)
        self.peers = Dictionary(uniqueKeysWithValues: peers.map { ($0.id, $0) })
        link = Link(own: own.id, keys: keys, run: run, peers: peers.map { ($0.id, $0.publicKey) })
        watch = PeerWatch(peers: peers.map(\.id), now: now)
        alarms = AlarmDesk(terminal: own.id, run: run, ladderMs: config.site.ladderMs)
        post = own.role == .post ? PostDesk(terminal: own.id, ladderMs: config.site.ladderMs) : nil
        sender = AnnunciationSender()
        copies = AnnunciationSender()
        actions = ActionSender()
        remembered = ActionMemory()
    }

    /// Everybody that hears us or that we hear.
    private static func peers(of own: Terminal, in site: Site) -> [Terminal] {
        let heard = Set(site.rings[own.zone, default: []].joined())
        return site.terminals.filter { other in
            other.id != own.id && (heard.contains(other.id) || site.hears(own.id, other))
        }
    }

    /// The next id for an entry of the journal.
    package mutating func mint(_ stream: Facility.Stream) -> EventID { alarms.mint(stream) }

    /// The path stands: an alarm can leave.
    package mutating func ready(afterMs ms: Int) { counts.readyMs = UInt32(clamping: ms) }

    // MARK: - Publishing

    /// A trouble stays with the nearest posts; what a post sees of its peers, every post sees for itself.
    func rings(for record: AlarmRecord) -> [[TerminalID]] {
        guard record.alarmClass == .trouble else { return ownRings }
        return record.cause.isSeenByEach ? [] : Array(ownRings.prefix(1))
    }

    mutating func publish(_ published: Published, now: Uptime, into effects: inout [DeskEffect]) {
        let record = published.record
        let isPress = record.alarmClass != .trouble
        if isPress { effects.append(.latch(record)) }
        let targets = rings(for: record)
        if !targets.isEmpty {
            sender.publish(
                record.id, revision: record.revision, rings: targets,
                needsSound: record.sounds(atAgeMs: published.ageMs),
                staysAsked: isPress && record.isOpen && record.attended == nil, now: now)
            if !record.isOpen { sender.finish(record.id) }
            if record.escalation > 0 { sender.reach(record.id, ring: Int(record.escalation), now: now) }
            sendDue(now, into: &effects)
        }
        let annunciation = annunciation(record, published.ageMs)
        if isPress { showAssurance(now, into: &effects) }
        if post != nil, !record.silentAtOrigin {
            _ = post?.receive(record, ageMs: published.ageMs, now: now)
            showPost(now, isNew: published.change == .raised, into: &effects)
        }
        effects.append(
            .journal(JournalKind(published.change), annunciation, standing: record.isOpen || !targets.isEmpty)
        )
        if !record.isOpen, isPress { effects.append(.unlatch(record.id)) }
        tell(annunciation, lost: false, now, into: &effects)
    }

    mutating func publish(_ all: [Published], now: Uptime, into effects: inout [DeskEffect]) {
        for one in all { publish(one, now: now, into: &effects) }
    }

    func annunciation(_ record: AlarmRecord, _ ageMs: Int) -> Annunciation {
        let isOurs = record.id.terminal == own.id || post?.decides(record.id) == true
        return Annunciation(
            record: record, ageMs: UInt32(clamping: ageMs), custodian: isOurs ? own.id : record.id.terminal)
    }

    /// Everything that either sender owes by now.
    mutating func sendDue(_ now: Uptime, into effects: inout [DeskEffect]) {
        for (peer, id) in sender.due(now) {
            guard let record = alarms.record(id) else { continue }
            effects.append(.send(.annunciation(annunciation(record, alarms.ageMs(id, now: now))), to: peer))
        }
        for (peer, id) in copies.due(now) {
            guard let copy = post?.known(id, now: now) else { continue }
            effects.append(.send(.annunciation(annunciation(copy.record, copy.ageMs)), to: peer))
        }
    }

    // MARK: - Time

    package mutating func elapsed(now: Moment, into effects: inout [DeskEffect]) {
        let time = now.uptime
        for change in watch.elapsed(time) { peerChanged(change, now: now, into: &effects) }
        publish(alarms.elapsed(now: time), now: time, into: &effects)
        for published in post?.elapsed(now: time) ?? [] { publishCopy(published, now: time, into: &effects) }
        for expired in actions.givenUp(time) {
            answer(expired, refusal: .cellUnreachable, revision: 0, into: &effects)
        }
        for (peer, request) in actions.due(time) { effects.append(.send(.action(request), to: peer)) }
        for paused in alarms.paused(for: Limits.confirmationGoodMs, now: time)
        where sender.isSilent(paused.at, about: paused.id, now: time) {
            guard let news = alarms.pauseAbandoned(paused.id, now: time) else { continue }
            publish(news, now: time, into: &effects)
        }
        sendDue(time, into: &effects)
        for peer in watch.heartbeatsDue(time) { effects.append(.send(heartbeat(to: peer, now), to: peer)) }
        followers = followers.filter { $0.value.until > time }
        soundElapsed(now, into: &effects)
        showAssurance(time, into: &effects)
        if post != nil { showPost(time, isNew: false, into: &effects) }
    }

    /// When `elapsed` wants to be called at the latest. Peers are looked at whenever it is called, at 10 Hz
    /// by the level poll, so they ask for no waking of their own.
    package mutating func deadline(now: Uptime) -> Uptime? {
        [
            watch.nextHeartbeat, alarms.deadline(), post?.deadline(now: now), sender.deadline,
            copies.deadline,
            actions.deadline,
        ].compactMap { $0 }.min()
    }

    /// A heartbeat out of turn to the posts that an alarm from here would ring at first.
    package mutating func herald(now: Moment, into effects: inout [DeskEffect]) {
        for post in ownRings.first ?? [] { effects.append(.send(heartbeat(to: post, now), to: post)) }
    }

    /// A copy of this desk, which is a value, plays the press of a button, seals its datagrams, and is thrown
    /// away. Nothing has happened, but everything the press will touch is near.
    package func rehearse(now: Moment) {
        guard let button = config.board.duties.firstIndex(where: { $0.duty.alarmClass != nil }) else {
            return
        }
        var copy = self
        var unheard: [DeskEffect] = []
        copy.line(.pressed(line: button, at: now.uptime, heldAtStart: false), now: now, into: &unheard)
        for effect in unheard {
            if case .send(let message, let peer) = effect { _ = copy.link.seal(message, to: peer) }
        }
    }

    private mutating func heartbeat(to peer: TerminalID, _ now: Moment) -> Message {
        heartbeats &+= 1
        return .heartbeat(
            Heartbeat(
                number: heartbeats, heardYouMs: watch.lastHeardMs(peer, now: now.uptime),
                uptimeMs: now.uptime.nanoseconds / 1_000_000, wallMs: now.wallMs,
                standing: UInt16(clamping: post?.roll.entries.count ?? alarms.machines.count),
                journalHealthy: counts.journal == .healthy, linesHealthy: faults.isEmpty,
                configVersion: config.version))
    }
}
