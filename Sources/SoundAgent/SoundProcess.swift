// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
package import Facility
import Glibc
import Intercom
import Journal
import PanelLink
import Recordings

/// `watchpost-sound`: the voice of one terminal. Its crash costs a call, never an alarm.
package enum SoundProcess {
    /// Where things are that the compiled configuration does not say.
    package struct Places: Hashable, Sendable {
        /// The local socket.
        package var runtime: String
        package var journal: String
        package var key: String
        /// Beside the journal.
        package var recordings: String
        /// What `watchpost-sync` says the hub has of them.
        package var sent: String
        /// The compiled timetable and the clip library, as `watchpost-sync` puts them down.
        package var timetable = "/var/lib/watchpost-sync/bundles/timetable.wptt"
        package var clips = "/var/lib/watchpost-sync/clips"

        /// As the unit makes them; nil runtime: beside the alarm agent's own.
        package init(
            _ config: TerminalConfig, journal: String?, key: String?, sent: String? = nil,
            isGateway: Bool = false
        ) {
            runtime = config.runtimePath + (isGateway ? "-gateway" : "-sound")
            self.journal = journal ?? "/var/lib/watchpost-sound/call.db"
            self.key = key ?? config.keyPath
            recordings = RecordingFolder(beside: self.journal).path
            self.sent = sent ?? "/var/lib/watchpost-sync/" + SentRecordings.fileName
        }

        /// Beside the journal: in the state directory.
        package var calibration: String { journal + ".calibration" }
        /// What was played of the day is kept beside the journal.
        var day: DayDesk.Places {
            DayDesk.Places(timetable: timetable, clips: clips, ledger: journal + ".day")
        }
        package var socket: String { runtime + "/sound.sock" }
    }

    package static func log(_ sentence: String) {
        let bytes = Array("watchpost-sound: \(sentence)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Runs on the calling thread until SIGTERM or SIGINT: it becomes libre's. `gateway`: the socket of the
    /// command room's pages, which are then its microphone and its loudspeaker. `isLight`: for a processor
    /// that is too slow for Opus and the canceller.
    package static func run(
        configuration path: String, journal: String?, key: String?, sent: String? = nil,
        gateway: String? = nil, timetable: String? = nil, clips: String? = nil, isLight: Bool = false
    ) throws(Fault) {
        let startedAt = Uptime(nanoseconds: wp_uptime_ns())
        let signals = wp_stop_signals()
        let config = try CompiledSite.readNewestGood(path).config
        var places = Places(config, journal: journal, key: key, sent: sent, isGateway: gateway != nil)
        if let timetable { places.timetable = timetable }
        if let clips { places.clips = clips }
        let keys = try LinkKeys.load(places.key)
        let book = try CallBook(config, keys: keys, isGateway: gateway != nil, isLight: isLight)
        if mkdir(places.runtime, 0o755) == 0 { _ = chmod(places.runtime, 0o755) }
        let bell = wp_eventfd()
        let run = UInt64.random(in: 1 ... .max)
        let record = EventJournal(path: places.journal, terminal: book.own.id, run: run) {
            wp_eventfd_wake(bell)
        }
        // What the command room's telephone says and hears is recorded at the other end, which has a journal
        // that goes up.
        let shelf =
            gateway != nil
            ? nil
            : RecordingShelf(
                RecordingFolder(places.recordings), secretKey: keys.sealingKey,
                hubKey: book.plan.recordingKey, sentPath: places.sent, bell: bell)
        let loop = ReLoop()
        let page = SimulatedCard()
        let desk = CallDesk(
            CallDesk.Parts(
                config: config, book: book, journal: record, journalBell: bell,
                socket: try LocalSocket(path: places.socket),
                card: gateway == nil ? card(book.plan.card) : .simulated(page),
                calibrationPath: places.calibration, run: run, startedAt: startedAt, shelf: shelf,
                day: gateway == nil ? places.day : nil), loop: loop)
        var pages: PageGateway?
        if let gateway { pages = try PageGateway(path: gateway, card: page, desk: desk) }
        pages?.start()
        try hold(desk, loop, signals)
        pages?.stop()
    }

    private static func hold(_ desk: CallDesk, _ loop: ReLoop, _ signals: Int32) throws(Fault) {
        var watch: ReWatch?
        try loop.run { () throws(Fault) in
            let begun: Result<Void, Fault> = desk.assumeIsolated { desk in
                do throws(Fault) { return .success(try desk.begin()) } catch { return .failure(error) }
            }
            try begun.get()
            watch = try ReWatch(signals) { desk.assumeIsolated { $0.end() } }
            notify("READY=1")
            log("ready")
        }
        watch?.end()
    }

    static func card(_ name: CardName) -> SoundCard {
        switch name {
        case .simulated: .simulated(speaking())
        case .null: .null
        case .alsa(let name): .alsa(capture: name, playback: name)
        }
    }

    /// Somebody speaks into the demo's microphone: half a second of sound, half a second of silence.
    private static func speaking() -> SimulatedCard {
        var settings = SimulatedCard.Settings()
        // It hears its own loudspeaker, as a real one does.
        settings.room = [0, 0, 0, 0.25, 0.1]
        let card = SimulatedCard(settings)
        let rate = VoiceSettings().sampleRateHz
        card.says(
            (0..<rate).map { sample in
                guard sample < rate / 2 else { return 0 }
                // A triangle of 500 Hz: no sine without a library.
                let place = sample * 500 * 4 % (rate * 4)
                let level = place < rate * 2 ? place - rate : 3 * rate - place
                return Int16(level * 6_000 / rate)
            }, fromNs: wp_uptime_ns(), repeats: true)
        return card
    }

    private static func notify(_ text: String) {
        if let path = getenv("NOTIFY_SOCKET") { _ = wp_notify(String(cString: path), text) }
    }
}
