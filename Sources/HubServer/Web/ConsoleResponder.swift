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
        do {
            response = try await answer(request, context)
        } catch let refused as Refused {
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

    private func answer(_ request: Request, _ context: ConsoleContext) async throws -> Response {
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
        let (person, cookie) = try await person(of: request, for: route)
        // A machine that joins is no browser: it has no cookie that a foreign page could use.
        if method != .get, route.path.hasPrefix("/api/") { try checkOrigin(request, person, cookie) }
        try await admit(person, to: route, path, context)
        let call = ConsoleCall(
            hub: hub, person: person, path: path, values: try await route.values(of: request),
            address: context.address, cookie: cookie,
            lastEventID: request.headers[.lastEventID].flatMap { Int64($0) })
        do {
            let answer = try await route.act(call)
            try await note(route, path, person, outcome: "done")
            return try WebAnswer.response(answer)
        } catch let refused as Refused {
            try await note(route, path, person, outcome: refused.view.error.code)
            throw refused
        }
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

    private func admit(
        _ person: SignedIn?, to route: ConsoleRoute, _ path: [String: String], _ context: ConsoleContext
    ) async throws {
        switch route.access {
        case .anyone: return
        case .wall: guard person != nil else { throw Refused.signedOut }
        case .roles(let roles):
            guard let person, !person.isIdle else { throw Refused.signedOut }
            guard roles.contains(person.account.role) else {
                try await note(route, path, person, outcome: "notAllowed", always: true)
                throw Refused.notAllowed
            }
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

    private func note(
        _ route: ConsoleRoute, _ path: [String: String], _ person: SignedIn?, outcome: String,
        always: Bool = false
    ) async throws {
        guard let what = route.audit ?? (always ? "\(route.method) \(route.path)" : nil) else { return }
        try await hub.audit(
            AuditNote(
                who: person?.account.name ?? "-", what: what,
                subject: path.sorted { $0.key < $1.key }.map(\.value).joined(separator: " "), outcome: outcome
            ))
    }
}
