// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
package import HTTPTypes

/// One thing that a console's API does, at a hub or at a post: path, who may, what it takes, what it does.
/// The table of all of them (`ConsoleRoutes.all`, `PanelRoutes.all`) serves requests, guards them and
/// describes them, so that the three cannot
/// differ.
package struct WebRoute<Call: Sendable>: Sendable {
    package enum Access: Hashable, Sendable {
        /// Without a session.
        case anyone
        /// Any session, also one that is idle: the wall never goes dark.
        case wall
        case roles(Set<Role>)
    }

    package let method: HTTPRequest.Method
    /// `/api/alarms/{id}/clear`
    package let path: String
    package let access: Access
    /// One sentence for the description.
    package let summary: String
    /// The audit's name of it; nil where nothing is written down (views without personal data).
    package let audit: String?
    package let query: [ConsoleField]
    package let body: [ConsoleField]
    /// A longer body is refused unread.
    package let bodyMaxBytes: Int
    package let act: @Sendable (Call) async throws -> ConsoleAnswer

    package init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        audit: String? = nil,
        query: [ConsoleField] = [], body: [ConsoleField] = [], bodyMaxBytes: Int = Limits.consoleBodyMaxBytes,
        act: @escaping @Sendable (Call) async throws -> ConsoleAnswer
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.summary = summary
        self.audit = audit
        self.query = query
        self.body = body
        self.bodyMaxBytes = bodyMaxBytes
        self.act = act
    }

    package var parts: [Substring] { path.split(separator: "/") }

    /// The values of `{…}` when the path is this route's; nil when it is not.
    package func match(_ parts: [Substring]) -> [String: String]? {
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
package struct ConsoleField: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case text(maxBytes: Int)
        case int(ClosedRange<Int64>)
        case oneOf([String])
        case texts(maxCount: Int, maxBytes: Int)
    }
    package let name: String
    package let kind: Kind
    package let isRequired: Bool

    package init(_ name: String, _ kind: Kind, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
    }

    package func takes(_ value: JSONValue) -> Bool {
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
    package func read(_ text: String) -> JSONValue {
        switch kind {
        case .int: Int64(text).map { .int($0) } ?? .null
        case .text, .oneOf, .texts: .text(text)
        }
    }
}
