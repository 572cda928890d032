// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What will sound in one zone, day by day: exactly what `TimetableMachine` plays when nothing comes between.
/// A value; any thread.
package struct TimetablePreview: Sendable {
    /// A line of it.
    package enum Line: Hashable, Sendable {
        case day(CivilDay, DayTypeID)
        /// By the wall clock there.
        case unit(ClockTime, Occurrence)
    }

    private let timetable: Timetable
    private let zone: ZoneID

    package init(_ plan: TimetablePlan, zone: ZoneID) {
        timetable = Timetable(plan)
        self.zone = zone
    }

    /// From this day's midnight on.
    package func lines(_ first: CivilDay, days: Int) -> [Line] {
        let plan = timetable.plan
        return (0..<max(0, days)).flatMap { ahead -> [Line] in
            let day = first.advanced(by: Int32(ahead))
            let units = timetable.occurrences(
                zone, from: midnight(day), to: midnight(day.advanced(by: 1)))
            return [.day(day, plan.type(of: day))]
                + units.compactMap { unit in
                    let local = plan.offsets.local(unit.start)
                    let time = ClockTime(seconds: Int32(local - CivilDay(ofLocal: local).localStart))
                    return time.map { .unit($0, unit) }
                }
        }
    }

    private func midnight(_ day: CivilDay) -> Int64 {
        switch timetable.plan.offsets.reading(of: day.localStart) {
        case .once(let second), .twice(let second, _), .never(let second, _): second
        }
    }
}
