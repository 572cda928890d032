// SPDX-License-Identifier: Apache-2.0
import Clips
import Console
import ConsoleServer
import Facility
import HTTPTypes
import Paging

/// The day: what was planned, what became of it, and what will play.
enum DayRoutes {
    private static let readers: ConsoleRoute.Access = .roles([
        .officer, .supervisor, .auditor, .technician, .administrator,
    ])
    private static let which = [
        ConsoleField("day", .text(maxBytes: 10)), ConsoleField("zone", .text(maxBytes: 16)),
    ]

    static let all = [
        ConsoleRoute(
            .get, "/api/day", readers,
            """
            A day (today where none is named) of each zone: its planned units, and for each terminal one \
            state for each of them: played, heard, not heard, too quiet, cut, skipped …, with the reason.
            """, query: which
        ) { .json(try await view($0)) },
        ConsoleRoute(
            .get, "/api/day.csv", readers, "The same as CSV, a row for each unit of each terminal.",
            query: which
        ) { call in .csv(try await view(call).csv(time: call.hub.time), name: "day.csv") },
        ConsoleRoute(
            .get, "/api/day/preview", readers,
            "What the timetable in force plays in a zone in the days to come, exactly.",
            query: [
                ConsoleField("zone", .text(maxBytes: 16), isRequired: true),
                ConsoleField("days", .int(1...Int64(Limits.previewMaxDays))),
            ], act: preview),
    ]

    private static func view(_ call: ConsoleCall) async throws -> DayView {
        let zone = try call.text("zone").map { _ in try call.zone() }
        let places = call.hub.book.places.filter {
            call.hub.book.isSeen($0.id, in: call.areas) && (zone == nil || $0.zone == zone)
        }
        return try await PlayDesk(store: call.hub.store).day(
            try day(call), places, call.hub.book, nowMs: call.hub.clock.now().wallMs)
    }

    static func day(_ call: ConsoleCall) throws -> CivilDay {
        let today = call.hub.time.day(call.hub.clock.now().wallMs).description
        guard let day = CivilDay(call.text("day") ?? today) else { throw Refused.badRequest("day") }
        return day
    }

    private static func preview(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let zone = try call.zone()
        let plan = try await PlayDesk(store: call.hub.store).plan()
        let days = Int(call.int("days") ?? Limits.previewDaysCount)
        let index = try await call.hub.library.library()?.index ?? ClipIndex()
        return .json(
            JSONValue.object([
                "zone": .text(zone.text), "name": plan.map { .text($0.name) } ?? .null,
                "days": try plan.map { Self.days($0, zone, from: try day(call), days, index) } ?? .list([]),
            ]))
    }

    /// What a timetable plays in a zone, exactly, and which of it the library lacks.
    static func days(
        _ plan: TimetablePlan, _ zone: ZoneID, from first: CivilDay, _ count: Int, _ index: ClipIndex
    ) -> JSONValue {
        var days: [(head: [String: JSONValue], units: [JSONValue])] = []
        for line in TimetablePreview(plan, zone: zone).lines(first, days: count) {
            switch line {
            case .day(let day, let type):
                let kind = plan.dayTypes[type] ?? type.text
                days.append((["day": .text(day.description), "kind": .text(kind)], []))
            case .unit(let at, let unit):
                let isThere =
                    unit.unit == ClipIndex.quietTone || UnitName(unit.unit).flatMap { index[$0] } != nil
                days[days.count - 1].units.append(
                    .object([
                        "at": .text(at.description), "title": .text(unit.title), "unit": .text(unit.unit),
                        "seconds": .int(Int64(unit.lasts)), "isLacking": .bool(!isThere),
                    ]))
            }
        }
        return .list(days.map { .object($0.head.merging(["units": .list($0.units)]) { $1 }) })
    }
}
