// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging

/// Small timetables and clocks for the tests of this room.
enum Samples {
    static let ward = ZoneID("ward-1")!
    /// 2026-11-23 00:00 UTC, a Monday.
    static let monday = CivilDay(2026, 11, 23)!

    static func routine(
        _ id: String, _ at: String, lasts: Int32 = 60, late: Int32 = 60, rank: SoundRank = .routine,
        resume: ResumePolicy = .onward, change: ChangePolicy = .shift, ends: String? = nil
    ) -> Routine {
        Routine(
            id: RoutineID(id)!, title: id, days: RoutineDays(weekdays: Set(Weekday.allCases)),
            at: ClockTime(at)!, unit: id, lasts: lasts, rank: rank, late: late,
            ends: ends.flatMap { ClockTime($0) }, resume: resume, change: change)
    }

    static func plan(_ routines: [Routine], offsets: ZoneOffsets = .utc) -> TimetablePlan {
        TimetablePlan(name: "Test", offsets: offsets, routines: routines)
    }

    /// Central Europe, 2026 alone.
    static let berlin = ZoneOffsets(
        name: "Europe/Berlin", first: 3_600,
        transitions: [
            .init(at: 1_774_746_000, offset: 7_200), .init(at: 1_792_890_000, offset: 3_600),
        ])!

    static func wallMs(_ day: CivilDay, _ time: String, ms: Int64 = 0) -> Int64 {
        (day.localStart + Int64(ClockTime(time)!.seconds)) * 1_000 + ms
    }
}

/// A terminal's two clocks and its timetable; saves the ledger before each effect, as a desk does.
struct Bench {
    var machine: TimetableMachine
    var uptimeMs = 1_000_000
    var wallMs: Int64
    var isKnown = true
    private var kept = PlayLedger()
    /// Everything that happened.
    var effects: [TimetableEffect] = []
    /// How many of them there were at each crash.
    var crashes: Set<Int> = []

    init(_ plan: TimetablePlan, _ day: CivilDay, _ time: String) {
        machine = TimetableMachine(Timetable(plan), zone: Samples.ward)
        wallMs = Samples.wallMs(day, time)
        tick()
    }

    /// As it lies on the disk.
    var saved: [UInt8] { kept.encode() }

    var now: Moment {
        Moment(
            uptime: Uptime(nanoseconds: UInt64(uptimeMs) * 1_000_000), wallMs: wallMs,
            uncertaintyMs: isKnown ? 10 : Limits.wallUnknownMs)
    }

    mutating func tick() { take(machine.tick(now)) }
    mutating func yield(_ yields: Bool) { take(machine.yield(yields, now)) }
    mutating func step(ms: Int64) { wallMs += ms }

    private mutating func take(_ new: [TimetableEffect]) {
        kept = machine.ledger
        effects += new
    }

    /// Time passes; the machine is asked when it wants to be, and not after.
    mutating func run(seconds: Int) {
        var left = seconds * 1_000
        while left > 0 {
            let rest = min(left, max(1, machine.restMs(now)))
            uptimeMs += rest
            wallMs += Int64(rest)
            left -= rest
            tick()
        }
    }

    /// Power goes, comes back so much later.
    mutating func restart(afterSeconds seconds: Int) throws {
        crashes.insert(effects.count)
        uptimeMs = 5_000
        wallMs += Int64(seconds) * 1_000
        machine = TimetableMachine(
            machine.timetable, zone: machine.zone, ledger: try PlayLedger.decode(saved, at: "test"))
        tick()
    }

    func outcomes(_ routine: String) -> [PlayOutcome] {
        effects.compactMap {
            if case .record(let id, let outcome) = $0, id.routine.text == routine { return outcome }
            return nil
        }
    }

    var plays: [String] {
        effects.compactMap {
            if case .play(let unit, let offset) = $0 { return "\(unit.unit)+\(offset)" }
            return nil
        }
    }
}

/// A small generator, so that a failed run can be run again.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}
