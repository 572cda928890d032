// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
import Facility
import HTTPTypes

/// `/api/session` of a post: an officer's number and PIN, from the signed bundle; nobody has to.
enum PanelSessionRoutes {
    static let all = [
        PanelRoute(
            .get, "/api/session", .anyone, "Who is signed in, and the token for everything but GET.",
            act: show),
        PanelRoute(
            .post, "/api/session", .anyone, "Signs in with number and PIN.", audit: "session.begin",
            body: [
                ConsoleField("officer", .text(maxBytes: 16), isRequired: true),
                ConsoleField("pin", .text(maxBytes: Limits.pinMaxCount), isRequired: true),
            ], act: begin),
        PanelRoute(.delete, "/api/session", .anyone, "Signs out.", audit: "session.end", act: end),
    ]

    static func token(_ cookie: String) -> String { Secrets.hex(Secrets.hash("panel " + cookie)) }

    private static func show(_ call: PanelCall) async throws -> ConsoleAnswer {
        let cookie = call.cookie ?? Secrets.hex(Secrets.bytes(16))
        let cookies = call.cookie == nil ? [Cookies.set(Cookies.panelFirst, cookie)] : []
        return .session(view(call.person, cookie, call), cookies: cookies)
    }

    private static func begin(_ call: PanelCall) async throws -> ConsoleAnswer {
        guard let number = call.text("officer"), let pin = call.text("pin"), let cookie = call.cookie else {
            throw Refused.badRequest("officer")
        }
        switch await call.parts.door.begin(number: number, pin: pin, now: PanelParts.now().uptime) {
        case .entered(let secret, let session):
            return .session(
                view(session, cookie, call), cookies: [Cookies.set(Cookies.panelSession, secret)])
        case .wrong:
            throw Refused(.unauthorized, "wrongPin", "警号或口令不正确。", "The number or the PIN is wrong.")
        case .locked(let ms):
            throw Refused(
                .tooManyRequests, "pinLocked", "口令错误次数过多，请过 \(ms / 60_000 + 1) 分钟再试。",
                "Too many wrong PINs: try again in \(ms / 60_000 + 1) minutes.", retryAfterS: ms / 1_000 + 1)
        case .nobodyKnown:
            throw Refused(
                .serviceUnavailable, "noOfficers", "本岗位尚未收到民警名单，请联系技术人员。",
                "This post has no list of officers yet; tell a technician.")
        }
    }

    private static func end(_ call: PanelCall) async throws -> ConsoleAnswer {
        if let secret = call.secret { await call.parts.door.end(secret) }
        return .session(view(nil, call.cookie ?? "", call), cookies: [Cookies.end(Cookies.panelSession)])
    }

    private static func view(_ person: PanelSession?, _ cookie: String, _ call: PanelCall) -> JSONValue {
        let user = person.map { person in
            JSONValue.object([
                "id": .text(person.officer.id.text), "name": .text(person.officer.name),
                "role": .text(person.officer.role.rawValue),
                "areas": .list(person.officer.areas.map { .text($0.text) }),
            ])
        }
        return .object([
            "user": user ?? .null, "token": .text(token(cookie)), "place": .text("post"),
            "terminal": .text(call.parts.terminal.text),
            "languages": .list([.text("zh-CN"), .text("en")]), "version": .text(PanelParts.version),
        ])
    }
}
