// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Sync
import Synchronization
import TestBoard

@testable import HubServer

/// What a bad hub, or a bad path to a good one, does to one request.
enum Misdeed: String, CaseIterable, Sendable {
    case serverError
    case busy
    case busyRetryAfter
    case gone
    case tooLarge
    case truncated
    case garbled
    case redirect
    /// 60 s, then an answer that nobody waits for.
    case silence
    /// Committed, and the connection ends.
    case answerLost
    /// The request arrives twice.
    case doubled
    /// The connection ends in the middle of the request.
    case reset
    case cursorsTooHigh
    case cursorsBack
}

/// What is played to which lane, each misdeed followed by an honest answer, and what came of it. Any thread.
final class BadScript: Sendable {
    private struct State {
        var alarm: [Misdeed?]
        var rest: [Misdeed?]
        var played: [Misdeed: Int] = [:]
    }

    private let state: Mutex<State>
    /// Yields once, when the last was played.
    let ended: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation
    /// Called at each request, so that there is always something to send.
    private let grow: @Sendable () -> Void

    init(alarm: [Misdeed], rest: [Misdeed], grow: @escaping @Sendable () -> Void) {
        state = Mutex(State(alarm: alarm.flatMap { [$0, nil] }, rest: rest.flatMap { [$0, nil] }))
        (ended, tell) = AsyncStream.makeStream()
        self.grow = grow
    }

    var played: [Misdeed: Int] { state.withLock { $0.played } }

    /// A reset strikes before anybody can know which lane it is.
    func takeReset() -> Bool {
        let isReset = state.withLock { state in
            guard state.alarm.first == .reset else { return false }
            state.alarm.removeFirst()
            state.played[.reset, default: 0] += 1
            return true
        }
        if isReset { grow() }
        return isReset
    }

    func next(isAlarm: Bool) -> Misdeed? {
        let (misdeed, isOver) = state.withLock { state -> (Misdeed?, Bool) in
            var misdeed: Misdeed?
            if isAlarm, !state.alarm.isEmpty, state.alarm.first != .reset {
                misdeed = state.alarm.removeFirst()
            } else if !isAlarm, !state.rest.isEmpty {
                misdeed = state.rest.removeFirst()
            }
            if let misdeed { state.played[misdeed, default: 0] += 1 }
            return (misdeed, state.alarm.isEmpty && state.rest.isEmpty)
        }
        grow()
        if isOver { tell.finish() }
        return misdeed
    }
}

/// A hub's own intake and certificates behind a server that follows a script instead of the protocol.
struct BadHub: Sendable {
    private let listener: any Channel
    private let trap: any Channel
    private let connections: Connections
    private let trapped: Connections

    /// How many came to where a redirect pointed.
    var trappedCount: Int { trapped.count }

    /// Counts connections, and ends them all. Any thread.
    fileprivate final class Connections: Sendable {
        private let open = Mutex<[any Channel]>([])
        var count: Int { open.withLock { $0.count } }
        func add(_ channel: any Channel) { open.withLock { $0.append(channel) } }
        func close() {
            for channel in open.withLock({ $0 }) { channel.close(promise: nil) }
        }
    }

    init(_ parts: HubParts, port: Int, script: BadScript) async throws {
        let (connections, trapped) = (Connections(), Connections())
        (self.connections, self.trapped) = (connections, trapped)
        let loops = MultiThreadedEventLoopGroup.singleton
        let trap = try await ServerBootstrap(group: loops).childChannelInitializer { channel in
            trapped.add(channel)
            return channel.eventLoop.makeSucceededVoidFuture()
        }.bind(host: "127.0.0.1", port: 0).get()
        self.trap = trap
        let context = try NIOSSLContext(configuration: try Self.tls(parts.authority))
        let trapPort = trap.localAddress?.port ?? 0
        listener = try await ServerBootstrap(group: loops)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
                    try pipeline.addHandler(BadAnswers(parts, script, trapPort: trapPort))
                }
            }.bind(host: "127.0.0.1", port: port).get()
    }

    func close() async throws {
        try await listener.close()
        try await trap.close()
        connections.close()
    }

    /// A port that nobody has just now.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1", port: 0
        ).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    static func tls(_ authority: Authority) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(authority.serverCertificateText.utf8))
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(authority.serverKeyText.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv13
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(authority.certificateText.utf8)))
        tls.certificateVerification = .noHostnameVerification
        return tls
    }
}

