// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which unit of which day: the same for ever, whatever the clock did since. A value.
package struct OccurrenceID: Hashable, Sendable, Comparable {
    package var routine: RoutineID
    /// The day and the time for which it is written.
    package var day: CivilDay
    package var at: ClockTime

    package init(routine: RoutineID, day: CivilDay, at: ClockTime) {
        self.routine = routine
        self.day = day
        self.at = at
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.day, a.at, a.routine) < (b.day, b.at, b.routine)
    }
}

/// One unit of one day, with all that is needed to play it. Seconds of Unix time. A value; any thread.
package struct Occurrence: Hashable, Sendable {
    package var id: OccurrenceID
    package var title: String
    package var unit: String
    package var rank: SoundRank
    package var resume: ResumePolicy
    package var start: Int64
    /// When it is over if nothing comes between.
    package var end: Int64
    /// Nothing of it sounds from here on, whatever came between.
    package var cutoff: Int64
    /// Seconds.
    package var lasts: Int32
    package var late: Int32
    /// The clocks leave its time out, and its policy is to skip then: `start` is where the gap ends.
    package var isLeftOut: Bool

    /// Which of two that want to sound does.
    func yields(to other: Occurrence) -> Bool { (rank, start) < (other.rank, other.start) }
}

/// The day's plan as a pure function of time: what should sound, when, and what now. A value; any thread.
/// The same question has the same answer, on any machine, after any restart.
package struct Timetable: Sendable {
    package let plan: TimetablePlan

    /// Of each routine, looked at before the routine is.
    private let times: [Int64]
    /// A start lies no further from the time that is written for it, by the wall clock.
    private let reach: Int64

    package init(_ plan: TimetablePlan) {
        self.plan = plan
        times = plan.routines.map { Int64($0.at.seconds) }
        let offsets = [plan.offsets.first] + plan.offsets.transitions.map(\.offset)
        let jumps = zip(offsets, offsets.dropFirst()).map { abs(Int64($0) - Int64($1)) }
        // The ends of a span are read by clocks that may themselves have jumped.
        reach = 2 * (jumps.max() ?? 0)
    }

    /// All that begins in this zone in `from ..< to`, in the order of beginning; at one second the more
    /// urgent first, then in the order of the plan.
    package func occurrences(_ zone: ZoneID, from: Int64, to: Int64) -> [Occurrence] {
        guard from < to else { return [] }
        let begin = plan.offsets.local(from) - reach
        let end = plan.offsets.local(to) + reach
        let last = CivilDay(ofLocal: end)
        var found: [(place: Int, occurrence: Occurrence)] = []
        var day = CivilDay(ofLocal: begin)
        while day <= last {
            defer { day = day.advanced(by: 1) }
            let midnight = day.localStart
            let due = times.indices.filter { midnight + times[$0] >= begin && midnight + times[$0] <= end }
            guard !due.isEmpty, plan.isInForce(on: day) else { continue }
            let type = plan.type(of: day)
            for place in due {
                let routine = plan.routines[place]
                guard routine.zones.isEmpty || routine.zones.contains(zone), routine.days.hold(day, type)
                else { continue }
                let one = occurrence(routine, day)
                if one.start >= from, one.start < to { found.append((place, one)) }
            }
        }
        found.sort { a, b in
            (a.occurrence.start, b.occurrence.rank, a.place)
                < (b.occurrence.start, a.occurrence.rank, b.place)
        }
        return found.map(\.occurrence)
    }

    /// What should sound in this zone at this second, and how far it is, when nothing comes between.
    package func sounding(_ zone: ZoneID, at now: Int64) -> (occurrence: Occurrence, offset: Int32)? {
        let longest = plan.routines.map(\.lasts).max() ?? 0
        var best: Occurrence?
        for one in occurrences(zone, from: now - Int64(longest), to: now + 1)
        where now < one.end && !one.isLeftOut {
            if best.map({ $0.yields(to: one) }) ?? true { best = one }
        }
        return best.map { ($0, Int32(now - $0.start)) }
    }

    private func occurrence(_ routine: Routine, _ day: CivilDay) -> Occurrence {
        let (start, isLeftOut) = instant(day, routine.at, routine.change)
        var cutoff = start + Int64(routine.lasts) + Int64(routine.late)
        if let ends = routine.ends {
            let isNextDay = ends <= routine.at
            let hard = instant(isNextDay ? day.advanced(by: 1) : day, ends, .once).second
            // A time change can leave no room at all: then nothing of it is played.
            cutoff = max(start, min(cutoff, hard))
        }
        return Occurrence(
            id: OccurrenceID(routine: routine.id, day: day, at: routine.at), title: routine.title,
            unit: routine.unit, rank: routine.rank, resume: routine.resume, start: start,
            end: min(start + Int64(routine.lasts), cutoff), cutoff: cutoff, lasts: routine.lasts,
            late: routine.late, isLeftOut: isLeftOut)
    }

    private func instant(
        _ day: CivilDay, _ time: ClockTime, _ policy: ChangePolicy
    ) -> (second: Int64, isLeftOut: Bool) {
        switch plan.offsets.reading(of: day.localStart + Int64(time.seconds)) {
        case .once(let second), .twice(let second, _): return (second, false)
        case .never(let gapEnd, let shifted):
            switch policy {
            case .skip: return (gapEnd, true)
            case .shift: return (shifted, false)
            case .once: return (gapEnd, false)
            }
        }
    }
}
