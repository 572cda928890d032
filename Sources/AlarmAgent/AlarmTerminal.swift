// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import Facility
import GPIO
import Glibc
import Journal
import PanelLink

/// The alarm process of one terminal.
///
///     button → kernel → LineLoop → TerminalDesk → Link ══LAN══> Link → TerminalDesk → buzzer, lamp → receipt
///                       (line thread)                          (line thread)
///                             └─ after the send ─> EventJournal (a thread of its own) ─> disk
///
/// An actor whose executor *is* the line thread: an edge, a datagram and a deadline enter by
/// `assumeIsolated`, with no hop. It performs what the desks return, in their order, and nothing it performs
/// waits for anything.
package actor AlarmTerminal {
    nonisolated let loop: LineLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let config: TerminalConfig
    var desk: TerminalDesk
    let bank: any LineBank
    var lines: LineWatch
    var patterns = PatternDriver()
    let socket: DatagramSocket
    let localSocket: LocalSocket
    let journal: EventJournal
    var latch: PressLatch
    /// The entry that the journal was given last.
    var noted: EventID?
    var selfTest: SelfTest
    var journalWatch: JournalWatch
    var replies = ReplyQueue()
    var users: LocalUsers
    let notify: ServiceNotify
    let starts: StartCount
    let startedAt: Uptime

    var effects: [DeskEffect] = []
    private var edges: [EdgeEvent] = []
    private var levels: [LineLevel] = []
    private var lineEvents: [LineEvent] = []
    var datagram = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
    private var nextPoll: Uptime
    private var isPollTurn = false
    private var isReady = false
    private var hasGivenBack = false
    /// Outputs by what they are for; index into the bank's lines.
    let outputs: [LineDuty: [Int]]
    /// The last attempt to set an output of this duty failed.
    var outputFaults: [LineDuty: Fault] = [:]

    init(_ parts: AgentParts) {
        loop = parts.loop
        config = parts.config
        desk = parts.desk
        bank = parts.bank
        socket = parts.socket
        localSocket = parts.localSocket
        journal = parts.journal
        latch = parts.latch
        users = LocalUsers(operators: parts.config.operators)
        notify = ServiceNotify()
        starts = parts.starts
        startedAt = parts.startedAt
        selfTest = SelfTest(run: parts.desk.run, now: parts.startedAt)
        journalWatch = JournalWatch()
        nextPoll = parts.startedAt
        outputs = Dictionary(grouping: parts.config.board.duties.indices) {
            parts.config.board.duties[$0].duty
        }
        var partners: [Int: Int] = [:]
        for (index, duty) in parts.config.board.duties.enumerated() {
            guard let partner = duty.partner else { continue }
            partners[index] = parts.config.board.duties.firstIndex { $0.line.name == partner }
        }
        lines = LineWatch(lines: parts.config.board.duties.map(\.line), partners: partners)
    }

    var descriptors: [Int32] { bank.descriptors + [socket.descriptor, localSocket.descriptor] }

    // MARK: - The start

    /// What the last run and the configuration left to say; before the first turn.
    func begin(latched: [AlarmRecord], configurationFault: Fault?) {
        let now = moment()
        // Lines first, so that the first look at them finds them open.
        bank.tick(now: now.uptime)
        desk.latched(latched, now: now.uptime, into: &effects)
        if let configurationFault {
            desk.notice(.configuration, .configuration, configurationFault, now: now, into: &effects)
        }
        if starts.isLooping { desk.notice(.crashLoop, .configuration, nil, now: now, into: &effects) }
        perform(now)
    }

    // MARK: - One turn

    /// After every wake: lines first, then sockets, then time; only where no line can have news the sockets
    /// go first, because then it is a datagram that somebody waits for. Answers when it wants to be woken at
    /// the latest.
    func turn(linesWait: Bool) -> Uptime? {
        let due = lines.deadline
        if let due { rehearse(until: due) }
        let now = moment()
        let linesFirst = linesWait || due.map { $0 <= now.uptime } == true
        if linesFirst { watchLines(now) }
        let moreWaits = receive(now)
        if !linesFirst { watchLines(now) }
        hear(now)
        sendWaitingReplies(now.uptime)
        takeReports(now)
        if isPollTurn || desk.deadline(now: now.uptime).map({ $0 <= now.uptime }) == true {
            isPollTurn = false
            desk.elapsed(now: now, into: &effects)
            perform(now)
        }
        write(patterns.elapsed(now: now.uptime))
        if let probe = selfTest.due(now: now.uptime) {
            socket.send(probe, address: 0x7f00_0001, port: socket.port)
        }
        if !isReady { becomeReady(now.uptime) }
        if moreWaits { return now.uptime }
        return [
            nextPoll,
            lines.deadline.map {
                Uptime(nanoseconds: $0.nanoseconds - min($0.nanoseconds, Self.rehearsalNs))
            }, lines.lookAgainAt, desk.deadline(now: now.uptime), patterns.deadline, bank.retryAt,
            replies.deadline(now: now.uptime),
        ]
        .compactMap { $0 }.min()
    }

    private static let rehearsalNs = UInt64(Limits.rehearsalUs) * 1_000

    /// A contact closed and its time is nearly up. A heartbeat goes ahead: the posts are awake, and know our
    /// session, when the press comes. Then the press is rehearsed, and the moment awaited awake.
    private func rehearse(until due: Uptime) {
        let now = moment()
        guard now.uptime < due, due.nanoseconds - now.uptime.nanoseconds <= Self.rehearsalNs,
            config.board.duties.contains(where: { $0.duty.alarmClass != nil })
        else { return }
        desk.herald(now: now, into: &effects)
        perform(now)
        desk.rehearse(now: now)
        while wp_uptime_ns() < due.nanoseconds {}
    }

    private func becomeReady(_ now: Uptime) {
        isReady = true
        desk.ready(afterMs: now.ms(since: startedAt))
        notify.send("READY=1\nSTATUS=alarm path ready after \(now.ms(since: startedAt)) ms")
    }

    private func watchLines(_ now: Moment) {
        edges.removeAll(keepingCapacity: true)
        lineEvents.removeAll(keepingCapacity: true)
        bank.readEdges(into: &edges, max: Limits.edgesPerTurnCount)
        lines.edges(edges, now: now.uptime, into: &lineEvents)
        if edges.count < Limits.edgesPerTurnCount {
            bank.readLevels(into: &levels)
            lines.levels(levels, faults: bank.faults, now: now.uptime, into: &lineEvents)
            selfTest.readLevels()
            if now.uptime >= nextPoll {
                nextPoll = now.uptime.advanced(ms: Limits.levelPollMs)
                isPollTurn = true
                bank.tick(now: now.uptime)
                journalWatch.look(at: journal, now: now.uptime)
            }
        }
        lines.elapsed(now: now.uptime, into: &lineEvents)
        for event in lineEvents {
            desk.line(event, now: now, into: &effects)
            perform(now)
        }
    }

    /// True when the turn's bound was reached: more may wait, and lines come first again.
    private func receive(_ now: Moment) -> Bool {
        for _ in 0..<Limits.datagramsPerTurnCount {
            guard let count = socket.receive(into: &datagram)?.count else { return false }
            let bytes = Array(datagram[..<count])
            if let isWhole = selfTest.returned(bytes) {
                if isWhole { feed(now.uptime) }
                continue
            }
            desk.datagram(bytes, now: now, into: &effects)
            perform(now)
        }
        return true
    }

    private func feed(_ now: Uptime) {
        notify.send("WATCHDOG=1")
        if !hasGivenBack, now.ms(since: startedAt) > Limits.selfTestMs {
            hasGivenBack = true
            wp_give_back_startup_pages()
        }
        if now.ms(since: startedAt) > Limits.crashLoopMs { starts.wasGood() }
    }

    func moment() -> Moment {
        let wall = wp_wall_ms()
        let uncertainty = wall < Limits.wallPlausibleFromMs ? Limits.wallUnknownMs : wp_wall_uncertainty_ms()
        return Moment(uptime: Uptime(nanoseconds: wp_uptime_ns()), wallMs: wall, uncertaintyMs: uncertainty)
    }

    /// The process was asked to end: outputs stay as they are, the journal stores what it has.
    func end() {
        notify.send("STOPPING=1")
        journal.stop()
        starts.wasGood()
        loop.stop()
    }
}