/// One connection of the bad hub. On its event loop.
private final class BadAnswers: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let parts: HubParts
    private let script: BadScript
    private let trapPort: Int
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ parts: HubParts, _ script: BadScript, trapPort: Int) {
        (self.parts, self.script, self.trapPort) = (parts, script, trapPort)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            (self.head, body) = (head, [])
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if head.uri == "/v1/events", length > 2, script.takeReset() { context.close(promise: nil) }
        case .body(let bytes): body += bytes.readableBytesView
        case .end: answer(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let channel = context.channel
        guard head.method == .POST, head.uri == "/v1/events" else {
            // Orders: there are none, and that takes a while.
            context.eventLoop.scheduleTask(in: .seconds(5)) { BadAnswer.write(channel, .ok, "[]") }
            return
        }
        guard let hello = SyncHello(header: { head.headers.first(name: $0) }),
            let batch = try? EventWire.decode(body)
        else { return BadAnswer.write(channel, .badRequest, "{}") }
        guard let terminal = batch.terminal else { return honest(channel, hello, batch) }
        let isAlarm = batch.events.contains { $0.id.stream == .alarm }
        let delivery = IntakeDesk.Delivery(terminal: terminal, hello: hello, batch: batch)
        guard let misdeed = script.next(isAlarm: isAlarm) else { return honest(channel, hello, batch) }
        play(misdeed, delivery, channel)
    }

    private func honest(_ channel: any Channel, _ hello: SyncHello, _ batch: SyncBatch) {
        let intake = parts.intake
        Task {
            let delivery = IntakeDesk.Delivery(
                terminal: batch.terminal ?? .named("cell-101"), hello: hello, batch: batch)
            guard let reply = try? await intake.take(delivery) else {
                return BadAnswer.write(channel, .serviceUnavailable, "{}")
            }
            BadAnswer.write(channel, reply)
        }
    }

    private func play(_ misdeed: Misdeed, _ delivery: IntakeDesk.Delivery, _ channel: any Channel) {
        let intake = parts.intake
        switch misdeed {
        case .serverError: BadAnswer.write(channel, .internalServerError, "oops")
        case .busy: BadAnswer.write(channel, .serviceUnavailable, "{}")
        case .busyRetryAfter: BadAnswer.write(channel, .serviceUnavailable, "{}", [("retry-after", "1")])
        case .gone: BadAnswer.write(channel, .gone, "{\"reason\":\"version\"}")
        case .tooLarge: BadAnswer.write(channel, .payloadTooLarge, "{\"reason\":\"tooLarge\"}")
        case .truncated:
            BadAnswer.write(channel, .ok, "{\"version\":1,\"cursors\":{\"al", [("content-length", "400")])
            channel.eventLoop.execute { channel.close(promise: nil) }
        case .garbled: BadAnswer.write(channel, .ok, "{\"version\":1,\"cursors\":{\"alarm\":\"1e9\"\u{0}]")
        case .redirect:
            let place = "https://localhost:\(trapPort)/v1/events"
            BadAnswer.write(channel, .temporaryRedirect, "", [("location", place)])
        case .silence:
            Task {
                let reply = try? await intake.take(delivery)
                channel.eventLoop.scheduleTask(in: .seconds(60)) {
                    if let reply { BadAnswer.write(channel, reply) }
                }
            }
        case .answerLost:
            Task {
                _ = try? await intake.take(delivery)
                channel.close(promise: nil)
            }
        case .doubled:
            Task {
                async let first = intake.take(delivery)
                async let second = intake.take(delivery)
                if let reply = try? await [first, second].first { BadAnswer.write(channel, reply) }
            }
        case .reset: channel.close(promise: nil)
        case .cursorsTooHigh:
            var reply = SyncReply(cursors: [:], nowMs: 0)
            for event in delivery.batch.events {
                reply.cursors[event.id.stream] = event.entry.sequence + 1_000
            }
            BadAnswer.write(channel, reply)
        case .cursorsBack:
            Task {
                _ = try? await intake.take(delivery)
                BadAnswer.write(channel, SyncReply(cursors: [:], nowMs: 0))
            }
        }
    }
}

/// What goes back over a connection. Any thread.
private enum BadAnswer {
    static func write(_ channel: any Channel, _ reply: SyncReply) {
        write(
            channel, HTTPResponseStatus(statusCode: reply.status),
            String(decoding: reply.encode(), as: UTF8.self))
    }

    static func write(
        _ channel: any Channel, _ status: HTTPResponseStatus, _ text: String,
        _ headers: [(String, String)] = []
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers.add(name: "content-length", value: "\(text.utf8.count)")
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }
}
