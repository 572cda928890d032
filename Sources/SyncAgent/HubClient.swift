// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Facility
import NIOCore
import NIOHTTP1
package import NIOSSL

/// What came of a request to the hub. Whatever it was, nothing is lost: the outbox is the journal.
package enum HubAnswer: Sendable {
    case answered([UInt8])
    /// `retryAfterMs`: what the hub asks for.
    case refused(status: Int, retryAfterMs: Int?, [UInt8])
    /// No answer, half an answer, or one that is none.
    case nothing(String)
}

/// One connection to the hub, kept open. Redirects are never followed, an answer is read to a bound, silence
/// has an end.
///
/// Any task; one request at a time, because its owner waits for each.
package final class HubClient: Sendable {
    private let client: HTTPClient
    private let hub: String

    package init(_ hub: String, tls: TLSConfiguration) {
        self.hub = hub
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = tls
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(
            connect: .milliseconds(Int64(Limits.hubConnectMs)),
            read: .milliseconds(Int64(Limits.hubSilenceMs)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
    }

    package func post(_ path: String, _ body: [UInt8], type: String, headers: [(String, String)] = []) async
        -> HubAnswer
    {
        var request = HTTPClientRequest(url: hub + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return await run(request, withinMs: Limits.hubAnswerMs)
    }

    /// `waitMs`: how long the hub may keep the question before it answers that there is nothing.
    package func get(_ path: String, waitMs: Int) async -> HubAnswer {
        await run(HTTPClientRequest(url: hub + path), withinMs: waitMs + Limits.hubSilenceMs)
    }

    /// A part of something.
    package func get(_ path: String, bytes: ClosedRange<Int64>) async -> HubAnswer {
        var request = HTTPClientRequest(url: hub + path)
        request.headers.add(name: "range", value: "bytes=\(bytes.lowerBound)-\(bytes.upperBound)")
        return await run(request, withinMs: Limits.hubAnswerMs)
    }

    package func close() async { try? await client.shutdown() }

    private func run(_ request: HTTPClientRequest, withinMs: Int) async -> HubAnswer {
        do {
            let response = try await client.execute(request, timeout: .milliseconds(Int64(withinMs)))
            let body = try await response.body.collect(upTo: Limits.hubAnswerMaxBytes)
            let bytes = Array(body.readableBytesView)
            if response.status == .ok || response.status == .partialContent { return .answered(bytes) }
            let asked = response.headers.first(name: "retry-after").flatMap { Int($0) }
            return .refused(
                status: Int(response.status.code),
                retryAfterMs: asked.map { min(max($0, 0), Limits.retryAfterMaxMs / 1_000) * 1_000 }, bytes)
        } catch {
            return .nothing("\(error)")
        }
    }
}
