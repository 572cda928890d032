// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Clips
import Facility
import Foundation
import Journal
import Paging
import TestBoard
import Testing

@testable import SoundAgent

/// A terminal's day: real files, real clips, a card of software whose clock, like all time here, the test
/// moves.
final class DayRig {
    struct Play {
        var claim: UInt64
        var zeroNs: Int64
        /// Off the monotonic clock's reading of the plan; nil: silent.
        var errorMs: Double?
    }

    static let zone = ZoneID("ward-1")!
    static let rateHz = 8_000

    let folder: String
    let shelf: ClipShelf
    var desk: DayDesk
    var uptimeMs: Int64 = 50_000
    var wallMs: Int64
    var isKnown = true
    var entries: [PlayEntry] = []
    var plays: [Play] = []
    var ends: [UInt64] = []
    var caps: [(wallMs: Int64, capDb: Double?)] = []

    /// Routines of each day: `08:00` → unit.
    init(
        _ times: [(at: String, lasts: Int32, resume: ResumePolicy)], clips: [String], day: CivilDay,
        night: NightCap? = nil
    ) throws {
        folder = "/tmp/wpd-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        var index = ""
        for (number, unit) in clips.sorted().enumerated() {
            let samples = [Int16](repeating: Int16(1_000 + number), count: 2 * Self.rateHz)
            try Clip.write(samples, rateHz: Self.rateHz, path: folder + "/clip.wav")
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/clip.wav")))
            let name = ClipDigest.of(bytes)
            try FileManager.default.moveItem(atPath: folder + "/clip.wav", toPath: "\(folder)/\(name)")
            index += "\(unit) \(name) 2000\n"
        }
        try Data(index.utf8).write(to: URL(fileURLWithPath: folder + "/index"))
        let routines = times.enumerated().map { number, time in
            Routine(
                id: RoutineID("unit-\(number)")!, title: "",
                days: RoutineDays(weekdays: Set(Weekday.allCases)),
                at: ClockTime(time.at)!, unit: "unit-\(number)", lasts: time.lasts, resume: time.resume)
        }
        try CompiledTimetable.install(
            TimetablePlan(name: "Test", offsets: .utc, night: night, routines: routines),
            at: folder + "/day.wptt")
        wallMs = day.localStart * 1_000 - 60_000
        shelf = ClipShelf(folder, rateHz: Self.rateHz) { _ in }
        shelf.start()
        desk = DayDesk(Self.zone, Self.places(folder), shelf: shelf, rateHz: Self.rateHz)
    }

    /// Something that is worth hearing in the place of the only clip.
    func replaceClip(_ samples: [Int16], rateHz: Int) throws {
        try Clip.write(samples, rateHz: rateHz, path: folder + "/clip.wav")
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/clip.wav")))
        let name = ClipDigest.of(bytes)
        try FileManager.default.moveItem(atPath: folder + "/clip.wav", toPath: "\(folder)/\(name)")
        let index = "unit-0 \(name) \(samples.count * 1_000 / rateHz)\n"
        try Data(index.utf8).write(to: URL(fileURLWithPath: folder + "/index"))
    }

