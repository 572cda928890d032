// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
import Facility
package import HTTPTypes

/// What a route answers.
package enum ConsoleAnswer: Sendable {
    case json(any Encodable & Sendable)
    /// With the name under which a browser keeps it.
    case csv(String, name: String)
    case text(String, type: String)
    case file(FileAnswer)
    /// Small; with the name under which a browser keeps it.
    case download([UInt8], type: String, name: String)
    case page([UInt8], type: String)
    case events(AsyncStream<String>)
    /// A session began or ended with it.
    case session(any Encodable & Sendable, cookies: [String])
}

/// Why not, as a sentence in both languages.
package struct Refused: Error {
    package let status: HTTPResponse.Status
    package let view: ErrorView
    package var retryAfterS: Int?

    package init(_ status: HTTPResponse.Status, _ view: ErrorView, retryAfterS: Int? = nil) {
        self.status = status
        self.view = view
        self.retryAfterS = retryAfterS
    }

    package init(
        _ status: HTTPResponse.Status, _ code: String, _ zh: String, _ en: String, retryAfterS: Int? = nil
    ) {
        self.init(status, ErrorView(code: code, Phrase(zh, en)), retryAfterS: retryAfterS)
    }

    package static func badRequest(_ what: String) -> Refused {
        Refused(.badRequest, "badRequest", "请求内容有误：\(what)。", "The request is not right: \(what).")
    }
    package static let signedOut = Refused(.unauthorized, "signedOut", "请先登录。", "Sign in first.")
    package static let notAllowed = Refused(.forbidden, ErrorView(AlarmRefusal.notAllowed))
    package static let notFound = Refused(.notFound, "notFound", "没有找到。", "There is no such thing.")
    /// Of a talk that says it answers.
    package static let noAlarm = Refused(
        .conflict, "noAlarm", "这间监室没有待答的报警。要主动通话请写明理由。",
        "No alarm of this cell waits for an answer. To open it, give a reason.")
    package static let foreignOrigin = Refused(
        .forbidden, "foreignOrigin", "请求不是从本页面发出的。", "The request does not come from these pages.")
}
