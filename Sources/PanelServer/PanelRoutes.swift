// SPDX-License-Identifier: Apache-2.0
import Alarms
import Bundles
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// Everything that a post's panel does. Pure: the table itself is the guard.
///
/// Whatever stands is seen without a login, and acknowledged, recorded as the post; everything else names
/// who may. Areas limit what an officer looks up; what rings here was brought here by the ladder, so whoever
/// signed in may answer it.
enum PanelRoutes {
    static let all: [PanelRoute] =
        PanelSessionRoutes.all + live + deeds + PanelTalkRoutes.all + PanelRecordRoutes.all

    private static let live = [
        PanelRoute(.get, "/health", .anyone, "The panel lives, and hears its alarm process.") { call in
            .json(JSONValue.object(["ok": .bool(await !call.parts.wall.isBlind)]))
        },
        PanelRoute(.get, "/api/wall", .anyone, "The whole wall of this post.") { call in
            .json(await call.parts.wall.view())
        },
        PanelRoute(.get, "/api/flood", .anyone, "Open alarms in at most 15 lines.") { call in
            .json(await call.parts.wall.flood())
        },
        PanelRoute(.get, "/api/stream", .anyone, "The wall's changes as server-sent events.") { call in
            guard let events = await call.parts.wall.follow(after: call.lastEventID) else {
                throw Refused(
                    .serviceUnavailable, "tooManyPages", "打开的页面过多。", "Too many pages are open.",
                    retryAfterS: 5)
            }
            return .events(events)
        },
    ]

    private static let deeds = OfficerAction.allCases.map { action in
        PanelRoute(
            .post, "/api/alarms/{id}/\(action)",
            action == .acknowledge ? .anyone : .roles([.officer, .supervisor]),
            "Does it where the alarm's truth is: \(action).", audit: "alarm.\(action)",
            act: { try await perform(action, $0) })
    }

    private static func perform(_ action: OfficerAction, _ call: PanelCall) async throws -> ConsoleAnswer {
        let (wall, id) = (call.parts.wall, try call.alarmID())
        guard let before = await wall.alarm(id) else {
            throw Refused(.notFound, ErrorView(AlarmRefusal.unknownAlarm))
        }
        let officer = call.actingOfficer
        let version = await wall.version
        switch await call.parts.deeds.perform(action, on: id, by: officer) {
        case .done: return .json(try await changed(id, after: version, wall) ?? before)
        case .refused(let refusal): throw Refused(.conflict, ErrorView(refusal))
        case .silent:
            throw Refused(
                .gatewayTimeout, "noAnswer", "报警程序没有应答，操作不一定完成。请看指示灯和监室。",
                "The alarm process did not answer; it may or may not be done. Look at the lamp.")
        }
    }

    /// The deed was done; its word comes a moment later.
    private static func changed(
        _ id: EventID, after version: Int64, _ wall: PanelWall
    ) async throws -> AlarmView? {
        let begun = PanelParts.now().uptime
        while PanelParts.now().uptime.ms(since: begun) < Limits.orderEchoMs {
            if let view = await wall.alarm(id, after: version) { return view }
            try await Task.sleep(for: .milliseconds(Limits.orderEchoLookMs))
        }
        return await wall.alarm(id)
    }
}

extension PanelCall {
    func alarmID() throws -> EventID {
        guard let id = path["id"].flatMap({ EventID($0) }) else {
            throw Refused(.notFound, ErrorView(AlarmRefusal.unknownAlarm))
        }
        return id
    }
}
