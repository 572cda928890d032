// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// What was done at posts' own panels, as their journals brought it.
enum DutyRoutes {
    private static let readers: ConsoleRoute.Access = .roles([.supervisor, .auditor])
    private static let asked = [
        ConsoleField("month", .text(maxBytes: 7), isRequired: true),
        ConsoleField("officer", .text(maxBytes: 16)),
    ]

    static let all = [
        ConsoleRoute(
            .get, "/api/duty/acts", readers,
            "What was done, looked at or refused at posts' own panels in a month, newest first.",
            audit: "view.duty",
            query: asked + [
                ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
                ConsoleField("cursor", .text(maxBytes: Limits.wordsMaxBytes)),
            ], act: list),
        ConsoleRoute(
            .get, "/api/duty/acts.csv", readers, "The same as CSV, all of them.", audit: "view.duty",
            query: asked
        ) { call in
            let query = try query(call, limit: Limits.exportMaxCount)
            let acts = try await call.hub.store.read { try $0.acts(query) }
            return .csv(
                DutyActs(acts: acts.map { view($0, call) }, next: nil).csv(time: call.hub.time),
                name: "duty-acts.csv")
        },
    ]

    private static func list(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let query = try query(call, limit: Int(call.int("limit") ?? Int64(Limits.listPageCount)))
        let acts = try await call.hub.store.read { try $0.acts(query) }
        let next = acts.count == query.limit ? acts.last?.cursor : nil
        return .json(DutyActs(acts: acts.map { view($0, call) }, next: next))
    }

    private static func query(_ call: ConsoleCall, limit: Int) throws -> ActQuery {
        guard let month = call.text("month").flatMap({ LocalMonth($0) }) else {
            throw Refused.badRequest("month")
        }
        var query = ActQuery(call.hub.time.span(of: month), limit: limit)
        if let text = call.text("officer") {
            guard let officer = OfficerID(text) else { throw Refused.badRequest("officer") }
            query.officer = officer
        }
        if let cursor = call.text("cursor")?.split(separator: " "), cursor.count == 3,
            let atMs = Int64(cursor[0]), let sequence = Int64(cursor[2])
        {
            query.after = (atMs, String(cursor[1]), sequence)
        }
        return query
    }

    private static func view(_ act: PanelAct, _ call: ConsoleCall) -> DutyAct {
        DutyAct(
            sequence: act.sequence, at: act.atMs, uncertaintyMs: act.uncertaintyMs, terminal: act.origin,
            who: act.who, what: act.what, on: act.subject, outcome: act.outcome, book: call.hub.book)
    }
}
