// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Journal
import Paging
import Synchronization

/// The day's thread: asks `DayDesk` when it wants to be asked, when the wall clock is set, when a clip is
/// ready, and when somebody takes or leaves the loudspeaker; performs what it says. Any thread starts, stops
/// and tells it. Nothing waits for it: neither a call nor the loudspeaker.
final class DayThread: Sendable {
    struct Parts: Sendable {
        let zone: ZoneID
        let places: DayDesk.Places
        let speaker: Speaker
        let clock: @Sendable () -> DayTime
        let record: @Sendable (PlayEntry, Moment) -> Void
    }

    private let parts: Parts
    private let shelf: ClipShelf
    private let bell: Int32
    private let rank = Mutex<SoundRank?>(nil)
    private let last = Mutex<(claim: UInt64, unit: OccurrenceID)?>(nil)
    private let isStopped = Atomic(false)
    private let thread = Mutex<SoundThread?>(nil)

    init(_ parts: Parts) {
        self.parts = parts
        let bell = wp_eventfd()
        self.bell = bell
        shelf = ClipShelf(parts.places.clips, rateHz: parts.speaker.rateHz) { fault in
            if let fault { SoundProcess.log("\(fault)") }
            wp_eventfd_wake(bell)
        }
    }

    deinit { close(bell) }

    func start() {
        shelf.start()
        thread.withLock { $0 = SoundThread("wp-day") { [self] in run() } }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        wp_eventfd_wake(bell)
        thread.withLock { $0.take() }?.join()
        shelf.stop()
    }

    /// Who has the loudspeaker now.
    func heard(_ new: SoundRank?) {
        rank.withLock { $0 = new }
        wp_eventfd_wake(bell)
    }

    /// The unit behind a claim of the loudspeaker; nil: it is not the day's last.
    func unit(of claim: UInt64) -> OccurrenceID? {
        last.withLock { $0.flatMap { $0.claim == claim ? $0.unit : nil } }
    }

    private func run() {
        var desk = DayDesk(parts.zone, parts.places, shelf: shelf, rateHz: parts.speaker.rateHz)
        let clockSet = wp_clock_set_fd()
        defer { close(clockSet) }
        var ready: [Int16] = [0, 0]
        while !isStopped.load(ordering: .acquiring) {
            let time = parts.clock()
            let (deeds, restMs) = desk.turn(time, rank: rank.withLock { $0 })
            for deed in deeds { perform(deed, time) }
            _ = wp_poll([bell, clockSet], &ready, 2, Int64(restMs) * 1_000_000)
            wp_eventfd_drain(bell)
            if ready[1] != 0 { wp_clock_set_drain(clockSet) }
        }
    }

    private func perform(_ deed: DayDesk.Deed, _ time: DayTime) {
        switch deed {
        case .play(let sound, let unit, let claim, let rank, let start):
            last.withLock { $0 = (claim, unit) }
            parts.speaker.play(sound, as: claim, rank: rank, start: start)
        case .end(let claim): parts.speaker.end(claim)
        case .cap(let capDb): parts.speaker.cap(capDb)
        case .record(let entry): parts.record(entry, time.moment())
        case .log(let sentence): SoundProcess.log(sentence)
        }
    }
}

/// The terminal's clocks as the day may trust them. Any thread. Always true: a time that nobody set since the
/// start of the machine, on a board without a battery, is unknown; a time server that went away changes
/// nothing.
final class DayClock: Sendable {
    /// It was set once while this process runs, or a battery kept it.
    private let isTrusted: Atomic<Bool>

    init() {
        var bytes = [UInt8](repeating: 0, count: 8)
        let count = wp_read_file("/sys/class/rtc/rtc0/hctosys", &bytes, bytes.count)
        isTrusted = Atomic(count > 0 && bytes[0] == UInt8(ascii: "1"))
    }

    func now() -> DayTime {
        var uncertainty = wp_wall_uncertainty_ms()
        if uncertainty != Limits.wallUnknownMs {
            isTrusted.store(true, ordering: .relaxed)
        } else if isTrusted.load(ordering: .relaxed) {
            uncertainty = Limits.wallUnknownMs - 1
        }
        return DayTime(
            uptime: Uptime(nanoseconds: wp_uptime_ns()), wallLessUptimeNs: wp_wall_less_uptime_ns(),
            uncertaintyMs: uncertainty)
    }
}
