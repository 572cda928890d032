// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Clips
import Facility
import Glibc
import Intercom
import Journal
import PanelLink
import Recordings

/// The calls of one terminal, performed: what the machine decides, on SIP, cards, record and local socket.
///
///     watchpost-alarm ──listed──> CallDesk ──> CallMachine ──effects──> SIPEndpoint ══LAN══
///     watchpost call, panel ────>    │  ^                          ├──> VoiceSession, Speaker (own threads)
///     journal: stored ──────────>    │  └── heard, lost, stored    ├──> EventJournal (a thread of its own)
///                                    └─spoken, microphone──────────└──> watchpost-alarm
///
/// An actor whose executor is libre's thread. Always true: effects are performed in their order, so the entry
/// of the record and the sign stand before the gate opens.
actor CallDesk {
    nonisolated let loop: ReLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// What is known of one leg beyond the machine's own view.
    struct Leg {
        var number: Int?
        var isOurs: Bool
        var socket: MediaSocket?
        var local: SDPSession?
        var remote: SDPSession?
        var plan: MediaPlan?
        var voice: VoiceSession?
        /// Before the voice, where its keys come from one.
        var handshake: Handshake?
        /// Made, and begins at the latest then.
        var beginsAt: Uptime?
        var recorder: CallRecorder?
        var quality = CallQuality()
        var nonce = CallKeys.nonce()
        var farNonce = ""
        var isHeld = false
        var packetsSeen = 0
        var hasHeard = false
        var hasSpoken = false
        var twoWayMs = 0
        var lookedAt = Uptime(nanoseconds: 0)

        /// Its keys first, then its voice.
        var dueAt: Uptime? { handshake?.dueAt ?? beginsAt }
    }

    let config: TerminalConfig
    let book: CallBook
    let journal: EventJournal
    let journalBell: Int32
    let socket: LocalSocket
    let card: SoundCard
    let speaker: Speaker
    let news: SpeakerNews
    let announcer: Announcer
    /// Nil: none is set up.
    var pages: PageDesk?
    /// The entry of a live page that is not on the disk yet.
    var pageEntry: EventID?
    let clipFolder: ClipFolder
    /// Nil: no day is followed here.
    let day: DayThread?
    let plays: PlayRecorder
    let dayClock: @Sendable () -> DayTime
    let run: UInt64
    let startedAt: Uptime
    var readyMs: UInt32 = 0
    var machine: CallMachine
    var endpoint: SIPEndpoint?
    var legs: [CallLeg: Leg] = [:]
    var numbers: [Int: CallLeg] = [:]
    /// For the next call.
    var spare: MediaSocket?
    /// Entries whose storing a call waits for.
    var awaited: [EventID: CallID] = [:]
    /// Entries that nobody waits for, until `storeAt`.
    var gathered: [JournalEvent] = []
    var storeAt: Uptime?
    /// Nil: nothing is recorded here.
    let shelf: RecordingShelf?
    var shelved: [EventID: Shelved] = [:]
    var feed: AlarmFeed
    var users: CallUsers
    var registration = RegistrarTurn()
    var page: Page?
    var tones: [Tone: Sound] = [:]
    var gateTone = GateTone.off
    var isWorking = true
    /// Of the loudspeaker, of a call's microphone; nil: none.
    var cardTrouble: String?
    var microphoneTrouble: String?
    var troubledSince: Uptime?
    var testing: SoundTesting?
    var listening: Listening?
    /// Its own microphone did not hear it the last time.
    var isSilent = false
    var roomHeardAt: Uptime?
    /// What was found for this card once.
    var calibration: CalibrationFile?
    let calibrationPath: String
    var isSigned = false
    private var hasGivenBack = false
    var toldAt = Uptime(nanoseconds: 0)
    var seenNonces: [String] = []
    var watches: [ReWatch] = []
    var timer: ReWatch?
    private var sequence: UInt64 = 0

    struct Parts {
        let config: TerminalConfig
        let book: CallBook
        let journal: EventJournal
        let journalBell: Int32
        let socket: LocalSocket
        let card: SoundCard
        let calibrationPath: String
        let run: UInt64
        let startedAt: Uptime
        /// Rings the journal's bell with its news.
        var shelf: RecordingShelf?
        /// Nil: the command room's telephone.
        var day: DayDesk.Places?
        var dayClock: @Sendable () -> DayTime = DayClock().now
    }

    init(_ parts: sending Parts, loop: ReLoop) {
        self.loop = loop
        config = parts.config
        book = parts.book
        journal = parts.journal
        journalBell = parts.journalBell
        socket = parts.socket
        card = parts.card
        shelf = parts.shelf
        let news = SpeakerNews()
        self.news = news
        speaker = Speaker(parts.card, rateHz: VoiceSettings().sampleRateHz) { news.put(.report($0)) }
        announcer = Announcer(speaker, as: OwnSound.notice.rawValue)
        let record = PlayRecorder(parts.journal, terminal: parts.book.own.id, run: parts.run)
        (plays, dayClock) = (record, parts.dayClock)
        clipFolder = ClipFolder(parts.day?.clips ?? "")
        day = parts.day.map { [speaker, zone = parts.book.own.zone] places in
            DayThread(
                DayThread.Parts(
                    zone: zone, places: places, speaker: speaker, clock: parts.dayClock,
                    record: { record.add($0, $1) }))
        }
        calibrationPath = parts.calibrationPath
        calibration = CalibrationFile.read(calibrationPath, card: parts.book.plan.card.text)
        run = parts.run
        startedAt = parts.startedAt
        machine = CallMachine(role: parts.book.own.role)
        // The command room's telephone has no alarm process: nothing is at this address.
        let isTerminal = parts.book.own.id == parts.config.terminal
        feed = AlarmFeed(
            own: parts.book.own.id, daemon: isTerminal ? parts.config.runtimePath + "/alarm.sock" : "")
        users = CallUsers(operators: parts.config.operators)
    }

    static var now: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }

    func mint() -> EventID {
        sequence += 1
        return EventID(terminal: book.own.id, stream: .call, run: run, sequence: sequence)
    }

    // MARK: - Beginning and end

    /// On the loop's thread, before its first turn.
    func begin() throws(Fault) {
        let tls = book.plan.tls.map {
            SIPEndpoint.TLS(
                certificate: $0.certificate, authority: $0.authority, names: book.names, port: $0.port)
        }
        endpoint = try SIPEndpoint(
            .init(host: book.own.address, port: book.ownPort, tls: tls, admitted: book.admitted),
            now: { CallDesk.now },
            event: { [unowned self] event in assumeIsolated { $0.take(event) } },
            reoffered: { [unowned self] number, bytes in
                assumeIsolated { $0.reoffered(number, bytes) }
            })
        timer = try ReWatch(timer: { [unowned self] in assumeIsolated { $0.turn() } })
        watches = [
            try ReWatch(socket.descriptor) { [unowned self] in assumeIsolated { $0.hear() } },
            try ReWatch(journalBell) { [unowned self] in assumeIsolated { $0.takeReports() } },
            try ReWatch(news.bell) { [unowned self] in assumeIsolated { $0.hearSpeaker() } },
        ]
        beginPages()
        speaker.start()
        journal.start()
        shelf?.start()
        day?.start()
        readyMs = UInt32(clamping: Self.now.ms(since: startedAt))
        beginRegistration()
        turn()
        later { $0.makeTones() }
        later { $0.openSpare() }
    }

    /// Everything is hung up; nothing of this is used after.
    func end() {
        for leg in legs.values { stopVoice(leg) }
        legs = [:]
        pages?.end()
        pages = nil
        day?.stop()
        stopListening()
        speaker.stop()
        isSigned = false
        tellAlarm(Self.now)
        endpoint?.close()
        endpoint = nil
        for watch in watches { watch.end() }
        timer?.end()
        endRecord()
        loop.stop()
    }

    // MARK: - Time

    /// Whatever is due; sets the timer anew.
    func turn() {
        let now = Self.now
        look(now)
        shake(now)
        for (leg, known) in legs where known.beginsAt.map({ $0 <= now }) ?? false { beginVoice(leg) }
        perform(machine.elapsed(now: now))
        testElapsed(now)
        if feed.isDue(now) { askAlarm(now) }
        if now.ms(since: toldAt) >= Limits.soundReportMs { tellAlarm(now) }
        elapsedRegistration(now)
        if let storeAt, storeAt <= now { store(now) }
        giveBack(now)
        setTimer(now)
    }

    /// What the start and the last call needed and idling does not.
    private func giveBack(_ now: Uptime) {
        guard machine.calls.isEmpty else {
            hasGivenBack = false
            return
        }
        guard !hasGivenBack, now.ms(since: startedAt) > Limits.selfTestMs else { return }
        hasGivenBack = true
        wp_give_back_startup_pages()
    }

    func setTimer(_ now: Uptime) {
        let isTalking = legs.values.contains { $0.voice != nil }
        let next = [
            machine.deadline, isTalking ? now.advanced(ms: Limits.callLookMs) : nil, feed.askAt,
            toldAt.advanced(ms: Limits.soundReportMs), registration.againAt, storeAt,
            legs.values.lazy.compactMap(\.dueAt).min(),
        ].compactMap { $0 }.min()
        timer?.set(next, now: now)
    }

    /// What the voices report: signs of life, two-way speech, the card.
    private func look(_ now: Uptime) {
        for (key, leg) in legs {
            guard let voice = leg.voice else { continue }
            var seen = leg
            let span = min(now.ms(since: leg.lookedAt), 2 * Limits.callLookMs)
            guard span >= Limits.callLookMs else { continue }
            let report = voice.report()
            let isAlive = report.packetsReceived > leg.packetsSeen || leg.plan?.direction == .inactive
            if report.loudspeakerLevelDb > -50 { seen.hasHeard = true }
            if report.microphoneLevelDb > -50 { seen.hasSpoken = true }
            if isAlive, report.isGateOpen, seen.hasHeard, seen.hasSpoken { seen.twoWayMs += span }
            seen.packetsSeen = report.packetsReceived
            seen.quality.saw(report)
            seen.lookedAt = now
            legs[key] = seen
            // A held call sends nothing: its signalling is asked instead.
            let isQuiet = leg.isHeld || leg.plan?.direction.receives == false
            perform(
                machine.heard(
                    key.call, isAlive: isAlive || isQuiet, twoWayMs: seen.twoWayMs, now: now))
            microphoneTrouble = report.cardTrouble
        }
        lookAtCard(now)
    }
}
