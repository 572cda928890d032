// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import DeskLink
import Facility
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Somebody signed in at the hub's console. Any task; one request at a time. The bench's hub is its own child
/// on loopback, so its certificate is not looked at here.
struct ConsoleSession: Sendable {
    private let client: HTTPClient
    private let hub: String
    private let cookie: String
    private let token: String

    private struct Person: Codable { var token: String }
    private struct Code: Codable { var code: String }
    private struct SignIn: Codable {
        var name: String
        var password: String
    }

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    static func begin(_ hub: String, name: String, password: String) async throws -> ConsoleSession {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        let client = HTTPClient(configuration: configuration)
        let anonymous = ConsoleSession(client: client, hub: hub, cookie: "", token: "")
        let (first, cookie) = try await anonymous.ask(.GET, "/api/session")
        let stranger = ConsoleSession(
            client: client, hub: hub, cookie: cookie,
            token: try JSONDecoder().decode(Person.self, from: first).token)
        let words = try JSONEncoder().encode(SignIn(name: name, password: password))
        let (second, session) = try await stranger.ask(.POST, "/api/session", body: words)
        return ConsoleSession(
            client: client, hub: hub, cookie: session,
            token: try JSONDecoder().decode(Person.self, from: second).token)
    }

    func code(for terminal: String) async throws -> String {
        let (answer, _) = try await ask(.POST, "/api/terminals/\(terminal)/code", body: Data("{}".utf8))
        return try JSONDecoder().decode(Code.self, from: answer).code
    }

    func end() async { try? await client.shutdown() }

    /// Follows the wall as a page does, until it is cancelled.
    func follow(_ page: WallPage) async throws {
        let response = try await client.execute(request(.GET, "/api/stream"), deadline: .distantFuture)
        guard response.status == .ok else { throw Refusal(description: "stream: \(response.status)") }
        for try await chunk in response.body { page.take(Array(chunk.readableBytesView), at: .now) }
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: hub + path)
        request.method = method
        if !cookie.isEmpty { request.headers.add(name: "cookie", value: cookie) }
        if !token.isEmpty { request.headers.add(name: "x-watchpost-token", value: token) }
        return request
    }

    /// The body, and the cookie that came with it or ours.
    private func ask(_ method: HTTPMethod, _ path: String, body: Data? = nil) async throws -> (Data, String) {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await client.execute(request, timeout: .seconds(30))
        let said = try await response.body.collect(upTo: Limits.hubAnswerMaxBytes)
        guard response.status == .ok else {
            throw Refusal(description: "\(path): \(response.status) \(String(buffer: said).prefix(200))")
        }
        let set = response.headers["set-cookie"].compactMap {
            $0.split(separator: ";").first.map(String.init)
        }
        let kept = set.first { !$0.hasSuffix("=") }
        return (Data(said.readableBytesView), kept ?? cookie)
    }
}

/// When each alarm was first on the page. Any task.
final class WallPage: Sendable {
    private struct State {
        var rest: [UInt8] = []
        var seen: [String: Uptime] = [:]
    }
    private let state = Mutex(State())

    func seenAt(_ alarm: String) -> Uptime? { state.withLock { $0.seen[alarm] } }

    /// Pieces of server-sent events, cut anywhere.
    func take(_ bytes: [UInt8], at now: Uptime) {
        state.withLock { state in
            state.rest += bytes
            var start = 0
            while let end = Self.pieceEnd(state.rest, from: start) {
                if let alarm = Self.alarm(state.rest[start..<end]), state.seen[alarm] == nil {
                    state.seen[alarm] = now
                }
                start = end + 2
            }
            state.rest.removeFirst(start)
        }
    }

    private static func pieceEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var at = start
        while at + 1 < bytes.count {
            if bytes[at] == 0x0a, bytes[at + 1] == 0x0a { return at }
            at += 1
        }
        return nil
    }

    /// The alarm's name in a piece that tells of one.
    private static func alarm(_ piece: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: piece, as: UTF8.self)
        guard text.contains("event: alarm\n") else { return nil }
        // Its own id is the one that names a place in a stream; officers and places have plain ones.
        for part in text.split(separator: "\"") where part.contains("/alarm/") {
            return String(part).replacing("\\/", with: "/")
        }
        return nil
    }
}
