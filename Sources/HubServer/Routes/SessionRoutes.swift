// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes

/// `/api/session`: who is signed in, signing in and out.
enum SessionRoutes {
    static let all = [
        ConsoleRoute(
            .get, "/api/session", .anyone, "Who is signed in, and the token for everything but GET.",
            act: show),
        ConsoleRoute(
            .post, "/api/session", .anyone, "Signs in.", audit: "session.begin",
            body: [
                ConsoleField("name", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true),
                ConsoleField("password", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true),
                ConsoleField("code", .text(maxBytes: 16)),
            ], act: begin),
        ConsoleRoute(.delete, "/api/session", .wall, "Signs out.", audit: "session.end", act: end),
    ]

    /// Before anybody signed in the token is the cookie's hash: a foreign page can send the cookie, not read
    /// it.
    static func firstToken(_ cookie: String) -> String { Secrets.hex(Secrets.hash("first " + cookie)) }

    private static func show(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        if let person = call.person { return .json(view(person, call)) }
        let cookie = call.cookie ?? Secrets.hex(Secrets.bytes(16))
        return .session(
            view(nil, token: firstToken(cookie), call), cookies: [Cookies.set(Cookies.first, cookie)])
    }

    private static func begin(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        guard let name = call.text("name"), let password = call.text("password") else {
            throw Refused.badRequest("name")
        }
        let (secret, person) = try await call.hub.signIn.begin(
            name: name, password: password, code: call.text("code"), address: call.address)
        return .session(
            view(person, call), cookies: [Cookies.set(Cookies.session, secret), Cookies.end(Cookies.first)])
    }

    private static func end(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        if let person = call.person {
            try await call.hub.signIn.end(person)
            await call.hub.wall.dismiss(person.account.id)
        }
        return .session(view(nil, token: "", call), cookies: [Cookies.end(Cookies.session)])
    }

    private static func view(_ person: SignedIn, _ call: ConsoleCall) -> JSONValue {
        // An idle session keeps its wall; the page asks for the password again before it does anything.
        view(person.isIdle ? nil : person.account, token: person.row.token, call)
    }

    private static func view(_ account: Account?, token: String, _ call: ConsoleCall) -> JSONValue {
        let user = account.map { account in
            JSONValue.object([
                "id": .text(account.name), "name": .text(account.shownName),
                "role": .text(account.role.rawValue),
                "areas": .list(account.areas.map { .text($0.text) }),
            ])
        }
        return .object([
            "user": user ?? .null, "token": .text(token), "place": .text("hub"), "terminal": .null,
            "languages": .list([.text("zh-CN"), .text("en")]), "version": .text(Hub.version),
        ])
    }
}
