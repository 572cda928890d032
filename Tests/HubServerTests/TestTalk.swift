// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOCore
import NIOPosix
import NIOSSL
import TalkLink

@testable import HubServer

/// A gateway as the hub sees it: answers every request with `calling` and `talking`, and every voice with
/// the same packet. What it was told is kept.
final class TestGateway: Sendable {
    let path: String
    let told: AsyncStream<TalkFrame>
    private let channel: any Channel

    init() async throws {
        path = try temporaryFolder() + "/talk"
        let (told, tell) = AsyncStream.makeStream(of: TalkFrame.self)
        self.told = told
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Echo(tell))
                }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    func close() async throws { try await channel.close() }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let tell: AsyncStream<TalkFrame>.Continuation
        private var reader = TalkFrameReader()

        init(_ tell: AsyncStream<TalkFrame>.Continuation) { self.tell = tell }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            for frame in (try? reader.take(unwrapInboundIn(data).readableBytesView)) ?? [] {
                tell.yield(frame)
                var answer: [UInt8] = []
                if case .request = frame {
                    answer = TalkFrame.state(.calling).bytes
                    answer += TalkFrame.state(.talking(delayMs: 90, lossPermille: 0)).bytes
                }
                if case .voice = frame { answer = frame.bytes }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
            }
        }
    }
}

/// A page's WebSocket, by hand: the request, its answer, then frames.
struct TestPage: Sendable {
    typealias Line = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Asks for the ticket's WebSocket; gives the answer's head, and `body` the line when it is open.
    static func talk(
        _ hub: TestHub, _ path: String, cookie: String, origin: String? = nil,
        _ body: @escaping @Sendable (inout PageLine) async throws -> Void = { _ in }
    ) async throws -> String {
        let tls = try NIOSSLContext(
            configuration: {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .certificates(
                    try NIOSSLCertificate.fromPEMBytes(Array(hub.parts.authority.certificateText.utf8)))
                return tls
            }())
        let line = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: hub.console) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        try NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    return try Line(wrappingChannelSynchronously: channel)
                }
            }
        let host = "localhost:\(hub.console)"
        let request = """
            GET \(path) HTTP/1.1\r\nhost: \(host)\r\nupgrade: websocket\r\nconnection: Upgrade\r
            sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
            origin: \(origin ?? "https://\(host)")\r\ncookie: \(cookie)\r\n\r\n
            """
        return try await line.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var page = PageLine(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            let head = try await page.head()
            if head.contains(" 101 ") { try await body(&page) }
            return head
        }
    }
}

struct PageLine {
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var held: [UInt8] = []

    init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    private mutating func more() async throws -> Bool {
        guard let bytes = try await inbound.next() else { return false }
        held += Array(bytes.readableBytesView)
        return true
    }

    mutating func head() async throws -> String {
        let blank = Array("\r\n\r\n".utf8)
        while true {
            if let end = held.indices.first(where: { held[$0...].starts(with: blank) }) {
                let head = String(decoding: held[..<end], as: UTF8.self)
                held.removeFirst(end + blank.count)
                return head
            }
            guard try await more() else { return String(decoding: held, as: UTF8.self) }
        }
    }

    /// A masked frame of less than 126 bytes (a mask of zeros is one).
    func send(_ opcode: UInt8, _ bytes: [UInt8]) async throws {
        let head: [UInt8] = [0x80 | opcode, 0x80 | UInt8(bytes.count), 0, 0, 0, 0]
        try await outbound.write(ByteBuffer(bytes: head + bytes))
    }

    /// The next short frame: opcode and content; nil at the end.
    mutating func next() async throws -> (opcode: UInt8, bytes: [UInt8])? {
        while true {
            if held.count >= 2 {
                let (start, length) =
                    held[1] < 126 ? (2, Int(held[1])) : (4, Int(held[2]) << 8 | Int(held[3]))
                if held.count >= start + length {
                    let frame = (held[0] & 15, Array(held[start..<start + length]))
                    held.removeFirst(start + length)
                    return frame
                }
            }
            guard try await more() else { return nil }
        }
    }
}
