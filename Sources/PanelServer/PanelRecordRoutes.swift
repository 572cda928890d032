// SPDX-License-Identifier: Apache-2.0
import Alarms
import Bundles
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// What was: alarms of this post's own journal, duty, figures, and the panel's own audit. Each view is
/// written down.
enum PanelRecordRoutes {
    private static let readers: WebRoute<PanelCall>.Access = .roles([.officer, .supervisor, .auditor])
    private static let month = [ConsoleField("month", .text(maxBytes: 7), isRequired: true)]

    static let all = [
        PanelRoute(
            .get, "/api/alarms", readers, "Alarms of this post, newest first.", audit: "view.alarms",
            query: [
                ConsoleField("class", .oneOf(AlarmClass.allCases.map { "\($0)" })),
                ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
                ConsoleField("cursor", .text(maxBytes: Limits.wordsMaxBytes)),
            ], act: list),
        PanelRoute(
            .get, "/api/alarms/{id}", readers, "One alarm and what happened to it.", audit: "view.alarm",
            act: one),
        PanelRoute(
            .get, "/api/duty", readers, "What was done in a month: an officer's own, or everybody's.",
            audit: "view.duty", query: month
        ) { .json(try await duty($0)) },
        PanelRoute(
            .get, "/api/duty.csv", readers, "The same as CSV.", audit: "view.duty", query: month
        ) { .csv(try await duty($0).csv, name: "duty.csv") },
        PanelRoute(
            .get, "/api/statistics", .roles([.supervisor, .auditor]),
            "How fast alarms of a month were attended.", query: month
        ) { .json(try await statistics($0)) },
        PanelRoute(
            .get, "/api/statistics.csv", .roles([.supervisor, .auditor]), "The same as CSV.", query: month
        ) { .csv(try await statistics($0).csv, name: "statistics.csv") },
        PanelRoute(
            .get, "/api/audit", .roles([.auditor, .administrator]), "Who did what at this panel.",
            audit: "view.audit",
            query: [
                ConsoleField("from", .int(0...Int64.max)),
                ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
            ]
        ) { call in
            let limit = Int(call.int("limit") ?? Int64(Limits.listPageCount))
            let entries = try await call.parts.record.entries(limit: limit)
            return .json(JSONValue.object(["entries": .list(entries)]))
        },
    ]

    private static func alarms(_ call: PanelCall) async throws -> [DatedAlarm] {
        let areas = call.person?.officer.seen ?? []
        let seesAll = call.person.map { $0.officer.seen == nil } ?? false
        return try await call.parts.alarms.alarms().filter {
            seesAll || call.parts.book.isSeen($0.record.point.terminal, in: areas)
        }
    }

    private static func view(_ alarm: DatedAlarm, _ call: PanelCall) async -> AlarmView {
        if let live = await call.parts.wall.alarm(alarm.record.id) { return live }
        return AlarmView(alarm, standing(alarm), call.parts.book)
    }

    private static func standing(_ alarm: DatedAlarm) -> AlarmStanding {
        let ageMs = Int(max(0, PanelParts.now().wallMs - alarm.raisedAtMs))
        return AlarmStanding(ageMs: ageMs, sounds: false)
    }

    private static func list(_ call: PanelCall) async throws -> ConsoleAnswer {
        var found = try await alarms(call)
        if let name = call.text("class") { found.removeAll { "\($0.record.alarmClass)" != name } }
        // The cursor names the last alarm that was shown.
        if let cursor = call.text("cursor") {
            let at = found.firstIndex { $0.record.id.description == cursor }
            found = at.map { Array(found[($0 + 1)...]) } ?? []
        }
        let limit = Int(call.int("limit") ?? Int64(Limits.listPageCount))
        var views: [AlarmView] = []
        for alarm in found.prefix(limit) { views.append(await view(alarm, call)) }
        return .json(AlarmList(alarms: views, next: found.count > limit ? views.last?.id : nil))
    }

    private static func one(_ call: PanelCall) async throws -> ConsoleAnswer {
        let id = try call.alarmID()
        guard let alarm = try await alarms(call).first(where: { $0.record.id == id }) else {
            throw Refused(.notFound, ErrorView(AlarmRefusal.unknownAlarm))
        }
        return .json(AlarmStory(alarm, standing(alarm), call.parts.book))
    }

    private static func span(_ call: PanelCall) throws -> LocalMonth {
        guard let month = call.text("month").flatMap({ LocalMonth($0) }) else {
            throw Refused.badRequest("month")
        }
        return month
    }

    private static func duty(_ call: PanelCall) async throws -> DutyRecord {
        let month = try span(call)
        let isOfficer = call.person?.officer.role == .officer
        return DutyRecord(
            of: try await call.parts.alarms.alarms(), span: call.parts.time.span(of: month),
            only: isOfficer ? call.person?.officer.id : nil, time: call.parts.time, book: call.parts.book)
    }

    private static func statistics(_ call: PanelCall) async throws -> AlarmStatistics {
        AlarmStatistics(
            of: try span(call), alarms: try await call.parts.alarms.alarms(), time: call.parts.time)
    }
}
