// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import GPIO
import PanelLink
import TestBoard

/// Two cells and two posts in one thread: the real desks, the real link with its keys and sessions, and a
/// network, a clock and disks that are ours. What a seed did it does again.
struct SimulatedSite {
    /// One terminal: its process (the desk), and what outlives it.
    struct Node {
        var desk: TerminalDesk?
        let config: TerminalConfig
        let keys: LinkKeys
        /// Outlives a killed process, not a power cut.
        var latch: [EventID: AlarmRecord] = [:]
        /// Outlives both: committed `commitMs` after the append.
        var journal: [EventID: (annunciation: Annunciation, standing: Bool, at: Int)] = [:]
        var pending: [(id: EventID, annunciation: Annunciation, standing: Bool, at: Int)] = []
        var outputs: [LineDuty: OutputPattern] = [:]
        var buzzerBroken = false
        var nextTick = 0
    }

    struct Flight {
        let at: Int
        let order: Int
        let to: TerminalID
        let bytes: [UInt8]
    }

    static let cells = ["cell-101", "cell-102"].map { TerminalID.named($0) }
    static let posts = ["post-a", "post-b"].map { TerminalID.named($0) }
    static let commitMs = 20
    static let tickMs = 1_000
    var nodes: [TerminalID: Node] = [:]
    var random: SeededGenerator
    /// Milliseconds since every machine started.
    private(set) var nowMs = 10_000
    var lossPercent = 0
    var delayMaxMs = 3
    /// One direction each: from, to.
    var cuts: Set<[TerminalID]> = []
    private var flights: [Flight] = []
    private var order = 0
    /// Every alarm that ever stood on a post's list, and the last that was seen of each.
    private(set) var everListed: [EventID: AlarmRecord] = [:]
    private(set) var replies: [ActionReply] = []
    private(set) var unsafe: [String] = []
    private var quietSince: [TerminalID: [EventID: Int]] = [:]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        let all = Self.cells + Self.posts
        let keys = Dictionary(uniqueKeysWithValues: all.map { ($0, LinkKeys.generate()) })
        let site = Self.site(all.map { ($0, keys[$0]?.publicKey ?? []) })
        for id in all {
            guard let key = keys[id] else { continue }
            nodes[id] = Node(config: Self.config(id, site), keys: key)
            start(id)
        }
    }

    var now: Moment { Moment(uptime: .ms(nowMs), wallMs: Int64(nowMs), uncertaintyMs: .max) }

    mutating func start(_ id: TerminalID) {
        guard var node = nodes[id], node.desk == nil else { return }
        guard
            var desk = try? TerminalDesk(
                config: node.config, keys: node.keys, run: random.next() | 1, now: now.uptime)
        else { return }
        var effects: [DeskEffect] = []
        desk.latched(Array(node.latch.values), now: now.uptime, into: &effects)
        let standing = node.journal.values.filter(\.standing).map {
            (record: $0.annunciation.record, ageMs: Int($0.annunciation.ageMs) + nowMs - $0.at)
        }
        desk.rebuilt(standing, now: now.uptime, into: &effects)
        node.desk = desk
        node.outputs = [:]
        nodes[id] = node
        perform(effects, by: id)
    }

    /// SIGKILL: memory of the process is gone; the kernel and its tmpfs go on.
    mutating func kill(_ id: TerminalID) {
        settle(id, upTo: .max)
        nodes[id]?.desk = nil
        quietSince[id] = nil
    }

    /// Everything but what the disk had acknowledged is gone.
    mutating func cutPower(_ id: TerminalID) {
        settle(id, upTo: nowMs)
        nodes[id]?.pending = []
        nodes[id]?.latch = [:]
        nodes[id]?.desk = nil
        quietSince[id] = nil
    }

    private mutating func settle(_ id: TerminalID, upTo time: Int) {
        guard var node = nodes[id] else { return }
        for entry in node.pending where entry.at <= time {
            node.journal[entry.id] = (entry.annunciation, entry.standing, entry.at)
        }
        node.pending.removeAll { $0.at <= time }
        nodes[id] = node
    }

    mutating func line(_ event: LineEvent, at id: TerminalID) {
        input(id) { desk, now, effects in desk.line(event, now: now, into: &effects) }
    }

    mutating func press(_ id: TerminalID, _ duty: LineDuty = .emergencyButton, held: Bool = false) {
        line(.pressed(line: index(duty, id), at: now.uptime, heldAtStart: held), at: id)
    }

    mutating func act(_ action: OfficerAction, on alarm: EventID, at post: TerminalID) {
        let request = ActionRequest(
            actionID: random.next() | 1, alarm: alarm, action: action,
            source: ActionSource(post: post, officer: .named("P1042")))
        ask(request, at: post)
    }

    mutating func ask(_ request: ActionRequest, at post: TerminalID) {
        input(post) { desk, now, effects in
            desk.command(request, from: "tool", now: now.uptime, into: &effects)
        }
    }

    func index(_ duty: LineDuty, _ id: TerminalID) -> Int {
        nodes[id]?.config.board.duties.firstIndex { $0.duty == duty } ?? 0
    }

    private mutating func input(
        _ id: TerminalID, _ body: (inout TerminalDesk, Moment, inout [DeskEffect]) -> Void
    ) {
        guard var desk = nodes[id]?.desk else { return }
        var effects: [DeskEffect] = []
        body(&desk, now, &effects)
        nodes[id]?.desk = desk
        perform(effects, by: id)
    }

    // MARK: - Performing

    private mutating func perform(_ effects: [DeskEffect], by id: TerminalID) {
        for effect in effects {
            switch effect {
            case .latch(let record): nodes[id]?.latch[record.id] = record
            case .unlatch(let alarm): nodes[id]?.latch[alarm] = nil
            case .send(let message, let peer): fly(nodes[id]?.desk?.link.seal(message, to: peer), id, peer)
            case .sendSealed(let bytes, let peer): fly(bytes, id, peer)
            case .receipt(let alarm, let revision, let audible, let peer):
                let broken = nodes[id]?.buzzerBroken ?? false
                let sounding: Sounding = !audible ? .notRequired : broken ? .failed : .confirmed
                let receipt = Receipt(id: alarm, revision: revision, listed: true, sounding: sounding)
                fly(nodes[id]?.desk?.link.seal(.receipt(receipt), to: peer), id, peer)
            case .show(let pattern, let duty, _):
                nodes[id]?.outputs[duty] = pattern
                if duty == .assuranceLamp { judgeLamp(pattern, id) }
            case .journal(_, let annunciation, let standing):
                let at = nowMs + Self.commitMs
                nodes[id]?.pending.append((annunciation.record.id, annunciation, standing, at))
                judgeClear(annunciation.record)
            case .reply(let message, _):
                if case .actionReply(let reply) = message { replies.append(reply) }
            }
        }
    }

    private mutating func fly(_ bytes: [UInt8]?, _ from: TerminalID, _ to: TerminalID) {
        guard let bytes, !cuts.contains([from, to]), !random.chance(lossPercent) else { return }
        order += 1
        flights.append(
            Flight(at: nowMs + 1 + random.below(max(1, delayMaxMs)), order: order, to: to, bytes: bytes))
    }

    // MARK: - Time

    /// Lets `ms` pass: datagrams arrive, deadlines fire, and the rules are looked at after each.
    mutating func pass(ms: Int) {
        let end = nowMs + ms
        while let next = nextEvent(), next <= end {
            nowMs = max(nowMs, next)
            deliver()
            for id in nodes.keys.sorted() {
                settle(id, upTo: nowMs)
                guard var desk = nodes[id]?.desk else { continue }
                let due = desk.deadline(now: now.uptime).map { $0 <= now.uptime } ?? false
                guard due || nowMs >= nodes[id]?.nextTick ?? 0 else { continue }
                nodes[id]?.nextTick = nowMs + Self.tickMs
                input(id) { desk, now, effects in desk.elapsed(now: now, into: &effects) }
            }
            judgeSilence()
        }
        nowMs = end
    }

    private func nextEvent() -> Int? {
        var next = flights.map(\.at).min()
        for node in nodes.values {
            guard var desk = node.desk else { continue }
            let deadline = desk.deadline(now: now.uptime).map { Int(($0.nanoseconds + 999_999) / 1_000_000) }
            let first = max(nowMs, min(node.nextTick, deadline ?? .max))
            next = min(next ?? first, first)
        }
        return next.map { max($0, nowMs) }
    }

    private mutating func deliver() {
        let arrived = flights.filter { $0.at <= nowMs }.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
        flights.removeAll { $0.at <= nowMs }
        for flight in arrived {
            input(flight.to) { desk, now, effects in desk.datagram(flight.bytes, now: now, into: &effects) }
            for (id, entry) in nodes[flight.to]?.desk?.post?.roll.entries ?? [:] {
                everListed[id] = entry.record
            }
        }
    }

    // MARK: - The rules

    private mutating func judgeClear(_ record: AlarmRecord) {
        guard let cleared = record.cleared, cleared.ground != .folded else { return }
        switch record.alarmClass {
        case .emergency, .officerDuress:
            if record.attended == nil { unsafe.append("\(nowMs): \(record.id) cleared unattended") }
        case .cellCall:
            if record.attended == nil, record.spokenMs < UInt32(Limits.spokenMinMs) {
                unsafe.append("\(nowMs): \(record.id) cleared without speech or attendance")
            }
        case .trouble: break
        }
    }

    private mutating func judgeLamp(_ pattern: OutputPattern, _ id: TerminalID) {
        guard pattern == .steady || pattern == .slowBlink else { return }
        let open = nodes[id]?.desk?.alarms.machines.keys.filter { $0.stream == .alarm } ?? []
        if !open.contains(where: { everListed[$0] != nil }) {
            unsafe.append("\(nowMs): lamp of \(id) promises, no post has listed its alarm")
        }
    }

    private mutating func judgeSilence() {
        for post in Self.posts {
            guard let desk = nodes[post]?.desk?.post else { continue }
            let heard = desk.roll.sounding(now: now.uptime)
            for (id, entry) in desk.roll.entries {
                let alarm = entry.record
                let isQuiet =
                    alarm.alarmClass > .trouble && alarm.attended == nil
                    && (heard ?? .trouble) < alarm.alarmClass
                guard isQuiet else {
                    quietSince[post]?[id] = nil
                    continue
                }
                let since = quietSince[post]?[id] ?? nowMs
                quietSince[post, default: [:]][id] = since
                if nowMs - since > Limits.silenceMaxMs + Self.tickMs {
                    unsafe.append("\(nowMs): \(id) quiet at \(post) since \(since)")
                }
            }
        }
    }

    // MARK: - The place

    private static func site(_ terminals: [(TerminalID, [UInt8])]) -> Site {
        Site(
            name: "simulated",
            terminals: terminals.map { id, key in
                Terminal(
                    id: id, role: posts.contains(id) ? .post : .cell, zone: .named("ward-1"), title: id.text,
                    address: 0x7f00_0001, port: 1, publicKey: key)
            },
            rings: [.named("ward-1"): posts.map { [$0] }], ladderMs: Limits.ladderDefaultMs,
            officers: [Officer(id: .named("P1042"), name: "王")])
    }

    private static func config(_ id: TerminalID, _ site: Site) -> TerminalConfig {
        let cell: [LineDuty] = [.emergencyButton, .cellCallButton, .attendance, .tamper, .assuranceLamp]
        let post: [LineDuty] = [
            .duressButton, .acknowledgeKey, .silenceKey, .attendKey, .clearKey, .buzzer, .alarmLamp,
            .troubleLamp,
        ]
        let duties = (posts.contains(id) ? post : cell).map { duty in
            BoardDuty(
                line: BoardLine(
                    name: .named("line-\(duty.rawValue)"), chip: "simulated", line: "\(duty)",
                    direction: duty.isOutput ? .output : .input, activeLow: false, bias: .asIs),
                duty: duty)
        }
        let board = Board(name: "simulated", kind: .simulated, duties: duties)
        return TerminalConfig(
            version: 1, terminal: id, site: site, board: board, keyPath: "", journalPath: "", runtimePath: "",
            operators: [])
    }
}
