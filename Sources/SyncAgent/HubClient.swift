// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import CLinux
import Facility
import NIOCore
import NIOHTTP1
package import NIOSSL
import Synchronization

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
/// Any task; one request at a time, because its owner waits for each. Always true: nothing is sent to anybody
/// who was not found to be the hub, by TLS itself or, while the clock is behind the floor, by `HubTrust`.
package final class HubClient: Sendable {
    /// A client, and another for the time that the clock stands before the floor.
    private struct Way {
        let client: HTTPClient
        let behind: HTTPClient
    }

    private struct Ways {
        let byName: Way
        /// To where the hub was last found, without asking a name server.
        var known: [String: Way] = [:]
        /// The last try at the known address failed.
        var asksName = false
    }

    private let hub: String
    private let floor: TimeFloor
    private let wallMs: @Sendable () -> Int64
    private let address: HubAddress?
    private let make: @Sendable (_ known: String?) -> Way
    private let ways: Mutex<Ways>

    /// `address`: where the hub was last found; nil: its name is looked up each time.
    package init(
        _ hub: String, tls: TLSConfiguration, trust: HubTrust, floor: TimeFloor, address: HubAddress? = nil,
        wallMs: @escaping @Sendable () -> Int64 = wp_wall_ms
    ) {
        (self.hub, self.floor, self.wallMs, self.address) = (hub, floor, wallMs, address)
        make = { known in
            var open = tls
            open.certificateVerification = .none
            var (configuration, behind) = (Self.configuration(tls), Self.configuration(open))
            if let known, let host = address?.host {
                configuration.dnsOverride = [host: known]
                behind.dnsOverride = [host: known]
            }
            // By then TLS has found that it is the hub.
            configuration.http1_1ConnectionDebugInitializer = { channel in
                address?.found(channel.remoteAddress?.ipAddress)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            behind.http1_1ConnectionDebugInitializer = { channel in
                trust.check(channel, wallMs: wallMs(), floorMs: floor.ms)
            }
            return Way(
                client: HTTPClient(configuration: configuration), behind: HTTPClient(configuration: behind))
        }
        ways = Mutex(Ways(byName: make(nil)))
    }

    /// The known address first; after a failure there the name, and after one by name the address again.
    private func way() -> (way: Way, isByName: Bool) {
        ways.withLock { ways in
            guard !ways.asksName, let known = address?.last else { return (ways.byName, true) }
            if let way = ways.known[known] { return (way, false) }
            let way = make(known)
            ways.known[known] = way
            return (way, false)
        }
    }

    private static func configuration(_ tls: TLSConfiguration) -> HTTPClient.Configuration {
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
        return configuration
    }

    package func post(_ path: String, _ body: [UInt8], type: String, headers: [(String, String)] = []) async
        -> HubAnswer
    {
        await post(path, [body[...]], type: type, headers: headers)
    }

    /// `pieces`: the body, one after the other; the next is handed on when the one before is on its way.
    /// `patienceMs`: how much longer than any other it may take. `mouthfuls`: lets them leave, at most so
    /// many bytes at a time.
    package func post(
        _ path: String, _ pieces: [ArraySlice<UInt8>], type: String, headers: [(String, String)] = [],
        patienceMs: Int = 0, mouthfuls: Mouthfuls? = nil
    ) async -> HubAnswer {
        var request = HTTPClientRequest(url: hub + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let count = pieces.reduce(0) { $0 + $1.count }
        if pieces.count == 1, mouthfuls.map({ $0.bytes >= count }) ?? true {
            await mouthfuls?.leave(count)
            request.body = .bytes(ByteBuffer(bytes: pieces[0]))
        } else {
            request.body = .stream(
                Pieces(pieces: pieces, mouthfuls: mouthfuls), length: .known(Int64(count)))
        }
        return await run(request, withinMs: Limits.hubAnswerMs + patienceMs)
    }

    /// Who lets a body leave, piece by piece.
    package struct Mouthfuls: Sendable {
        let bytes: Int
        /// Returns when so many bytes may leave.
        let leave: @Sendable (Int) async -> Void

        package init(bytes: Int, leave: @escaping @Sendable (Int) async -> Void) {
            (self.bytes, self.leave) = (bytes, leave)
        }
    }

    /// A body's pieces, each copied for the network when its turn has come.
    private struct Pieces: AsyncSequence, AsyncIteratorProtocol, Sendable {
        private let mouthfuls: Mouthfuls?
        private var left: ArraySlice<ArraySlice<UInt8>>

        init(pieces: [ArraySlice<UInt8>], mouthfuls: Mouthfuls?) {
            (left, self.mouthfuls) = (pieces[...], mouthfuls)
        }

        mutating func next() async -> ByteBuffer? {
            guard let first = left.first else { return nil }
            let part = first.prefix(mouthfuls?.bytes ?? .max)
            await mouthfuls?.leave(part.count)
            left[left.startIndex] = first.dropFirst(part.count)
            if part.count == first.count { left.removeFirst() }
            return ByteBuffer(bytes: part)
        }

        func makeAsyncIterator() -> Pieces { self }
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

    package func close() async {
        for way in ways.withLock({ [$0.byName] + $0.known.values }) {
            try? await way.client.shutdown()
            try? await way.behind.shutdown()
        }
    }

    private func run(_ request: HTTPClientRequest, withinMs: Int) async -> HubAnswer {
        let (way, isByName) = way()
        do {
            let usable = wallMs() < floor.ms ? way.behind : way.client
            let response = try await usable.execute(request, timeout: .milliseconds(Int64(withinMs)))
            let body = try await response.body.collect(upTo: Limits.hubAnswerMaxBytes)
            let bytes = Array(body.readableBytesView)
            if response.status == .ok || response.status == .partialContent { return .answered(bytes) }
            let asked = response.headers.first(name: "retry-after").flatMap { Int($0) }
            return .refused(
                status: Int(response.status.code),
                retryAfterMs: asked.map { min(max($0, 0), Limits.retryAfterMaxMs / 1_000) * 1_000 }, bytes)
        } catch {
            ways.withLock { $0.asksName = !isByName }
            return .nothing("\(error)")
        }
    }
}
