// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes

/// Everything that the console's port does. Pure: the table itself is the description and the guard.
enum ConsoleRoutes {
    static let all: [ConsoleRoute] =
        SessionRoutes.all + WallRoutes.all + AlarmRoutes.all + ReportRoutes.all + TerminalRoutes.all
        + RoundRoutes.all + DutyRoutes.all + TalkRoutes.all + CallRoutes.all + ClipRoutes.all
        + DayRoutes.all + TimetableRoutes.all
        + PeopleRoutes.all
        + WebhookRoutes.all + [JoinRoute.route] + open

    private static let open = [
        ConsoleRoute(.get, "/health", .anyone, "The hub lives and its store answers.") { call in
            _ = try await call.hub.store.read { try $0.setting("schema") }
            return .json(JSONValue.object(["ok": .bool(true)]))
        },
        ConsoleRoute(.get, "/metrics", .anyone, "Figures for a monitoring system, OpenMetrics.") { call in
            .text(
                try await Metrics.text(call.hub),
                type: "application/openmetrics-text; version=1.0.0; charset=utf-8")
        },
        ConsoleRoute(.get, "/api/openapi.json", .anyone, "This description.") { _ in
            .json(OpenAPIText.describe(all))
        },
    ]
}

/// Figures without any person's or cell's data, so they may be read by whoever reaches the port.
enum Metrics {
    static func text(_ hub: HubParts) async throws -> String {
        let (terminals, open, waiting) = try await hub.store.read { session in
            (try session.terminals(), try session.openAlarms().count, try session.waitingDeliveries())
        }
        var alive = 0
        for terminal in terminals where await hub.wall.isAlive(terminal.id) { alive += 1 }
        let figures: [(name: String, help: String, value: Int)] = [
            ("watchpost_terminals", "Terminals that the site lists.", terminals.count),
            ("watchpost_terminals_alive", "Terminals heard of lately.", alive),
            (
                "watchpost_terminals_cloned", "Names that two machines use.",
                terminals.count { $0.clonedMs != nil }
            ),
            ("watchpost_deliveries_waiting", "Events that webhooks have yet to take.", Int(waiting)),
            ("watchpost_alarms_open", "Alarms that are not cleared.", open),
            ("watchpost_clip_bytes", "Voice units sent to terminals since the start.", hub.library.sentBytes),
            ("watchpost_pages", "Pages that follow the wall.", await hub.wall.followerCount),
        ]
        return figures.map {
            "# TYPE \($0.name) gauge\n# HELP \($0.name) \($0.help)\n\($0.name) \($0.value)\n"
        }.joined()
            + "# EOF\n"
    }
}
