// SPDX-License-Identifier: Apache-2.0
import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// Answers and refusals as HTTP. Pure.
package enum WebAnswer {
    /// Nothing is loaded from elsewhere, nothing runs that is not a file of ours, nobody frames us.
    package static let shutIn: [(HTTPField.Name, String)] = [
        (
            .watchpostCSP,
            """
            default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
            media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
            require-trusted-types-for 'script'
            """
        ),
        (.strictTransportSecurity, "max-age=31536000"),
        (.contentTypeOptions, "nosniff"),
        (.frameOptions, "DENY"),
        (.referrerPolicy, "no-referrer"),
        (.openerPolicy, "same-origin"),
        (.resourcePolicy, "same-origin"),
        (.permissionsPolicy, "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"),
    ]

    package static func response(_ answer: ConsoleAnswer) throws -> Response {
        switch answer {
        case .json(let value):
            return text(try JSONText.encode(value), type: "application/json; charset=utf-8")
        case .session(let value, let cookies):
            var response = text(try JSONText.encode(value), type: "application/json; charset=utf-8")
            for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
            return response
        case .csv(let body, let name):
            var response = text(body, type: "text/csv; charset=utf-8")
            response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
            return response
        case .text(let body, let type): return text(body, type: type)
        case .file(let file): return file.response
        case .download(let bytes, let type, let name):
            var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            response.headers[.contentType] = type
            response.headers[.cacheControl] = "no-store"
            response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
            return response
        case .page(let bytes, let type):
            var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            response.headers[.contentType] = type
            response.headers[.cacheControl] = "no-cache"
            return response
        case .events(let events): return stream(events)
        }
    }

    package static func response(_ refused: Refused) -> Response {
        var response = text(
            (try? JSONText.encode(refused.view)) ?? "{}", type: "application/json; charset=utf-8",
            status: refused.status)
        if let after = refused.retryAfterS { response.headers[.retryAfter] = "\(after)" }
        return response
    }

    private static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = type
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static func stream(_ events: AsyncStream<String>) -> Response {
        var response = Response(
            status: .ok,
            body: ResponseBody { writer in
                for await piece in events { try await writer.write(ByteBuffer(string: piece)) }
                try await writer.finish(nil)
            })
        response.headers[.contentType] = "text/event-stream; charset=utf-8"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension HTTPField.Name {
    package static let watchpostToken = HTTPField.Name("X-Watchpost-Token").unsafelyUnwrapped
    package static let lastEventID = HTTPField.Name("Last-Event-ID").unsafelyUnwrapped
    package static let watchpostCSP = HTTPField.Name("Content-Security-Policy").unsafelyUnwrapped
    package static let referrerPolicy = HTTPField.Name("Referrer-Policy").unsafelyUnwrapped
    package static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy").unsafelyUnwrapped
    package static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy").unsafelyUnwrapped
    package static let permissionsPolicy = HTTPField.Name("Permissions-Policy").unsafelyUnwrapped
    package static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options").unsafelyUnwrapped
    package static let frameOptions = HTTPField.Name("X-Frame-Options").unsafelyUnwrapped
}
