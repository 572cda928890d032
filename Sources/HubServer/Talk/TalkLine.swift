// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOCore
import NIOPosix
import NIOWebSocket
import TalkLink

//     browser ══WebSocket══ TalkLine ──Unix socket── GatewayLine ══ watchpost-sound ══RTP══ terminal
//     binary: one Opus packet each way; text: {"act":"mute"} down, {"state":"talking",…} up

/// A page's end of a talk: hands its packets to the gateway and the gateway's to it, and looks into neither.
///
/// On its event loop, both ends. Always true: when one end closes the other is closed; a page that is silent
/// for `Limits.talkSilenceMs` is gone (a muted page still says `here`); what a slow page cannot take is
/// dropped, for late speech is worth nothing.
final class TalkLine: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let permit: TalkPermit
    private let talks: TalkDesk
    private var context: ChannelHandlerContext?
    private var gateway: (any Channel)?
    private var watch: RepeatedTask?
    private var heard = NIODeadline.now()
    private var talkingSince: NIODeadline?
    private var (packets, second) = (0, NIODeadline.now())
    private var isClosed = false

    init(_ permit: TalkPermit, talks: TalkDesk) {
        self.permit = permit
        self.talks = talks
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        heard = .now()
        let here = NIOLoopBound(self, eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let line = here.value
            if .now() - line.heard > .milliseconds(Int64(Limits.talkSilenceMs)) { line.close(.lost) }
            let (talks, permit) = (line.talks, line.permit)
            here.eventLoop.makeFutureWithTask { await talks.holds(permit) }.whenSuccess { holds in
                if !holds { here.value.close(.hungUp) }
            }
        }
        ClientBootstrap(group: context.eventLoop)
            .connectTimeout(.milliseconds(Int64(Limits.talkConnectMs)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(GatewayLine(here.value))
                }
            }
            .connect(unixDomainSocketPath: talks.gateway ?? "")
            .whenComplete { result in
                switch result {
                case .success(let channel): here.value.connected(channel)
                case .failure: here.value.close(.gatewayFault)
                }
            }
    }

    func neverBegan() { isClosed = true; finish(.hungUp) }

    private func connected(_ channel: any Channel) {
        guard !isClosed else { return channel.close(promise: nil) }
        gateway = channel
        tell(.request(permit.request))
    }

    /// Ends both sides, once.
    func close(_ why: TalkEnd) {
        guard !isClosed else { return }
        isClosed = true
        watch?.cancel()
        gateway?.close(promise: nil)
        if let context, context.channel.isActive {
            say(.ended(why))
            let code = context.channel.allocator.buffer(integer: UInt16(1_000))
            send(WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
            context.close(promise: nil)
        }
        context = nil
        finish(why)
    }

    private func finish(_ why: TalkEnd) {
        let (talks, permit) = (talks, permit)
        let talkedMs = talkingSince.map { Int((.now() - $0).nanoseconds / 1_000_000) } ?? 0
        Task { await talks.end(permit, why, talkedMs: talkedMs) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(.hungUp)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(.lost) }

    // MARK: From the page

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed else { return }
        let frame = unwrapInboundIn(data)
        heard = .now()
        let bytes = Array(frame.unmaskedData.readableBytesView)
        // Opus packets and words are short: a page that cuts them into pieces is not ours.
        guard frame.fin, frame.opcode != .continuation else { return close(.lost) }
        switch frame.opcode {
        case .binary: voice(bytes)
        case .text: act(bytes)
        case .ping: send(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .connectionClose:
            tell(.act(.hangUp))
            close(.hungUp)
        default: break
        }
    }

    private func voice(_ packet: [UInt8]) {
        if .now() - second > .seconds(1) { (packets, second) = (0, .now()) }
        packets += 1
        guard (1...Limits.voicePacketMaxBytes).contains(packet.count) else { return close(.lost) }
        guard packets <= Limits.talkPacketsPerSecondCount, permit.request.purpose != .listen else { return }
        tell(.voice(packet))
    }

    private func act(_ text: [UInt8]) {
        guard case .object(let said)? = JSONText.decode(text), case .text(let name)? = said["act"] else {
            return close(.lost)
        }
        // `here` is what a muted page says to be alive.
        guard let act = TalkAct.allCases.first(where: { "\($0)" == name }) else { return }
        tell(.act(act))
        if act == .hangUp { close(.hungUp) }
    }

    // MARK: From the gateway

    func take(_ frame: TalkFrame) {
        switch frame {
        case .voice(let packet):
            guard let context, context.channel.isWritable else { return }
            send(
                WebSocketFrame(
                    fin: true, opcode: .binary, data: context.channel.allocator.buffer(bytes: packet)))
        case .state(.ended(let why)): close(why)
        case .state(let state):
            if case .talking = state, talkingSince == nil { talkingSince = .now() }
            say(state)
        case .request, .act: close(.gatewayFault)
        }
    }

    private func tell(_ frame: TalkFrame) {
        guard let gateway, gateway.isWritable else { return }
        gateway.writeAndFlush(gateway.allocator.buffer(bytes: frame.bytes), promise: nil)
    }

    private func say(_ state: TalkState) {
        guard let context, let text = try? JSONText.encode(TalkStateView(state)) else { return }
        send(
            WebSocketFrame(fin: true, opcode: .text, data: context.channel.allocator.buffer(string: text)))
    }

    private func send(_ frame: WebSocketFrame) {
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

/// The gateway's end.
private final class GatewayLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let line: TalkLine
    private var reader = TalkFrameReader()

    init(_ line: TalkLine) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let frames = try? reader.take(unwrapInboundIn(data).readableBytesView) else {
            return line.close(.gatewayFault)
        }
        for frame in frames { line.take(frame) }
    }

    func channelInactive(context: ChannelHandlerContext) { line.close(.gatewayFault) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { line.close(.gatewayFault) }
}