    func end() {
        shelf.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func places(_ folder: String) -> DayDesk.Places {
        DayDesk.Places(timetable: folder + "/day.wptt", clips: folder, ledger: folder + "/ledger")
    }

    var time: DayTime {
        DayTime(
            uptime: Uptime(nanoseconds: UInt64(uptimeMs) * 1_000_000),
            wallLessUptimeNs: (wallMs - uptimeMs) * 1_000_000,
            uncertaintyMs: isKnown ? 10 : Limits.wallUnknownMs)
    }

    /// One look; what it wants read is waited for, as two minutes would.
    func turn(rank: SoundRank? = nil) -> Int {
        var (deeds, rest) = desk.turn(time, rank: rank)
        perform(deeds)
        let until = wp_uptime_ns() + 10_000_000_000
        while !shelf.isReady, wp_uptime_ns() < until { SoundThread.pause(ms: 1) }
        (deeds, rest) = desk.turn(time, rank: rank)
        perform(deeds)
        return rest
    }

    func run(seconds: Int64, rank: SoundRank? = nil) {
        var left = seconds * 1_000
        while left > 0 {
            let rest = min(left, Int64(turn(rank: rank)))
            uptimeMs += rest
            wallMs += rest
            left -= rest
        }
    }

    /// Power goes; it comes back so much later.
    func restart(afterMs: Int64) {
        wallMs += afterMs
        uptimeMs = 9_000
        desk = DayDesk(Self.zone, Self.places(folder), shelf: shelf, rateHz: Self.rateHz)
    }

    private func perform(_ deeds: [DayDesk.Deed]) {
        for deed in deeds {
            switch deed {
            case .play(let sound, _, let claim, _, let start):
                plays.append(Play(claim: claim, zeroNs: start.zeroNs, errorMs: error(sound, start)))
            case .end(let claim): ends.append(claim)
            case .cap(let capDb): caps.append((wallMs, capDb))
            case .record(let entry): entries.append(entry)
            case .log: break
            }
        }
    }

    /// From now on the card is fed, 5 ms ahead; its crystal is quick by 50 ppm.
    private func error(_ sound: Sound, _ start: SoundStart) -> Double? {
        var mixer = SoundMixer(rateHz: Self.rateHz)
        mixer.play(sound, as: 1, start: start)
        let (block, from) = (SampleBlock(20), Double(uptimeMs * 1_000_000 + 5_000_000))
        for number in 0..<400 {
            let at = from + Double(number) * 2_500_000 / 1.000_05
            block.silence(20)
            _ = mixer.mix(into: block, count: 20, soundsAtNs: UInt64(at))
            if let first = (0..<20).first(where: { block[$0] != 0 }) {
                let due = Double(start.zeroNs) + Double(start.first) * 1e9 / Double(Self.rateHz)
                return (at + Double(first) * 125_000 - due) / 1e6
            }
        }
        return nil
    }

    func steps(_ unit: String, _ day: CivilDay) -> [PlayEntry.Step] {
        entries.filter { $0["routine"] == unit && $0["day"] == "\(day)" }.map(\.step)
    }
}

@Suite(.serialized, .realTime)
struct DayDeskTests {
    static let monday = CivilDay(2026, 11, 23)!
    static let day: [(at: String, lasts: Int32, resume: ResumePolicy)] = [
        ("06:30", 60, .onward), ("08:00", 60, .inStep), ("20:50:30", 2, .again),
    ]
    static let clips = ["unit-0", "unit-1", "unit-2"]

    static func isEnd(_ step: PlayEntry.Step) -> Bool { step == .played || step == .cut || step == .skipped }

    @Test func cap_comesAndGoes_toTheSecond_andHoldsWhileNobodyKnowsTheTime() throws {
        let night = NightCap(from: ClockTime("22:00")!, until: ClockTime("06:30")!, capDb: -18)
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday, night: night)
        defer { rig.end() }
        rig.isKnown = false
        rig.run(seconds: 30)
        #expect(rig.caps.map(\.capDb) == [-18])
        rig.isKnown = true
        rig.run(seconds: 2 * 86_400)
        let midnight = Self.monday.localStart * 1_000
        #expect(rig.caps.map(\.capDb) == [-18, nil, -18, nil, -18])
        let changes = rig.caps.dropFirst().map { $0.wallMs - midnight }
        let wanted = [23_400_000, 79_200_000, 109_800_000, 165_600_000]
        #expect(zip(changes, wanted).allSatisfy { abs($0 - Int64($1)) < 1_100 }, "\(changes)")
    }

    @Test func days_soundOnce_onTime_overThirtyDaysAlone() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        rig.run(seconds: 30 * 86_400)
        for day in (0..<30).map({ Self.monday.advanced(by: $0) }) {
            for unit in Self.clips { #expect(rig.steps(unit, day) == [.began, .played]) }
        }
        #expect(rig.plays.count == 90)
        let errors = rig.plays.compactMap(\.errorMs).map(abs)
        #expect(errors.count == 90 && (errors.max() ?? .infinity) < 1)
        // By the plan, not by when the desk woke.
        #expect(rig.plays.allSatisfy { ($0.zeroNs + rig.time.wallLessUptimeNs) % 1_000_000_000 == 0 })
    }

