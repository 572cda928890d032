// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// The wall, its stream and its flood view.
enum WallRoutes {
    static let all = [
        ConsoleRoute(.get, "/api/wall", .wall, "The whole wall: zones, terminals, alarms.") { call in
            .json(await call.hub.wall.view(areas: call.areas))
        },
        ConsoleRoute(
            .get, "/api/stream", .wall, "The wall's changes as server-sent events; heals by Last-Event-ID."
        ) { call in
            let events = await call.hub.wall.follow(
                after: call.lastEventID, areas: call.areas, account: call.person?.account.id)
            guard let events else {
                throw Refused(
                    .serviceUnavailable, "tooManyPages", "打开的页面过多。", "Too many pages are open.",
                    retryAfterS: 5)
            }
            return .events(events)
        },
        ConsoleRoute(
            .get, "/api/flood", .roles([.officer, .supervisor, .auditor]), "Open alarms in at most 15 lines."
        ) { call in .json(await call.hub.wall.flood(areas: call.areas)) },
        ConsoleRoute(
            .post, "/api/shelve", .roles([.supervisor]), "Shelves one line of the flood view for a while.",
            audit: "flood.shelve",
            body: [
                ConsoleField("key", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true),
                ConsoleField("minutes", .int(1...480), isRequired: true),
                ConsoleField("reason", .text(maxBytes: Limits.reasonMaxBytes), isRequired: true),
            ], act: shelve),
        ConsoleRoute(
            .post, "/api/cells/{id}/use", .roles([.officer, .supervisor]),
            "Decides whether a cell may be used.",
            audit: "cell.use",
            body: [
                ConsoleField("use", .oneOf([Use.usable.rawValue, Use.notUsable.rawValue]), isRequired: true),
                ConsoleField("reason", .text(maxBytes: Limits.reasonMaxBytes), isRequired: true),
            ], act: decide),
        ConsoleRoute(
            .get, "/api/cells/{id}/use", .roles([.officer, .supervisor, .auditor]), "Decisions about a cell.",
            act: decisions),
    ]

    private static func shelve(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        guard let text = call.text("key"), let minutes = call.int("minutes"),
            let reason = call.text("reason"),
            let officer = call.person?.account.officer
        else { throw Refused.notAllowed }
        guard let key = FloodKey(text) else { throw Refused(.conflict, ErrorView(.unknownKey)) }
        let untilMs: Int64
        do {
            untilMs = try await call.hub.wall.shelve(key, minutes: Int(minutes), reason: reason, by: officer)
        } catch { throw Refused(.conflict, ErrorView(error)) }
        let (who, atMs) = (call.who, call.hub.clock.now().wallMs)
        try await call.hub.store.write {
            try $0.shelve(text, untilMs: untilMs, reason: reason, who: who, atMs: atMs)
        }
        return .json(JSONValue.object(["key": .text(text), "shelvedUntil": .int(untilMs)]))
    }

    private static func decide(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let cell = try call.terminal()
        guard call.hub.book.place(cell)?.role == .cell else { throw Refused(.conflict, ErrorView(.notACell)) }
        guard let use = call.text("use").flatMap(Use.init(rawValue:)), let reason = call.text("reason"),
            !reason.isEmpty
        else { throw Refused(.badRequest, ErrorView(.reasonMissing)) }
        let (who, atMs) = (call.who, call.hub.clock.now().wallMs)
        try await call.hub.store.write {
            try $0.setUse(of: cell, use.rawValue, reason: reason, who: who, atMs: atMs)
        }
        await call.hub.wall.use(use, of: cell)
        return .json(JSONValue.object(["terminal": .text(cell.text), "use": .text(use.rawValue)]))
    }

    private static func decisions(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let cell = try call.terminal()
        let uses = try await call.hub.store.read { session in
            try session.uses(of: cell).map { use in
                JSONValue.object([
                    "at": .int(use.atMs), "use": .text(use.state), "reason": .text(use.reason),
                    "by": .object(["name": .text(use.who)]),
                ])
            }
        }
        return .json(JSONValue.object(["decisions": .list(uses)]))
    }
}
