// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// The wall, its stream and its flood view.
enum WallRoutes {
    static let all = [
        ConsoleRoute(.get, "/api/wall", .wall, "The whole wall: zones, terminals, alarms.") { call in
            .json(await call.hub.wall.view(call.sight))
        },
        ConsoleRoute(
            .get, "/api/stream", .wall, "The wall's changes as server-sent events; heals by Last-Event-ID."
        ) { call in
            let events = await call.hub.wall.follow(
                after: call.lastEventID, call.sight, account: call.person?.account.id,
                session: call.person?.row.key)
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
            .post, "/api/unshelve", .roles([.supervisor]), "Ends the shelving of one line at once.",
            audit: "flood.unshelve",
            body: [ConsoleField("key", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true)],
            act: unshelve),
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
            let reason = call.text("reason")
        else { throw Refused.badRequest("key") }
        let (officer, key) = (try call.officer(), try FloodKey(shelving: text))
        let untilMs = try await call.hub.wall.shelve(
            key, minutes: Int(minutes), reason: reason, by: officer)
        let atMs = call.hub.clock.now().wallMs
        try await call.hub.store.write {
            try $0.shelve("\(key)", untilMs: untilMs, reason: reason, who: officer.text, atMs: atMs)
        }
        return .json(JSONValue.object(["key": .text(text), "shelvedUntil": .int(untilMs)]))
    }

    private static func unshelve(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (key, atMs) = (try FloodKey(shelving: call.text("key") ?? ""), call.hub.clock.now().wallMs)
        try await call.hub.wall.unshelve(key)
        try await call.hub.store.write { try $0.unshelve("\(key)", atMs: atMs) }
        return .json(JSONValue.object(["key": .text("\(key)"), "shelvedUntil": .null]))
    }

    private static func cell(_ call: ConsoleCall) async throws -> TerminalID {
        let cell = try call.terminal()
        guard try await call.hub.uses.use(of: cell) != nil else { throw ConsoleRefusal.notACell }
        return cell
    }

    private static func decide(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (cell, officer) = (try await cell(call), try call.officer())
        guard let use = call.text("use").flatMap(Use.init(rawValue:)), let reason = call.text("reason")
        else { throw Refused.badRequest("use") }
        _ = try await call.hub.uses.decide(
            cell, isUsable: use == .usable, reason: reason, by: officer, who: call.who,
            now: call.hub.clock.now())
        await call.hub.wall.use(use, of: cell)
        return .json(JSONValue.object(["terminal": .text(cell.text), "use": .text(use.rawValue)]))
    }

    /// The newest first, as the page reads them; what came by itself is nobody's.
    private static func decisions(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let cell = try await cell(call)
        guard let use = try await call.hub.uses.use(of: cell) else { throw Refused.notFound }
        let view = UseView(use, call.hub.book)
        let decisions = try view.entries.map { entry in
            JSONValue.object([
                "at": .int(entry.at), "use": .text(entry.use.rawValue),
                "ground": .text(entry.ground.rawValue),
                "reason": .text(entry.reason.isEmpty ? "\(entry.zh) / \(entry.en)" : entry.reason),
                "by": try entry.officer.map { try JSONValue(encoding: $0) } ?? .null,
                "zh": .text(entry.zh), "en": .text(entry.en),
            ])
        }
        return .json(
            JSONValue.object([
                "terminal": .text(view.terminal), "title": .text(view.title), "use": .text(view.use.rawValue),
                "demandsDecision": .bool(view.demandsDecision),
                "faults": .list(view.faults.map { .text($0) }), "decisions": .list(decisions),
            ]))
    }
}
