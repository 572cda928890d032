// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import HTTPTypes
import Journal
import PanelLink

/// Alarms: what officers do to them, their list and their history.
enum AlarmRoutes {
    private static let viewers: ConsoleRoute.Access = .roles([.officer, .supervisor, .auditor])

    private static let asked = [
        ConsoleField("from", .int(0...Int64.max)), ConsoleField("to", .int(0...Int64.max)),
        ConsoleField("zone", .text(maxBytes: 16)),
        ConsoleField("class", .oneOf(AlarmClass.allCases.map { "\($0)" })),
    ]

    static let all =
        [
            ConsoleRoute(
                .get, "/api/alarms", viewers, "Alarms of a time, newest first.", audit: "view.alarms",
                query: asked + [
                    ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
                    ConsoleField("cursor", .text(maxBytes: Limits.wordsMaxBytes)),
                ], act: list),
            ConsoleRoute(
                .get, "/api/alarms.csv", viewers, "The same as CSV, all of them.", audit: "view.alarms",
                query: asked, act: file),
            ConsoleRoute(
                .get, "/api/alarms/{id}", viewers, "One alarm and everything that was recorded of it.",
                audit: "view.alarm", act: one),
        ]
        + OfficerAction.allCases.map { action in
            ConsoleRoute(
                .post, "/api/alarms/{id}/\(action)", .roles([.officer, .supervisor]),
                "Does it where the alarm's truth is: \(action).", audit: "alarm.\(action)",
                act: { try await perform(action, $0) })
        }

    private static func alarm(_ call: ConsoleCall) async throws -> HubAlarm {
        guard let id = call.path["id"].flatMap({ EventID($0) }),
            let alarm = try await call.hub.store.read({ try $0.alarm(id) }),
            call.hub.book.isSeen(alarm.record.point.terminal, in: call.areas)
        else { throw Refused(.notFound, ErrorView(AlarmRefusal.unknownAlarm)) }
        return alarm
    }

    private static func view(_ alarm: HubAlarm, _ call: ConsoleCall) async -> AlarmView {
        if let live = await call.hub.wall.alarm(alarm.record.id) { return live }
        return AlarmView(alarm.dated, standing(alarm, call), call.hub.book)
    }

    /// As far as it is not on the wall.
    private static func standing(_ alarm: HubAlarm, _ call: ConsoleCall) -> AlarmStanding {
        AlarmStanding(
            ageMs: alarm.ageMs(at: call.hub.clock.now().wallMs), sounds: false, isHistory: alarm.isHistory,
            isCellLost: alarm.isCellLost)
    }

    // MARK: Doing

    private static let silence = Refused(
        .gatewayTimeout, "noAnswer", "终端没有应答，操作不一定完成。请查看报警状态后重试，或到岗位操作。",
        "The terminal did not answer; it may or may not be done. Look at the alarm, then try again."
    )

    private static func perform(_ action: OfficerAction, _ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (hub, alarm, officer) = (call.hub, try await alarm(call), try call.officer())
        switch try await AlarmDeeds.perform(action, on: alarm, by: officer, hub) {
        case .refused(let refusal): throw Refused(.conflict, ErrorView(refusal))
        case .silent: throw silence
        case .done: break
        }
        let changed = try await changed(alarm, hub)
        return .json(await view(changed, call))
    }

    /// The deed was done; its entry follows by the journal a moment later. What is known by then is shown.
    private static func changed(_ alarm: HubAlarm, _ hub: HubParts) async throws -> HubAlarm {
        let (begun, id) = (hub.clock.now().uptime, alarm.record.id)
        var now = alarm
        while now.record == alarm.record, hub.clock.now().uptime.ms(since: begun) < Limits.orderEchoMs {
            try await Task.sleep(for: .milliseconds(Limits.orderEchoLookMs))
            now = try await hub.store.read { try $0.alarm(id) } ?? now
        }
        return now
    }

    // MARK: Looking

    private static func query(_ call: ConsoleCall) -> AlarmQuery {
        var query = AlarmQuery()
        query.fromMs = call.int("from") ?? 0
        query.toMs = call.int("to") ?? .max
        query.limit = Int(call.int("limit") ?? Int64(Limits.listPageCount))
        query.alarmClass = call.text("class").flatMap { name in
            AlarmClass.allCases.first { "\($0)" == name }
        }
        if let cursor = call.text("cursor")?.split(separator: " "), cursor.count == 2,
            let ms = Int64(cursor[0])
        {
            query.after = (ms, String(cursor[1]))
        }
        // A zone that is none shows nothing, never everything.
        if call.text("zone") != nil || call.areas != nil {
            let zone = call.text("zone").map { ZoneID($0) }
            query.terminals = call.hub.book.places.filter {
                call.hub.book.isSeen($0.id, in: call.areas) && (zone == nil || $0.zone == zone)
            }.map(\.id)
        }
        return query
    }

    private static func list(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let asked = query(call)
        let found = try await call.hub.store.read { try $0.alarms(asked) }
        var page = AlarmList(alarms: [], next: nil)
        for alarm in found { page.alarms.append(await view(alarm, call)) }
        if found.count == asked.limit, let last = found.last {
            page.next = "\(last.raisedMs) \(last.record.id)"
        }
        return .json(page)
    }

    private static func file(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        var asked = query(call)
        asked.limit = Limits.exportMaxCount
        let whole = asked
        let found = try await call.hub.store.read { try $0.allAlarms(whole) }
        var list = AlarmList(alarms: [], next: nil)
        for alarm in found { list.alarms.append(await view(alarm, call)) }
        return .csv(list.csv(time: call.hub.time), name: "alarms.csv")
    }

    private static func one(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let alarm = try await alarm(call)
        var story = AlarmStory(alarm.dated, standing(alarm, call), call.hub.book)
        story.alarm = await view(alarm, call)
        return .json(story)
    }
}
