// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which thing an `Identifier` names. Never instantiated.
package enum RoutineKind {}
package enum DayTypeKind {}

/// 项目: one routine of a timetable: `wake-up`.
package typealias RoutineID = Identifier<RoutineKind>
/// 日类型: a kind of day: `weekday`, `visit-day`.
package typealias DayTypeID = Identifier<DayTypeKind>

/// What happens at a time that the clocks leave out. A time that they show twice is played the first time
/// only, whatever the policy.
package enum ChangePolicy: UInt8, CaseIterable, Sendable, Hashable {
    /// Not played that day; recorded.
    case skip = 1
    /// As much later as the clock jumped, as RFC 5545 has it: the pause since the unit before stays.
    case shift
    /// At the first second that there is.
    case once
}

/// How a unit goes on that was cut by something more urgent or by a restart.
package enum ResumePolicy: UInt8, CaseIterable, Sendable, Hashable {
    /// Where it was.
    case onward = 1
    /// From its beginning.
    case again
    /// Where it would be had nothing come between, as its neighbours are; a late start is joined likewise.
    case inStep
    /// Not at all.
    case never
}

/// On which days a routine sounds. A value; any thread.
package struct RoutineDays: Hashable, Sendable {
    package var types: Set<DayTypeID>
    /// Whatever their type.
    package var weekdays: Set<Weekday>
    /// These too, whatever the rest says.
    package var on: Set<CivilDay>
    /// Never on these.
    package var except: Set<CivilDay>
    /// First and last day of `types` and `weekdays`.
    package var from: CivilDay?
    package var until: CivilDay?

    package init(
        types: Set<DayTypeID> = [], weekdays: Set<Weekday> = [], on: Set<CivilDay> = [],
        except: Set<CivilDay> = [], from: CivilDay? = nil, until: CivilDay? = nil
    ) {
        self.types = types
        self.weekdays = weekdays
        self.on = on
        self.except = except
        self.from = from
        self.until = until
    }

    package func hold(_ day: CivilDay, _ type: DayTypeID) -> Bool {
        if except.contains(day) { return false }
        if on.contains(day) { return true }
        if let from, day < from { return false }
        if let until, day > until { return false }
        return types.contains(type) || weekdays.contains(day.weekday)
    }
}

/// One thing of the day that sounds: wake-up, roll-call, news. A value; any thread.
package struct Routine: Hashable, Sendable {
    package var id: RoutineID
    /// What people call it: `起床`.
    package var title: String
    package var days: RoutineDays
    /// Empty: every zone.
    package var zones: Set<ZoneID>
    package var at: ClockTime
    /// The clip's name in the library.
    package var unit: String
    /// Planned length, seconds; it is stopped then.
    package var lasts: Int32
    package var rank: SoundRank
    /// It may begin so many seconds late; later it is skipped.
    package var late: Int32
    /// It is silent from this time on, at the latest; at or before `at`: on the next day.
    package var ends: ClockTime?
    package var resume: ResumePolicy
    package var change: ChangePolicy

    package init(
        id: RoutineID, title: String, days: RoutineDays, zones: Set<ZoneID> = [], at: ClockTime, unit: String,
        lasts: Int32, rank: SoundRank = .routine, late: Int32 = 60, ends: ClockTime? = nil,
        resume: ResumePolicy = .onward, change: ChangePolicy = .shift
    ) {
        self.id = id
        self.title = title
        self.days = days
        self.zones = zones
        self.at = at
        self.unit = unit
        self.lasts = lasts
        self.rank = rank
        self.late = late
        self.ends = ends
        self.resume = resume
        self.change = change
    }
}
