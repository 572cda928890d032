// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes
import TalkLink

/// Speaking with a terminal. The route decides and gives a ticket; the page then opens the WebSocket
/// `/api/talk/TICKET` (see `TalkDoor`).
enum TalkRoutes {
    static let all = [
        ConsoleRoute(
            .post, "/api/terminals/{id}/talk", .roles([.officer, .supervisor]),
            "A ticket to speak with a terminal, or to listen in: good once, for ten seconds.",
            audit: "intercom.ask",
            body: [
                ConsoleField("purpose", .oneOf(TalkPurpose.allCases.map { "\($0)" }), isRequired: true),
                ConsoleField("reason", .text(maxBytes: Limits.reasonMaxBytes)),
                ConsoleField("second", .text(maxBytes: Limits.wordsMaxBytes)),
                ConsoleField("secondPassword", .text(maxBytes: Limits.wordsMaxBytes)),
                ConsoleField("secondCode", .text(maxBytes: 16)),
            ], act: ask)
    ]

    private static let secondMissing = Refused(
        .conflict, "secondMissing", "监听须由另一名值班领导同意并输入密码。",
        "Listening in needs the consent and the password of another supervisor.")

    private static func ask(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (terminal, officer) = (try call.terminal(), try call.officer())
        guard let person = call.person,
            let purpose = TalkPurpose.allCases.first(where: { "\($0)" == call.text("purpose") })
        else { throw Refused.badRequest("purpose") }
        if purpose == .answer, await !call.hub.wall.calls(terminal) { throw Refused.noAlarm }
        let second = purpose == .listen ? try await second(call, besides: person) : nil
        let request = TalkRequest(
            terminal: terminal, purpose: purpose, officer: officer, second: second,
            reason: call.text("reason") ?? "")
        guard let request else { throw ConsoleRefusal.reasonMissing }
        let ticket = try await call.hub.talks.ticket(
            for: TalkPermit(request: request, who: call.who, session: person.row.key))
        return .json(JSONValue.object(["ticket": .text(ticket), "path": .text("/api/talk/\(ticket)")]))
    }

    /// The second person signs here and now, with a password of their own.
    private static func second(_ call: ConsoleCall, besides person: SignedIn) async throws -> OfficerID {
        guard let name = call.text("second"), let password = call.text("secondPassword"), !name.isEmpty else {
            throw secondMissing
        }
        let account: Account
        do {
            account = try await call.hub.signIn.prove(
                name: name, password: password, code: call.text("secondCode"), address: call.address)
        } catch let refused as Refused where refused.status == .unauthorized {
            // Not 401: whoever asks is signed in.
            throw Refused(.conflict, refused.view)
        }
        guard account.role == .supervisor, account.id != person.account.id, let officer = account.officer,
            officer != person.account.officer
        else { throw secondMissing }
        return officer
    }
}
