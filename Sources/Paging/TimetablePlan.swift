// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A timetable as it was written and checked: which day is of which kind, and what sounds on it. A value; any
/// thread.
package struct TimetablePlan: Hashable, Sendable {
    package var name: String
    package var offsets: ZoneOffsets
    /// First and last day on which anything of it sounds; nil: without end.
    package var from: CivilDay?
    package var until: CivilDay?
    /// What people call the kinds of day.
    package var dayTypes: [DayTypeID: String]
    /// Monday to Sunday.
    package var week: [DayTypeID]
    /// Days that are of another kind than their weekday: holidays, visit days.
    package var dates: [CivilDay: DayTypeID]
    /// nil: no hour is quieter than another.
    package var night: NightCap?
    /// One second of one zone asked of two routines of one rank: the first of the list comes first.
    package var routines: [Routine]

    package init(
        name: String, offsets: ZoneOffsets, from: CivilDay? = nil, until: CivilDay? = nil,
        dayTypes: [DayTypeID: String] = [:], week: [DayTypeID] = DayTypes.week,
        dates: [CivilDay: DayTypeID] = [:], night: NightCap? = nil, routines: [Routine] = []
    ) {
        self.name = name
        self.offsets = offsets
        self.from = from
        self.until = until
        self.dayTypes = dayTypes
        self.week = week
        self.dates = dates
        self.night = night
        self.routines = routines
    }

    package func type(of day: CivilDay) -> DayTypeID {
        if let type = dates[day] { return type }
        let place = Int(day.weekday.rawValue)
        return place < week.count ? week[place] : DayTypes.weekday
    }

    package func isInForce(on day: CivilDay) -> Bool {
        if let from, day < from { return false }
        if let until, day > until { return false }
        return true
    }

    /// The template with what a house changes in it. A routine of a known id takes the place of that one;
    /// others are added behind.
    package func patched(by patch: TimetablePatch) -> TimetablePlan {
        var plan = self
        plan.name = patch.name ?? name
        plan.offsets = patch.offsets ?? offsets
        plan.from = patch.from ?? from
        plan.until = patch.until ?? until
        plan.week = patch.week ?? week
        plan.night = patch.night ?? night
        plan.dayTypes.merge(patch.dayTypes) { _, new in new }
        plan.dates.merge(patch.dates) { _, new in new }
        plan.routines.removeAll { patch.without.contains($0.id) }
        var isDone: Set<RoutineID> = []
        for routine in patch.routines where isDone.insert(routine.id).inserted {
            // One id stands for each of its times.
            let new = patch.routines.filter { $0.id == routine.id }
            let place = plan.routines.firstIndex { $0.id == routine.id } ?? plan.routines.count
            plan.routines.removeAll { $0.id == routine.id }
            plan.routines.insert(contentsOf: new, at: place)
        }
        return plan
    }
}

/// What one house changes in a template from above. A value; any thread.
package struct TimetablePatch: Hashable, Sendable {
    package var name: String?
    package var offsets: ZoneOffsets?
    package var from: CivilDay?
    package var until: CivilDay?
    package var dayTypes: [DayTypeID: String] = [:]
    package var week: [DayTypeID]?
    package var night: NightCap?
    package var dates: [CivilDay: DayTypeID] = [:]
    package var without: Set<RoutineID> = []
    package var routines: [Routine] = []

    package init() {}
}

/// The kinds of day that every timetable knows.
package enum DayTypes {
    package static let weekday = named("weekday")
    package static let saturday = named("saturday")
    package static let sunday = named("sunday")
    package static let holiday = named("holiday")
    package static let visitDay = named("visit-day")

    package static let week = Array(repeating: weekday, count: 5) + [saturday, sunday]
    package static let titles: [DayTypeID: String] = [
        weekday: "工作日 · weekday", saturday: "星期六 · Saturday", sunday: "星期日 · Sunday",
        holiday: "节假日 · holiday", visitDay: "会见日 · visit day",
    ]

    private static func named(_ text: String) -> DayTypeID {
        guard let id = DayTypeID(text) else { preconditionFailure("no name: \(text)") }
        return id
    }
}
