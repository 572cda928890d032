// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The compiled form of a timetable: what the tool makes of people's YAML and a terminal reads. Pure; the
/// same plan gives the same bytes; what is read was checked in every field.
package enum PlanBytes {
    private static let magic = "WPTT1"
    private static let clipMaxBytes = Limits.titleMaxBytes

    package static func encode(_ plan: TimetablePlan) -> [UInt8] {
        var out = FixedWriter(magic: magic)
        out.add(plan.name)
        out.add(plan.offsets.name)
        out.add(plan.offsets.first)
        out.add(plan.offsets.transitions) { out, change in
            out.add(change.at)
            out.add(change.offset)
        }
        add(plan.from, &out)
        add(plan.until, &out)
        out.add(plan.dayTypes.sorted { $0.key < $1.key }) { out, type in
            out.add(type.key)
            out.add(type.value)
        }
        out.add(plan.week) { $0.add($1) }
        out.add(plan.dates.sorted { $0.key < $1.key }) { out, date in
            out.add(date.key.number)
            out.add(date.value)
        }
        out.add(plan.routines) { add($1, &$0) }
        // Behind all that the first terminals knew, and only where there is one.
        if let night = plan.night {
            out.add(night.from.seconds)
            out.add(night.until.seconds)
            out.add(UInt8(bitPattern: night.capDb))
        }
        return out.sealed()
    }

    private static func add(_ day: CivilDay?, _ out: inout FixedWriter) { out.add(day?.number ?? .min) }

    private static func add(_ routine: Routine, _ out: inout FixedWriter) {
        out.add(routine.id)
        out.add(routine.title)
        out.add(routine.days.types.sorted()) { $0.add($1) }
        out.add(routine.days.weekdays.reduce(into: UInt8(0)) { $0 |= 1 << $1.rawValue })
        out.add(routine.days.on.sorted()) { $0.add($1.number) }
        out.add(routine.days.except.sorted()) { $0.add($1.number) }
        add(routine.days.from, &out)
        add(routine.days.until, &out)
        out.add(routine.zones.sorted()) { $0.add($1) }
        out.add(routine.at.seconds)
        out.add(routine.unit)
        out.add(routine.lasts)
        out.add(routine.rank.rawValue)
        out.add(routine.late)
        out.add(routine.ends?.seconds ?? -1)
        out.add(routine.resume.rawValue)
        out.add(routine.change.rawValue)
    }

    package static func decode(_ bytes: [UInt8], at place: String) throws(Fault) -> TimetablePlan {
        do throws(FixedDamage) {
            var reader = try FixedReader(bytes, magic: magic, maxBytes: Limits.timetableMaxBytes)
            let plan = try plan(&reader)
            try reader.end()
            return plan
        } catch {
            throw Fault(
                "read timetable", at: place, cause: error.cause,
                hint: "Publish the timetable again; until then the one before it is in force.")
        }
    }

    private static func plan(_ reader: inout FixedReader) throws(FixedDamage) -> TimetablePlan {
        let name = try reader.text()
        let zone = try reader.text()
        let first: Int32 = try reader.number()
        let transitions = try reader.list(max: Limits.transitionsMaxCount) { reader throws(FixedDamage) in
            ZoneOffsets.Transition(at: try reader.number(), offset: try reader.number())
        }
        guard let offsets = ZoneOffsets(name: zone, first: first, transitions: transitions) else {
            throw FixedDamage(cause: "its time zone is none")
        }
        var plan = TimetablePlan(
            name: name, offsets: offsets, from: try day(&reader), until: try day(&reader))
        let types = try reader.list(max: Limits.dayTypesMaxCount) { reader throws(FixedDamage) in
            let id: DayTypeID = try reader.identifier()
            return (id, try reader.text())
        }
        plan.dayTypes = Dictionary(types) { a, _ in a }
        plan.week = try reader.list(max: 7) { reader throws(FixedDamage) in try reader.identifier() }
        guard plan.week.count == 7 else { throw FixedDamage(cause: "its week has not seven days") }
        let dates = try reader.list(max: Limits.routineDatesMaxCount) { reader throws(FixedDamage) in
            let day = CivilDay(number: try reader.number())
            let type: DayTypeID = try reader.identifier()
            return (day, type)
        }
        plan.dates = Dictionary(dates) { a, _ in a }
        plan.routines = try reader.list(max: Limits.routinesMaxCount) { reader throws(FixedDamage) in
            try routine(&reader)
        }
        if !reader.isAtEnd { plan.night = try night(&reader) }
        return plan
    }

    private static func night(_ reader: inout FixedReader) throws(FixedDamage) -> NightCap {
        let (from, until): (Int32, Int32) = (try reader.number(), try reader.number())
        let cap: UInt8 = try reader.number()
        guard let from = ClockTime(seconds: from), let until = ClockTime(seconds: until),
            let night = NightCap(from: from, until: until, capDb: Int8(bitPattern: cap))
        else { throw FixedDamage(cause: "its night is none") }
        return night
    }

    private static func day(_ reader: inout FixedReader) throws(FixedDamage) -> CivilDay? {
        let number: Int32 = try reader.number()
        return number == .min ? nil : CivilDay(number: number)
    }

    private static func days(_ reader: inout FixedReader) throws(FixedDamage) -> Set<CivilDay> {
        Set(
            try reader.list(max: Limits.routineDatesMaxCount) { reader throws(FixedDamage) in
                CivilDay(number: try reader.number())
            })
    }

    private static func routine(_ reader: inout FixedReader) throws(FixedDamage) -> Routine {
        let id: RoutineID = try reader.identifier()
        let title = try reader.text()
        var days = RoutineDays()
        days.types = Set(
            try reader.list(max: Limits.dayTypesMaxCount) { reader throws(FixedDamage) in
                try reader.identifier()
            })
        let mask: UInt8 = try reader.number()
        days.weekdays = Set(Weekday.allCases.filter { mask & (1 << $0.rawValue) != 0 })
        days.on = try self.days(&reader)
        days.except = try self.days(&reader)
        days.from = try day(&reader)
        days.until = try day(&reader)
        let zones: [ZoneID] = try reader.list(max: Limits.siteRowsMaxCount) { reader throws(FixedDamage) in
            try reader.identifier()
        }
        guard let at = ClockTime(seconds: try reader.number()) else {
            throw FixedDamage(cause: "a time is no time of the day")
        }
        let unit = try reader.text(max: clipMaxBytes)
        let lasts: Int32 = try reader.number()
        let rank: SoundRank = try reader.choice()
        let late: Int32 = try reader.number()
        let ends: Int32 = try reader.number()
        let longest = Int32(Limits.unitMaxMs / 1_000)
        guard (1...longest).contains(lasts), (0...longest).contains(late), rank <= .routine,
            ends == -1 || ClockTime(seconds: ends) != nil
        else { throw FixedDamage(cause: "routine \(id) has a length or an end that is none") }
        return Routine(
            id: id, title: title, days: days, zones: Set(zones), at: at, unit: unit, lasts: lasts, rank: rank,
            late: late, ends: ClockTime(seconds: ends), resume: try reader.choice(),
            change: try reader.choice())
    }
}
