// SPDX-License-Identifier: Apache-2.0
import Bundles
import Console
import Facility
import Paging

/// A day as it was planned, and as the terminals tell of it: the timetables that are in force beside the
/// projection of the streams `page`. A value; any task.
///
/// Always true: what a terminal told of is shown, also where the timetable has it no more.
struct PlayDesk: Sendable {
    let store: any HubStore

    /// What people see of a day.
    func day(_ day: CivilDay, _ places: [PlaceBook.Place], _ book: PlaceBook, nowMs: Int64) async throws
        -> DayView
    {
        let (plans, rows, spans) = try await store.read { session in
            (
                try Self.plans(places.map(\.id), in: session), try session.plays(of: day),
                try session.playSpans(0..<Int64.max)
            )
        }
        let told = Dictionary(grouping: rows, by: \.origin)
        let spansOf = Dictionary(grouping: spans, by: \.origin)
        var strips: [DayStrip] = []
        for zone in book.zones {
            let here = Dictionary(grouping: places.filter { $0.zone == zone }) { plans.key[$0.id] ?? "" }
            for (key, terminals) in here.sorted(by: { $0.value.count > $1.value.count }) {
                let plan = plans.plan[key]
                var strip = Strip(plan.map { Self.units($0, zone, day) } ?? [])
                strip.add(terminals.flatMap { told[$0.id] ?? [] })
                let kind = plan.map { $0.dayTypes[$0.type(of: day)] ?? $0.type(of: day).text } ?? ""
                strips.append(
                    DayStrip(
                        zone: zone, title: book.title(zone), kind: kind, units: strip.units,
                        terminals: terminals.map { place in
                            strip.terminal(
                                place, told[place.id] ?? [], spansOf[place.id] ?? [], nowMs: nowMs)
                        }))
            }
        }
        return DayView(day: day.description, strips: strips)
    }

    /// The timetable that is in force for all; nil: none was ever published.
    func plan() async throws -> TimetablePlan? {
        try await store.read { session in
            guard let manifest = try session.newestBundle(.timetable, for: nil),
                let bytes = try session.bundleContent(manifest)
            else { return nil }
            return try PlanBytes.decode(bytes, at: "timetable \(manifest.version)")
        }
    }

    /// By content: a timetable for all is read once.
    private static func plans(_ terminals: [TerminalID], in session: any HubSession) throws
        -> (key: [TerminalID: String], plan: [String: TimetablePlan])
    {
        let common = try session.newestBundle(.timetable, for: nil)
        var (keys, plans): ([TerminalID: String], [String: TimetablePlan]) = ([:], [:])
        for terminal in terminals {
            guard let manifest = try session.newestBundle(.timetable, for: terminal) ?? common else {
                continue
            }
            keys[terminal] = manifest.sha256
            guard plans[manifest.sha256] == nil, let bytes = try session.bundleContent(manifest) else {
                continue
            }
            plans[manifest.sha256] = try PlanBytes.decode(bytes, at: "timetable \(manifest.version)")
        }
        return (keys, plans)
    }

    private static func units(_ plan: TimetablePlan, _ zone: ZoneID, _ day: CivilDay) -> [Occurrence] {
        // A unit belongs to the day for which it is written, wherever the clocks put it.
        TimetablePreview(plan, zone: zone).lines(day.advanced(by: -1), days: 3).compactMap { line in
            if case .unit(_, let unit) = line, unit.id.day == day { unit } else { nil }
        }
    }
}

/// The units of one strip, in their order.
private struct Strip {
    private var places: [OccurrenceID: Int] = [:]
    private(set) var units: [DayUnit] = []

    init(_ planned: [Occurrence]) {
        for unit in planned {
            places[unit.id] = units.count
            units.append(
                DayUnit(
                    title: unit.title, at: unit.id.at.description, start: unit.start * 1_000,
                    end: unit.end * 1_000, unit: unit.unit))
        }
    }

    /// What was played and is not planned any more.
    mutating func add(_ rows: [PlayRow]) {
        let others = Set(rows.map(\.unit)).filter { places[$0] == nil }
        for unit in others.sorted() {
            places[unit] = units.count
            units.append(
                DayUnit(
                    title: unit.routine.text, at: unit.at.description, start: nil, end: nil, unit: ""))
        }
    }

    func terminal(
        _ place: PlaceBook.Place, _ rows: [PlayRow], _ spans: [PlaySpan], nowMs: Int64
    ) -> DayTerminal {
        var told: [Int: PlayRow] = [:]
        for row in rows { told[places[row.unit] ?? -1] = row }
        var (states, notes): ([PlayState], [DayNote]) = ([], [])
        for (number, unit) in units.enumerated() {
            let row = told[number]
            let span = spans.first { span in unit.start.map { span.from <= $0 && $0 < span.to } ?? false }
            let state: PlayState =
                if let row { row.state } else if span != nil { .skipped } else {
                    unit.end.map { $0 + Int64(Limits.playToldMs) > nowMs } ?? false ? .planned : .untold
                }
            states.append(state)
            let why = state == .notHeard || state == .tooQuiet ? nil : row?.why ?? span?.why
            if !state.isFine || row?.levelDb != nil {
                notes.append(
                    DayNote(
                        unit: number, why: why?.phrase, beganAt: row?.beganMs, levelDb: row?.levelDb))
            }
        }
        return DayTerminal(id: place.id, title: place.title, states: states, notes: notes)
    }
}
