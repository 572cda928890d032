// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Crypto
import Facility
import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import TalkLink

/// The console's connections, each with a door through which a page's request for `/api/talk/TICKET` leaves
/// HTTP and becomes a WebSocket (RFC 6455 §4.2). Everything else goes on to Hummingbird.
///
/// Lives on the event loops.
struct TalkChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let http: HTTP1Channel
    let talks: TalkDesk

    static func server(_ talks: TalkDesk) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            TalkChannel(http: HTTP1Channel(responder: responder), talks: talks)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(TalkDoor(talks: talks), position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async { await http.handle(value: value, logger: logger) }
}

/// Watches for the request that opens a talk. On its event loop.
///
/// Always true: nothing of such a connection reaches the HTTP side any more; who is refused gets 4xx and the
/// end of the connection, never a WebSocket.
private final class TalkDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let talks: TalkDesk
    private var asked: HTTPRequestHead?
    private var isOver = false

    init(talks: TalkDesk) { self.talks = talks }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isOver else { return }
        switch part {
        case .head(let head) where head.uri.hasPrefix("/api/talk/"): asked = head
        case .head: context.fireChannelRead(data)
        case .body: if asked == nil { context.fireChannelRead(data) }
        case .end:
            guard let head = asked else { return context.fireChannelRead(data) }
            isOver = true
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let asked = Asked(head) else { return refuse(context, .badRequest) }
        let (talks, loop) = (talks, context.eventLoop)
        let found = loop.makeFutureWithTask { try await talks.begin(asked.ticket, session: asked.session) }
        let here = NIOLoopBound((self, context), eventLoop: loop)
        found.whenComplete { result in
            let (door, context) = here.value
            switch result {
            case .success(let permit?): door.open(permit, asked, context)
            case .success(nil): door.refuse(context, .forbidden)
            case .failure: door.refuse(context, .serviceUnavailable)
            }
        }
    }

    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus) {
        let headers: HTTPHeaders = ["content-length": "0", "connection": "close"]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    /// 101, and from the next byte on frames instead of requests.
    private func open(_ permit: TalkPermit, _ asked: Asked, _ context: ChannelHandlerContext) {
        let talk = TalkLine(permit, talks: talks)
        guard context.channel.isActive else { return talk.neverBegan() }
        let headers: HTTPHeaders = [
            "upgrade": "websocket", "connection": "Upgrade", "sec-websocket-accept": asked.accept,
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
            try pipeline.addHandlers(
                [
                    WebSocketFrameEncoder(),
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Limits.talkFrameMaxBytes)),
                    talk,
                ], position: .before(self))
            _ = pipeline.removeHandler(decoder)
            _ = pipeline.removeHandler(encoder)
        } catch {
            talk.neverBegan()
            context.close(promise: nil)
        }
    }
}

/// What such a request has to say.
private struct Asked: Sendable {
    let ticket: String
    let session: [UInt8]
    /// Answer to the browser's key, RFC 6455 §4.2.2.
    let accept: String

    /// Nil unless it is a WebSocket of one of our own pages.
    init?(_ head: HTTPRequestHead) {
        func only(_ name: String) -> String? {
            let values = head.headers[name]
            return values.count == 1 ? values[0] : nil
        }
        guard head.method == .GET, only("upgrade")?.lowercased() == "websocket",
            only("sec-websocket-version") == "13", let key = only("sec-websocket-key"),
            let host = only("host"), only("origin") == "https://\(host)",
            let secret = Cookies.read(Cookies.session, from: only("cookie"))
        else { return nil }
        ticket = String(head.uri.dropFirst("/api/talk/".count))
        session = Secrets.hash(secret)
        let digest = Insecure.SHA1.hash(data: Data("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        accept = Data(digest).base64EncodedString()
    }
}
