// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import HubServer
@testable import SyncAgent

/// A server with certificates of an authority, that answers everything with `hello` and counts.
private struct Greeter {
    let port: Int
    private let listener: any Channel

    init(_ authority: Authority) async throws {
        var tls = try BadHub.tls(authority)
        tls.certificateVerification = .none
        tls.trustRoots = .default
        let context = try NIOSSLContext(configuration: tls)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(Hello())
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    func close() async throws { try await listener.close() }

    private final class Hello: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            var head = HTTPResponseHead(version: .http1_1, status: .ok)
            head.headers.add(name: "content-length", value: "5")
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "hello")))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

private let yearMs: Int64 = 365 * 86_400_000

/// What a terminal gets that trusts `trusted`, whose clock shows `wallMs` and whose floor is `floorMs`.
private func ask(
    _ authority: Authority, trusting trusted: Authority? = nil, host: String = "localhost", wallMs: Int64,
    floorMs: Int64
) async throws -> Bool {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try await Greeter(authority)
    let believed = trusted ?? authority
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates(
        try NIOSSLCertificate.fromPEMBytes(Array(believed.certificateText.utf8)))
    let hub = "https://\(host):\(server.port)"
    let client = HubClient(
        hub, tls: tls, trust: try HubTrust(authorityText: believed.certificateText, hub: hub),
        floor: TimeFloor(directory: folder, signedMs: floorMs), wallMs: { wallMs })
    // On a machine that is busy with other tests the limits may pass before anything was judged.
    var answer = HubAnswer.nothing("timeout")
    for _ in 0..<10 {
        guard case .nothing(let why) = answer, why.lowercased().contains("timeout") else { break }
        answer = await client.get("/", waitMs: 0)
    }
    await client.close()
    try await server.close()
    if case .answered(let body) = answer { return body == Array("hello".utf8) }
    return false
}

/// The clock of this machine never moves in these tests: the authority is of another time instead.
struct HubClientTests {
    private func authority(_ nowMs: Int64, names: [String] = ["localhost", "127.0.0.1"]) throws -> Authority {
        try Authority(directory: try freshFolder() + "/authority", names: names, nowMs: nowMs)
    }

    private let nowMs = HubClock.machine.now().wallMs

    @Test func hub_isReached_whenTheClockStandsBeforeItsCertificate() async throws {
        let later = try authority(nowMs + 3 * yearMs)
        #expect(try await ask(later, wallMs: 0, floorMs: nowMs + 3 * yearMs))
        #expect(try await ask(later, host: "127.0.0.1", wallMs: 0, floorMs: nowMs + 3 * yearMs))
        // By the clock alone it is not yet valid: without a floor nobody is believed.
        #expect(try await !ask(later, wallMs: nowMs, floorMs: nowMs))
        // The floor is before its signing, too: what is "not yet valid" is accepted up to it and no further.
        #expect(try await !ask(later, wallMs: 0, floorMs: nowMs + 2 * yearMs))
    }

    @Test func hub_isJudgedByTls_whenTheClockIsSet() async throws {
        let present = try authority(nowMs)
        #expect(try await ask(present, wallMs: nowMs, floorMs: nowMs))
        #expect(try await !ask(present, trusting: try authority(nowMs), wallMs: nowMs, floorMs: nowMs))
    }

    @Test func nobodyElse_isBelieved_whileTheClockIsBehind() async throws {
        let present = try authority(nowMs)
        let floorMs = nowMs + 60_000
        #expect(try await ask(present, wallMs: 0, floorMs: floorMs))
        #expect(try await !ask(present, trusting: try authority(nowMs), wallMs: 0, floorMs: floorMs))
        let other = try authority(nowMs, names: ["other.example"])
        #expect(try await !ask(other, wallMs: 0, floorMs: floorMs))
        // Its time was over before the floor.
        let past = try authority(nowMs - 3 * yearMs)
        #expect(try await !ask(past, wallMs: 0, floorMs: floorMs))
    }
}
