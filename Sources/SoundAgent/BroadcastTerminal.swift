// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import Journal
import Paging

/// One terminal of `--bench broadcast`, a process of its own: follows the timetable of the bench's folder on
/// a card of software, and writes down what came out of its loudspeaker around each unit.
/// `--bench broadcast-terminal FOLDER NAME DRIFT_PPM`. On the main thread of that process.
enum BroadcastTerminal {
    /// Before a unit's time, and from its beginning on: what is listened to.
    static let beforeMs = 100
    static let heardMs = 600

    static func run(_ arguments: [String]) throws(Fault) {
        guard arguments.count == 3, let drift = Double(arguments[2]), let zone = ZoneID("bench") else {
            throw Fault(
                "measure", at: "broadcast-terminal", cause: "FOLDER NAME DRIFT_PPM are missing",
                hint: "It is started by --bench broadcast.")
        }
        let (folder, name) = (arguments[0], arguments[1])
        var settings = SimulatedCard.Settings()
        settings.playbackDriftPpm = drift
        let card = SimulatedCard(settings)
        let speaker = Speaker(.simulated(card), rateHz: VoiceSettings().sampleRateHz)
        let places = DayDesk.Places(
            timetable: folder + "/day.wptt", clips: folder, ledger: "\(folder)/\(name).day")
        let day = DayThread(
            DayThread.Parts(
                zone: zone, places: places, speaker: speaker, clock: { Self.clock() }, record: { _, _ in }))
        let plan = try CompiledTimetable.read(places.timetable)
        speaker.start()
        day.start()
        let (begunNs, begunCPU) = (wp_uptime_ns(), processorNs())
        let now = clock().moment().wallMs / 1_000
        for unit in Timetable(plan).occurrences(zone, from: now, to: now + 86_400) {
            // Both processes listen from the same whole millisecond on.
            let zeroNs = (clock().uptimeNs(ofUnix: unit.start) + 500_000) / 1_000_000 * 1_000_000
            let fromNs = UInt64(zeroNs) - UInt64(beforeMs) * 1_000_000
            while wp_uptime_ns() < fromNs + UInt64(beforeMs + heardMs + 300) * 1_000_000 {
                SoundThread.pause(ms: 20)
            }
            let count = speaker.rateHz * (beforeMs + heardMs) / 1_000
            let heard = card.loudspeaker.listen(fromNs: fromNs, count: count, rateHz: speaker.rateHz)
            let plannedNs = clock().uptimeNs(ofUnix: unit.start)
            try Clip.write(
                heard, rateHz: speaker.rateHz, path: "\(folder)/\(name)-\(unit.id.at.seconds).wav")
            print("\(unit.id.at.seconds) \(fromNs) \(plannedNs)")
        }
        let spent = Double(processorNs() - begunCPU) / Double(wp_uptime_ns() - begunNs)
        day.stop()
        speaker.stop()
        print("cpu \(spent * 100)")
        print("done")
    }

    /// The bench's own machine is believed.
    static func clock() -> DayTime {
        DayTime(
            uptime: Uptime(nanoseconds: wp_uptime_ns()), wallLessUptimeNs: wp_wall_less_uptime_ns(),
            uncertaintyMs: 0)
    }

    private static func processorNs() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
