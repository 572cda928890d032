// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// Terminals as technicians see them; joining and shutting out.
enum TerminalRoutes {
    static let all = [
        ConsoleRoute(
            .get, "/api/terminals", .roles([.technician, .administrator, .supervisor]),
            """
            Terminals and their health: proof of life, faults, certificate; as each last said of itself \
            `behind` (entries yet to be sent), `clockUncertaintyMs` (null: never set), `version`.
            """
        ) { call in
            let (terminals, until) = try await call.hub.store.read {
                (try $0.terminals(), try $0.certificatesUntil())
            }
            var live: [String: JSONValue] = [:]
            for zone in await call.hub.wall.view(Sight(devicesOnly: true)).zones {
                for terminal in zone.terminals { live[terminal.id] = try JSONValue(encoding: terminal) }
            }
            return .json(
                JSONValue.object([
                    "terminals": .list(
                        terminals.map { view($0, until[$0.id], live: live[$0.id.text], call.hub.book) })
                ]))
        },
        ConsoleRoute(
            .post, "/api/terminals/{id}/code", .roles([.technician, .administrator]),
            "A one-time code to join with.",
            audit: "terminal.code", body: [ConsoleField("serial", .text(maxBytes: 64))], act: code),
        ConsoleRoute(
            .post, "/api/terminals/{id}/revoke", .roles([.technician, .administrator]),
            "Shuts out every certificate of a terminal at once.", audit: "terminal.revoke", act: revoke),
    ]

    /// What is kept of it, beside what the wall shows of it.
    private static func view(_ terminal: HubTerminal, _ untilMs: Int64?, live: JSONValue?, _ book: PlaceBook)
        -> JSONValue
    {
        var said: [String: JSONValue] = [
            "id": .text(terminal.id.text), "title": .text(terminal.title),
            "zone": .text(book.title(terminal.zone)),
            "role": .text("\(terminal.role)"), "serial": .text(terminal.serial),
            "generation": .int(Int64(truncatingIfNeeded: terminal.generation)),
            "config": .int(terminal.config),
            "proofAt": .int(orNull: terminal.proofMs), "clonedAt": .int(orNull: terminal.clonedMs),
            "certificateUntil": .int(orNull: untilMs),
            // Before it ever spoke nothing is known.
            "behind": .int(orNull: terminal.proofMs.map { _ in terminal.behind }),
            "clockUncertaintyMs": .int(orNull: terminal.clockUncertaintyMs),
            "version": .text(orNull: terminal.version.isEmpty ? nil : terminal.version),
        ]
        if case .object(let live)? = live {
            for name in ["proof", "proofAgeMs", "faults", "use"] { said[name] = live[name] }
        }
        return .object(said)
    }

    private static func code(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (terminal, code, serial) = (try call.terminal(), Secrets.code(), call.text("serial"))
        let expiresMs = call.hub.clock.now().wallMs + Int64(Limits.joinCodeMs)
        try await call.hub.store.write {
            try $0.putJoinCode(Secrets.hash(code), terminal: terminal, serial: serial, expiresMs: expiresMs)
        }
        return .json(JSONValue.object(["code": .text(code), "expiresAt": .int(expiresMs)]))
    }

    private static func revoke(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (terminal, atMs) = (try call.terminal(), call.hub.clock.now().wallMs)
        let serials = try await call.hub.store.write { session in
            try session.setCloned(terminal, atMs: nil)
            return try session.revokeCertificates(of: terminal, atMs: atMs)
        }
        call.hub.roster.revoke(serials, fromMs: atMs)
        // It is done; the file follows at the latest by the ticker, which says why not.
        try? await call.hub.keepCertificates()
        await call.hub.wall.cloned([:], of: [terminal])
        return .json(JSONValue.object(["revoked": .list(serials.map { .text($0) })]))
    }
}
