// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import Foundation
import HTTPTypes

/// One thing that the console's API does: path, who may, what it takes, what it does. The table of all of
/// them (`ConsoleRoutes.all`) serves requests, guards them and describes them, so that the three cannot
/// differ.
struct ConsoleRoute: Sendable {
    enum Access: Hashable, Sendable {
        /// Without a session.
        case anyone
        /// Any session, also one that is idle: the wall never goes dark.
        case wall
        case roles(Set<Role>)
    }

    let method: HTTPRequest.Method
    /// `/api/alarms/{id}/clear`
    let path: String
    let access: Access
    /// One sentence for the description.
    let summary: String
    /// The audit's name of it; nil where nothing is written down (views without personal data).
    let audit: String?
    let query: [ConsoleField]
    let body: [ConsoleField]
    let act: @Sendable (ConsoleCall) async throws -> ConsoleAnswer

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        audit: String? = nil,
        query: [ConsoleField] = [], body: [ConsoleField] = [],
        act: @escaping @Sendable (ConsoleCall) async throws -> ConsoleAnswer
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.summary = summary
        self.audit = audit
        self.query = query
        self.body = body
        self.act = act
    }

    var parts: [Substring] { path.split(separator: "/") }

    /// The values of `{…}` when the path is this route's; nil when it is not.
    func match(_ parts: [Substring]) -> [String: String]? {
        let own = self.parts
        guard own.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (mine, given) in zip(own, parts) {
            if mine.hasPrefix("{"), let end = mine.firstIndex(of: "}") {
                // `{id}.csv`: a file of what `{id}` is.
                let ending = mine[mine.index(after: end)...]
                guard given.hasSuffix(ending),
                    let value = given.dropLast(ending.count).removingPercentEncoding, !value.isEmpty,
                    !value.utf8.contains(0)
                else { return nil }
                values[String(mine.dropFirst().prefix { $0 != "}" })] = value
            } else if mine != given {
                return nil
            }
        }
        return values
    }
}

/// One value that a query or a body may have.
struct ConsoleField: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case text(maxBytes: Int)
        case int(ClosedRange<Int64>)
        case oneOf([String])
        case texts(maxCount: Int, maxBytes: Int)
    }
    let name: String
    let kind: Kind
    let isRequired: Bool

    init(_ name: String, _ kind: Kind, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
    }

    func takes(_ value: JSONValue) -> Bool {
        switch (kind, value) {
        case (.text(let most), .text(let text)): text.utf8.count <= most && !text.utf8.contains(0)
        case (.int(let range), .int(let number)): range.contains(number)
        case (.oneOf(let words), .text(let text)): words.contains(text)
        case (.texts(let count, let most), .list(let list)):
            list.count <= count
                && list.allSatisfy {
                    if case .text(let text) = $0 {
                        text.utf8.count <= most && !text.utf8.contains(0)
                    } else {
                        false
                    }
                }
        case (.text, _), (.int, _), (.oneOf, _), (.texts, _): false
        }
    }

    /// A query's text as the value that it stands for.
    func read(_ text: String) -> JSONValue {
        switch kind {
        case .int: Int64(text).map { .int($0) } ?? .null
        case .text, .oneOf, .texts: .text(text)
        }
    }
}

/// One request that passed every check, with everything a route may use.
struct ConsoleCall: Sendable {
    let hub: HubParts
    /// Whoever is signed in; nil only on routes for anyone.
    let person: SignedIn?
    let path: [String: String]
    let values: [String: JSONValue]
    let address: String
    let cookie: String?
    let lastEventID: Int64?

    func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    func texts(_ name: String) -> [String] {
        guard case .list(let list)? = values[name] else { return [] }
        return list.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
    func int(_ name: String) -> Int64? { if case .int(let value)? = values[name] { value } else { nil } }

    /// Zones that this person sees; nil: all.
    var areas: Set<ZoneID>? { sight.areas }
    /// Nobody sees nothing.
    var sight: Sight { person?.sight ?? Sight(areas: [], devicesOnly: true) }
    var who: String { person?.account.name ?? "-" }

    /// Under whose number a deed is recorded.
    func officer() throws -> OfficerID {
        guard let officer = person?.account.officer else {
            throw Refused(.conflict, ErrorView(AlarmRefusal.unknownOfficer))
        }
        return officer
    }

    /// A zone that this person sees.
    func zone(_ name: String = "zone") throws -> ZoneID {
        guard let zone = text(name).flatMap({ ZoneID($0) }), hub.book.zones.contains(zone),
            areas?.contains(zone) ?? true
        else { throw Refused.notFound }
        return zone
    }

    func terminal(_ name: String = "id") throws -> TerminalID {
        guard let id = path[name].flatMap({ TerminalID($0) }), hub.book.place(id) != nil,
            hub.book.isSeen(id, in: areas)
        else { throw Refused(.notFound, ErrorView(.unknownTerminal)) }
        return id
    }
}

/// What a route answers.
enum ConsoleAnswer: Sendable {
    case json(any Encodable & Sendable)
    /// With the name under which a browser keeps it.
    case csv(String, name: String)
    case text(String, type: String)
    case page([UInt8], type: String)
    case events(AsyncStream<String>)
    /// A session began or ended with it.
    case session(any Encodable & Sendable, cookies: [String])
}

/// Why not, as a sentence in both languages.
struct Refused: Error {
    let status: HTTPResponse.Status
    let view: ErrorView
    var retryAfterS: Int?

    init(_ status: HTTPResponse.Status, _ view: ErrorView, retryAfterS: Int? = nil) {
        self.status = status
        self.view = view
        self.retryAfterS = retryAfterS
    }

    init(_ status: HTTPResponse.Status, _ code: String, _ zh: String, _ en: String, retryAfterS: Int? = nil) {
        self.init(status, ErrorView(code: code, Phrase(zh, en)), retryAfterS: retryAfterS)
    }

    static func badRequest(_ what: String) -> Refused {
        Refused(.badRequest, "badRequest", "请求内容有误：\(what)。", "The request is not right: \(what).")
    }
    static let signedOut = Refused(.unauthorized, "signedOut", "请先登录。", "Sign in first.")
    static let notAllowed = Refused(.forbidden, ErrorView(AlarmRefusal.notAllowed))
    static let notFound = Refused(.notFound, "notFound", "没有找到。", "There is no such thing.")
    static let foreignOrigin = Refused(
        .forbidden, "foreignOrigin", "请求不是从本页面发出的。", "The request does not come from these pages.")
}
