// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What is known of a connection to the console.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "-"
    }
}

/// Serves the console's port: pages, API, event stream. Any task.
///
/// Always true: what is not in the table is not there; what a route does not open to a role is refused; every
/// answer carries the headers that shut a browser in.
struct ConsoleResponder: HTTPResponder {
    typealias Context = ConsoleContext

    let hub: HubParts
    let routes: [ConsoleRoute]

    func respond(to request: Request, context: ConsoleContext) async throws -> Response {
        var response: Response
        var asked = Asked(source: context.address)
        do {
            response = try await answer(request, context, &asked)
        } catch let refused as Refused {
            await note(refused, request, asked)
            response = WebAnswer.response(refused)
        } catch {
            context.logger.error("console: \(request.method) \(request.uri.path): \(error)")
            response = WebAnswer.response(
                Refused(
                    .internalServerError, "hubFault", "系统内部错误，请联系技术人员。", "The hub failed; tell a technician.")
            )
        }
        for (name, value) in WebAnswer.shutIn { response.headers[name] = value }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// How far a request came before it was refused.
    private struct Asked {
        let source: String
        var route: ConsoleRoute?
        var subject = ""
        var person: SignedIn?
    }

    private func answer(
        _ request: Request, _ context: ConsoleContext, _ asked: inout Asked
    ) async throws -> Response {
        let parts = request.uri.path.split(separator: "/")
        let method = request.method == .head ? .get : request.method
        let here = routes.compactMap { route in route.match(parts).map { (route, $0) } }
        guard let (route, path) = here.first(where: { $0.0.method == method }) else {
            guard here.isEmpty else {
                var refusal = WebAnswer.response(
                    Refused(.methodNotAllowed, "badMethod", "不支持这种请求方式。", "This is not done that way."))
                refusal.headers[.allow] = Set(here.map { $0.0.method.rawValue }).sorted().joined(
                    separator: ", ")
                return refusal
            }
            guard method == .get, let page = ConsolePages.file(at: request.uri.path) else {
                throw Refused.notFound
            }
            return try WebAnswer.response(.page(page.bytes, type: page.type))
        }
        asked.route = route
        asked.subject = path.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
        let (person, cookie) = try await person(of: request, for: route)
        asked.person = person
        // A machine that joins is no browser: it has no cookie that a foreign page could use.
        if method != .get, route.path.hasPrefix("/api/") { try checkOrigin(request, person, cookie) }
        try admit(person, to: route)
        let call = ConsoleCall(
            hub: hub, person: person, path: path, values: try await route.values(of: request),
            address: context.address, cookie: cookie,
            lastEventID: request.headers[.lastEventID].flatMap { Int64($0) },
            range: request.headers[.range])
        let answer: ConsoleAnswer
        do { answer = try await route.act(call) } catch let refusal as ConsoleRefusal {
            throw Refused(.conflict, ErrorView(refusal))
        }
        if let what = route.audit {
            let who = person?.account.name ?? call.text("name") ?? "-"
            try await hub.audit(AuditNote(who: who, what: what, subject: asked.subject))
        }
        return try WebAnswer.response(answer)
    }

    /// A known person's refused deed is always written. Of what nobody known tried only so much, see
    /// `RefusalCounter`; and nothing of a page that is not there.
    private func note(_ refused: Refused, _ request: Request, _ asked: Asked) async {
        if asked.route == nil, refused.status == .notFound { return }
        let isDeed = asked.person != nil && asked.route?.audit != nil
        guard isDeed || hub.refusals.isWritten(asked.source, now: hub.clock.now().uptime) else { return }
        let place = "\(request.method) \(asked.route?.path ?? Self.shown(request.uri.path))"
        // The refusal stands, whether it could be written down or not.
        try? await hub.audit(
            AuditNote(
                who: asked.person?.account.name ?? "-", what: asked.route?.audit ?? "request.refused",
                subject: isDeed ? asked.subject : "\(asked.source) \(place)", outcome: refused.view.error.code
            ))
    }

    /// What a stranger wrote, short and printable.
    private static func shown(_ path: String) -> String {
        String(decoding: path.utf8.prefix(80).map { (33...126).contains($0) ? $0 : 63 }, as: UTF8.self)
    }

    // MARK: Who

    private func person(of request: Request, for route: ConsoleRoute) async throws -> (SignedIn?, String?) {
        let header = request.headers[.cookie]
        guard let secret = Cookies.read(Cookies.session, from: header) else {
            return (nil, Cookies.read(Cookies.first, from: header))
        }
        let person = try await hub.signIn.find(secret, keepsAwake: route.access != .wall)
        return (person, person == nil ? Cookies.read(Cookies.first, from: header) : secret)
    }

    private func admit(_ person: SignedIn?, to route: ConsoleRoute) throws {
        switch route.access {
        case .anyone: return
        case .wall: guard person != nil else { throw Refused.signedOut }
        case .roles(let roles):
            guard let person, !person.isIdle else { throw Refused.signedOut }
            guard roles.contains(person.account.role) else { throw Refused.notAllowed }
        }
    }

    /// A page of another site can make a browser send; it cannot read our token.
    private func checkOrigin(_ request: Request, _ person: SignedIn?, _ cookie: String?) throws {
        if let origin = request.headers[.origin] {
            guard let host = request.head.authority, origin == "https://\(host)" else {
                throw Refused.foreignOrigin
            }
        }
        let token = person?.row.token ?? cookie.map(SessionRoutes.firstToken)
        guard let token, request.headers[.watchpostToken] == token else { throw Refused.foreignOrigin }
    }
}