    @Test func unit_goesOn_whereItWas_afterARestart() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        rig.run(seconds: 60 + 6 * 3_600 + 1_800 + 21)
        #expect(rig.steps("unit-0", Self.monday) == [.began])
        rig.restart(afterMs: 4_000)
        rig.run(seconds: 90)
        #expect(rig.steps("unit-0", Self.monday) == [.began, .resumed, .played])
        let resumed = try #require(rig.entries.first { $0.step == .resumed }?["fromMs"].flatMap { Int($0) })
        #expect((21_000 - Limits.playSavedMs...21_150).contains(resumed))
    }

    @Test func unit_yields_toACall_andGoesOnAfter() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        rig.run(seconds: 60 + 8 * 3_600 + 10)
        rig.run(seconds: 5, rank: .alarmTone)
        rig.run(seconds: 60)
        #expect(rig.steps("unit-1", Self.monday) == [.began, .interrupted, .resumed, .played])
        // In step: as if nothing had come between.
        #expect(rig.plays.suffix(2).map(\.zeroNs).min() == rig.plays.suffix(2).map(\.zeroNs).max())
        #expect(rig.ends.count >= 2)
    }

    @Test func unit_isSkippedWithItsCause_whenItsClipIsMissingOrAltered() throws {
        let rig = try DayRig(Self.day, clips: ["unit-1", "unit-2"], day: Self.monday)
        defer { rig.end() }
        let altered = try #require(
            try String(contentsOfFile: rig.folder + "/index", encoding: .utf8).split(separator: " ")
                .dropFirst()
                .first)
        let file = try #require(FileHandle(forWritingAtPath: "\(rig.folder)/\(altered)"))
        try file.seek(toOffset: 200)
        try file.write(contentsOf: Data([1, 2, 3]))
        rig.run(seconds: 86_400)
        #expect(rig.steps("unit-0", Self.monday) == [.skipped])
        #expect(rig.steps("unit-1", Self.monday) == [.skipped])
        #expect(rig.steps("unit-2", Self.monday) == [.began, .played])
        #expect(rig.entries.filter { $0.step == .skipped }.allSatisfy { $0.why == .clipMissing })
    }

    @Test func clock_thatIsSet_playsNothingTwice_andDropsNothingSilently() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<40 {
            rig.run(seconds: .random(in: 600...20_000, using: &dice))
            rig.wallMs += .random(in: -3_600_000...3_600_000, using: &dice)
        }
        let decade: Int64 = 10 * 365 * 86_400_000
        for step in [decade, -decade] {
            rig.wallMs += step
            rig.run(seconds: 86_400)
        }
        // A start in 1970, then the time comes back.
        let wall = rig.wallMs
        rig.restart(afterMs: -wall)
        rig.run(seconds: 3_600)
        rig.wallMs = wall + 3_600_000
        rig.run(seconds: 86_400)
        let begun = rig.entries.filter { $0.step == .began }.map {
            "\($0["routine"] ?? "") \($0["day"] ?? "")"
        }
        #expect(Set(begun).count == begun.count && !begun.isEmpty)
        let errors = rig.plays.compactMap(\.errorMs)
        #expect((errors.map(abs).max() ?? 0) <= 200)
        // Each day that lay in front of it is told, singly or in a span.
        let ended = Set(rig.entries.filter { Self.isEnd($0.step) }.compactMap { $0["day"] })
        #expect(!ended.isEmpty && rig.entries.contains { $0.step == .skippedSpan })
        #expect(rig.entries.contains { $0.step == .clock && $0["known"] == "false" })
    }

    @Test func timetable_thatCannotBeRead_isRefused_andTheLastGoodOneStays() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        rig.run(seconds: 120)
        try Data("no timetable".utf8).write(to: URL(fileURLWithPath: rig.folder + "/day.wptt"))
        rig.run(seconds: 86_400)
        #expect(rig.entries.filter { $0.step == .refused }.count == 1)
        #expect(rig.steps("unit-0", Self.monday) == [.began, .played])
    }

    @Test func ledger_thatCannotBeKept_stopsNothing_andIsToldOnce() throws {
        let rig = try DayRig(Self.day, clips: Self.clips, day: Self.monday)
        defer { rig.end() }
        mkdir(rig.folder + "/ledger.new", 0o700)
        rig.run(seconds: 86_400)
        #expect(rig.steps("unit-0", Self.monday) == [.began, .played])
        #expect(rig.entries.filter { $0.step == .refused }.count == 1)
    }
}
