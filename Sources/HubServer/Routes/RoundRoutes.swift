// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// The daily round of button tests: begin, follow, skip a cell, end, print.
enum RoundRoutes {
    private static let walkers: ConsoleRoute.Access = .roles([.officer, .supervisor])
    private static let readers: ConsoleRoute.Access = .roles([.officer, .supervisor, .auditor])

    static let all = [
        ConsoleRoute(
            .post, "/api/rounds", walkers, "Begins a round through the cells of a zone.",
            audit: "round.begin",
            body: [ConsoleField("zone", .text(maxBytes: 16), isRequired: true)]
        ) { call in
            .json(try await call.hub.rounds.begin(try call.zone(), by: try call.officer()))
        },
        ConsoleRoute(
            .get, "/api/rounds/{id}.csv", readers, "A round as CSV."
        ) { call in .csv(try await round(call).csv(time: call.hub.time), name: "round.csv") },
        ConsoleRoute(.get, "/api/rounds/{id}", readers, "A round as it stands.") { call in
            .json(try await round(call))
        },
        ConsoleRoute(
            .post, "/api/rounds/{id}/skip", walkers, "Passes a cell over, with the reason.",
            audit: "round.skip",
            body: [
                ConsoleField("terminal", .text(maxBytes: 16), isRequired: true),
                ConsoleField("note", .text(maxBytes: Limits.reasonMaxBytes), isRequired: true),
            ]
        ) { call in
            let id = try await round(call).id
            guard let cell = call.text("terminal").flatMap({ TerminalID($0) }) else {
                throw ConsoleRefusal.notInRound
            }
            return .json(
                try await call.hub.rounds.skip(cell, in: id, note: call.text("note") ?? "").orNotFound())
        },
        ConsoleRoute(
            .post, "/api/rounds/{id}/end", walkers, "Ends a round.", audit: "round.end"
        ) { call in
            let id = try await round(call).id
            return .json(try await call.hub.rounds.end(id).orNotFound())
        },
    ]

    /// One whose zone this person sees.
    private static func round(_ call: ConsoleCall) async throws -> RoundView {
        let round = try await call.hub.rounds.view(call.path["id"] ?? "").orNotFound()
        guard let areas = call.areas else { return round }
        guard let zone = ZoneID(round.zone), areas.contains(zone) else { throw Refused.notFound }
        return round
    }
}

extension Optional {
    fileprivate func orNotFound() throws -> Wrapped {
        guard let self else { throw Refused.notFound }
        return self
    }
}
