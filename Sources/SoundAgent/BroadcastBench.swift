// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Clips
import Facility
import Glibc
import Intercom
import Journal
import Paging
import Synchronization

/// The day of two terminals, two processes with cards whose crystals differ by 100 ppm: how far from the
/// plan, and from each other, the first sample of a unit is; and how soon a ring tone has the loudspeaker.
/// `--bench broadcast [UNITS]`; prints one JSON line. On the main thread.
///
///     timetable, clip ─> broadcast-terminal (+50 ppm) ─> what came out ─┐
///                   └──> broadcast-terminal (−50 ppm) ─> what came out ─┴─> where the clip is in each
final class BroadcastBench {
    private struct Heard {
        /// CLOCK_MONOTONIC, nanoseconds.
        var startNs: Double
        var plannedNs: Double
    }

    private let folder: String
    private let clip: [Int16]
    private let rateHz = VoiceSettings().sampleRateHz
    private static let names = ["a", "b"]
    private static let betweenS: Int32 = 2
    private static let aroundMs = 40

    static func run(_ arguments: [String]) throws(Fault) {
        let units = arguments.first.flatMap { Int($0) } ?? 30
        let bench = BroadcastBench()
        defer { bench.remove() }
        try bench.measure(units)
    }

    private init() {
        folder = "/tmp/wpd-" + String(UInt32.random(in: .min ... .max), radix: 36)
        var state: UInt32 = 1
        // Noise: it lies at one place in what is heard and at no other.
        clip = (0..<VoiceSettings().sampleRateHz).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(truncatingIfNeeded: Int32(bitPattern: state) >> 18)
        }
    }

    private func measure(_ units: Int) throws(Fault) {
        try makeDay(units)
        var programs: [BenchProgram] = []
        defer { for program in programs { program.end() } }
        for (name, drift) in zip(Self.names, ["50", "-50"]) {
            programs.append(
                try BenchProgram(
                    ["/proc/self/exe", "--bench", "broadcast-terminal", folder, name, drift], name: name,
                    log: "\(folder)/\(name).log"))
        }
        let said = try programs.map { program throws(Fault) in
            try program.says(until: "done", ms: (units * Int(Self.betweenS) + 30) * 1_000)
        }
        let heard = try zip(Self.names, said).map { name, text throws(Fault) in try find(name, text) }
        let (a, b) = (heard[0], heard[1])
        let errors = (Array(a.values) + b.values).map { UInt64(abs($0.startNs - $0.plannedNs)) }
        let skews = a.compactMap { unit, one in b[unit].map { UInt64(abs(one.startNs - $0.startNs)) } }
        guard !skews.isEmpty else {
            throw Fault(
                "measure", at: folder, cause: "no unit was heard from both",
                hint: "Is the machine overloaded?")
        }
        let shares = said.compactMap { text in
            text.split(separator: "\n").last { $0.hasPrefix("cpu ") }.flatMap { Double($0.dropFirst(4)) }
        }
        print(
            "{\"bench\":\"broadcast\",\"units\":\(units),\"measured\":\(skews.count),"
                + "\"driftPpm\":100,\"startErrorMs\":\(SetupBench.figures(errors)),"
                + "\"skewMs\":\(SetupBench.figures(skews)),"
                + "\"preemptMs\":\(SetupBench.figures(preempt(20))),"
                + "\"processorPercent\":\(shares.max() ?? 0)}")
    }

    // MARK: - The day

    private func makeDay(_ units: Int) throws(Fault) {
        mkdir(folder, 0o700)
        let path = folder + "/clip.wav"
        try Clip.write(clip, rateHz: rateHz, path: path)
        var bytes = [UInt8](repeating: 0, count: max(1, Int(wp_file_size(path))))
        _ = wp_read_file(path, &bytes, bytes.count)
        let name = ClipDigest.of(bytes)
        let index = Array("noise \(name) 1000\n".utf8)
        guard rename(path, "\(folder)/\(name)") == 0,
            wp_write_file(folder + "/index", index, index.count) == 0
        else {
            throw Fault(
                "make a day", at: folder, cause: String(cString: strerror(errno)),
                hint: "Check free space of /tmp.")
        }
        // Not over midnight: the bench waits until it is past.
        var first = BroadcastTerminal.clock().moment().wallMs / 1_000 + 4
        if first % 86_400 + Int64(units) * Int64(Self.betweenS) >= 86_400 { first += 86_400 - first % 86_400 }
        let begin = Int32(first % 86_400)
        let routines = (0..<units).compactMap { number -> Routine? in
            guard let id = RoutineID("unit-\(number)"),
                let at = ClockTime(seconds: begin + Int32(number) * Self.betweenS)
            else { return nil }
            return Routine(
                id: id, title: id.text, days: RoutineDays(weekdays: Set(Weekday.allCases)), at: at,
                unit: "noise", lasts: 1)
        }
        try CompiledTimetable.install(
            TimetablePlan(name: "bench", offsets: .utc, routines: routines), at: folder + "/day.wptt")
    }

    // MARK: - Where the clip is

    private func find(_ name: String, _ said: String) throws(Fault) -> [Int: Heard] {
        // By the second of the day.
        var found: [Int: Heard] = [:]
        for line in said.split(separator: "\n") {
            let words = line.split(separator: " ").compactMap { Double($0) }
            guard words.count == 3 else { continue }
            let path = "\(folder)/\(name)-\(Int(words[0])).wav"
            let heard = try Clip.read(path: path, rateHz: rateHz)
            unlink(path)
            guard let place = place(in: heard) else { continue }
            found[Int(words[0])] = Heard(
                startNs: words[1] + place * 1e9 / Double(rateHz), plannedNs: words[2])
        }
        return found
    }

    /// Samples from the beginning of `heard` to that of the clip, between samples by a parabola through the
    /// peak; nil: it is not within `aroundMs` of its time.
    private func place(in heard: [Int16]) -> Double? {
        // From behind the ramp on.
        let (skipped, length) = (rateHz / 20, rateHz / 16)
        let around = rateHz * Self.aroundMs / 1_000
        let first = rateHz * BroadcastTerminal.beforeMs / 1_000 - around
        guard first >= 0, heard.count >= first + 2 * around + skipped + length else { return nil }
        let sums = (0..<2 * around).map { lag in
            var sum = 0.0
            for index in skipped..<(skipped + length) {
                sum += Double(clip[index]) * Double(heard[first + lag + index])
            }
            return sum
        }
        guard let peak = sums.indices.max(by: { sums[$0] < sums[$1] }), peak > 0, peak < sums.count - 1,
            sums[peak] > 0
        else { return nil }
        let (before, top, after) = (sums[peak - 1], sums[peak], sums[peak + 1])
        let bend = before - 2 * top + after
        return Double(first + peak) + (bend == 0 ? 0 : 0.5 * (before - after) / bend)
    }

    // MARK: - Pre-emption

    /// From the ring's claim to its first sample, which comes when the unit is silent.
    private func preempt(_ times: Int) -> [UInt64] {
        let ring = Tone.ring.sound(rateHz: rateHz)
        let unit = Sound(clip)
        let heard = Mutex<[UInt64: UInt64]>([:])
        let speaker = Speaker(.simulated(SimulatedCard()), rateHz: rateHz) { report in
            if case .began(let id, let at) = report { heard.withLock { $0[id] = at } }
        }
        speaker.start()
        defer { speaker.stop() }
        var found: [UInt64] = []
        for number in 1...UInt64(times) {
            let now = wp_uptime_ns()
            speaker.play(
                unit, as: 2 * number, rank: .routine, start: SoundStart(zeroNs: Int64(now) + 50_000_000))
            SoundThread.pause(ms: 250)
            let asked = wp_uptime_ns()
            speaker.play(ring, as: 2 * number + 1, rank: .alarmTone)
            SoundThread.pause(ms: 250)
            if let at = heard.withLock({ $0[2 * number + 1] }) { found.append(at - min(at, asked)) }
            speaker.end(2 * number)
            speaker.end(2 * number + 1)
            SoundThread.pause(ms: 50)
        }
        return found.isEmpty ? [.max] : found
    }

    private func remove() {
        guard let directory = opendir(folder) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink("\(folder)/\(name)")
        }
        closedir(directory)
        rmdir(folder)
    }
}
