// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Yams

/// Looks at a whole timetable day by day, as it will sound: two units of one zone must not meet, because a
/// preview would then promise what cannot be heard. Lives for one check.
struct TimetableRules {
    let sheet: Sheet
    let plan: TimetablePlan
    let read: TimetableReader.Read

    func inspect() {
        guard !plan.routines.isEmpty else {
            sheet.warn(
                read.fields.mark("routines"), ("nothing sounds by this timetable", "作息表中没有任何项目"),
                ("List at least one routine", "至少列出一个项目"))
            return
        }
        var seen: Set<RoutineID> = []
        for zone in zones() { meetings(zone, &seen) }
        let sounding = Set(plan.routines.map(\.id)).subtracting(heard())
        for id in sounding.sorted() {
            sheet.warn(
                mark(of: id), ("routine '\(id)' sounds on no day of the next 400", "项目“\(id)”在 400 天内不会播放"),
                ("Check its days, its dates and the validity", "检查日类型、日期和有效期"))
        }
    }

    /// Each zone that is named, and one that is not: it hears what is for all.
    private func zones() -> [ZoneID] {
        let named = plan.routines.reduce(into: Set<ZoneID>()) { $0.formUnion($1.zones) }
        return [ZoneID("-")].compactMap { $0 } + named.sorted()
    }

    private var begin: Int64 {
        let dates = plan.dates.keys.min()
        let ons = plan.routines.compactMap { ($0.days.on.min()) }.min()
        let first = plan.from ?? [dates, ons].compactMap { $0 }.min() ?? CivilDay(2026, 1, 1)
        return (first?.localStart ?? 0) - 86_400
    }

    private var end: Int64 { begin + Int64(Limits.previewMaxDays) * 86_400 }

    private func heard() -> Set<RoutineID> {
        let timetable = Timetable(plan)
        return Set(
            zones().flatMap { timetable.occurrences($0, from: begin, to: end).map(\.id.routine) })
    }

    private func meetings(_ zone: ZoneID, _ seen: inout Set<RoutineID>) {
        var open: [Occurrence] = []
        for one in Timetable(plan).occurrences(zone, from: begin, to: end) where !one.isLeftOut {
            open.removeAll { $0.end <= one.start }
            for other in open where other.rank >= one.rank {
                guard !seen.contains(one.id.routine) else { continue }
                seen.insert(one.id.routine)
                let day = one.id.day
                sheet.note(
                    mark(of: one.id.routine) ?? mark(of: other.id.routine),
                    (
                        "'\(one.id.routine)' (\(one.id.at)) begins while '\(other.id.routine)' "
                            + "(\(other.id.at)) sounds, on \(day)",
                        "\(day)：“\(one.id.routine)”（\(one.id.at)）开始时“\(other.id.routine)”（\(other.id.at)）尚未结束"
                    ),
                    (
                        "Move one, shorten it, or give the longer one the priority 'background'",
                        "移动或缩短其中一个，或将较长的设为“background”"
                    ))
            }
            open.append(one)
        }
    }

    private func mark(of id: RoutineID) -> Mark? {
        read.routines.first { $0.routine.id == id }?.mark ?? read.fields.mark
    }
}
