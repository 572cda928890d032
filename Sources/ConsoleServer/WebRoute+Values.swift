// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore

extension WebRoute {
    /// What a request says, each value as the route declares it; anything else is refused.
    package func values(of request: Request) async throws -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for field in query {
            guard let text = request.uri.queryParameters[Substring(field.name)] else { continue }
            values[field.name] = field.read(String(text))
        }
        if !body.isEmpty {
            guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
                throw Refused(.unsupportedMediaType, "notJSON", "请求须为 JSON。", "Send JSON.")
            }
            guard let sent = try? await request.body.collect(upTo: bodyMaxBytes) else {
                throw Refused(.contentTooLarge, "tooLarge", "请求过大。", "The request is too large.")
            }
            guard case .object(let object)? = JSONText.decode(Array(sent.readableBytesView)) else {
                throw Refused.badRequest("JSON")
            }
            for field in body {
                if let value = object[field.name], value != .null { values[field.name] = value }
            }
        }
        for field in query + body {
            guard let value = values[field.name] else {
                if field.isRequired { throw Refused.badRequest(field.name) }
                continue
            }
            guard field.takes(value) else { throw Refused.badRequest(field.name) }
        }
        return values
    }
}
