// SPDX-License-Identifier: Apache-2.0
import Bundles
import Console
import ConsoleServer
import Facility
import HTTPTypes
import Hummingbird
import Logging

/// Serves a post's own screen: pages, API, event stream, on this machine's loopback alone. Any task.
///
/// Always true: what is not in the table is not there; what a route does not open is refused and written
/// down; a request under another name than this machine's own (a page from elsewhere whose name was turned
/// to 127.0.0.1) gets nothing.
struct PanelResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let parts: PanelParts
    let routes: [PanelRoute]

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request)
        } catch let refused as Refused {
            response = WebAnswer.response(refused)
        } catch {
            context.logger.error("panel: \(request.method) \(request.uri.path): \(error)")
            response = WebAnswer.response(
                Refused(
                    .internalServerError, "panelFault", "岗位面板内部错误，请联系技术人员。",
                    "The panel failed; tell a technician."))
        }
        for (name, value) in WebAnswer.shutIn { response.headers[name] = value }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async throws -> Response {
        try checkHost(request)
        let pieces = request.uri.path.split(separator: "/")
        let method = request.method == .head ? .get : request.method
        let here = routes.compactMap { route in route.match(pieces).map { (route, $0) } }
        guard let (route, path) = here.first(where: { $0.0.method == method }) else {
            guard here.isEmpty, method == .get, let page = ConsolePages.file(at: request.uri.path) else {
                throw Refused.notFound
            }
            return try WebAnswer.response(.page(page.bytes, type: page.type))
        }
        let header = request.headers[.cookie]
        let (cookie, secret) = (
            Cookies.read(Cookies.panelFirst, from: header), Cookies.read(Cookies.panelSession, from: header)
        )
        let isWatching = route.access == .anyone && method == .get
        let now = PanelParts.now().uptime
        var person: PanelSession?
        if let secret { person = await parts.door.find(secret, keepsAwake: !isWatching, now: now) }
        let who = person?.officer.id.text ?? parts.terminal.text
        var subject = path.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
        do {
            if method != .get { try checkOrigin(request, cookie) }
            try admit(person, to: route)
            let call = PanelCall(
                parts: parts, person: person, path: path, values: try await route.values(of: request),
                cookie: cookie, secret: secret,
                lastEventID: request.headers[.lastEventID].flatMap { Int64($0) })
            // Who tried to sign in; a number that nobody has may be a PIN in the wrong place.
            if let number = call.text("officer").flatMap({ OfficerID($0) }) {
                subject = parts.book.name(number) == number.text ? "-" : number.text
            }
            let answer = try await route.act(call)
            if let what = route.audit {
                parts.note(PanelNote(who: who, what: what, subject: subject))
            }
            return try WebAnswer.response(answer)
        } catch let refused as Refused {
            let what = route.audit ?? "\(method) \(route.path)"
            parts.noteRefusal(
                PanelNote(who: who, what: what, subject: subject, outcome: refused.view.error.code),
                isKnown: person != nil)
            throw refused
        }
    }

    // MARK: Who

    private func checkHost(_ request: Request) throws {
        let host = request.head.authority?.split(separator: ":").first
        guard host == "127.0.0.1" || host == "localhost" else { throw Refused.foreignOrigin }
    }

    private func admit(_ person: PanelSession?, to route: PanelRoute) throws {
        switch route.access {
        case .anyone: return
        case .wall: guard person != nil else { throw Refused.signedOut }
        case .roles(let roles):
            guard let person else { throw Refused.signedOut }
            guard roles.contains(person.officer.role) else { throw Refused.notAllowed }
        }
    }

    /// A page of another site can make a browser send; it cannot read our token. The token is the browser's,
    /// not the session's: a session that ended unnoticed must not keep anybody from acknowledging.
    private func checkOrigin(_ request: Request, _ cookie: String?) throws {
        if let origin = request.headers[.origin] {
            guard let host = request.head.authority, origin == "http://\(host)" else {
                throw Refused.foreignOrigin
            }
        }
        guard let token = cookie.map(PanelSessionRoutes.token), request.headers[.watchpostToken] == token
        else { throw Refused.foreignOrigin }
    }
}
