// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Crypto
import Facility
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOSSL
import Sync

/// What is known of a connection to the sync port.
struct SyncContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Serves the sync port: terminals with a certificate of ours, nobody else. Any task.
///
/// Always true: who sends is what the certificate says, checked anew at every request; a redirect is never
/// sent.
struct SyncResponder: HTTPResponder {
    typealias Context = SyncContext

    let hub: HubParts

    func respond(to request: Request, context: SyncContext) async throws -> Response {
        do {
            let peer = try await peer(context)
            let parts = request.uri.path.split(separator: "/")
            switch (request.method, parts.first, parts.dropFirst().first, parts.count) {
            case (.post, "v1", "events", 2): return try await events(request, peer)
            case (.post, "v1", "carried", 2): return try await carried(request, peer)
            case (.get, "v1", "orders", 2): return try await orders(request, peer)
            case (.post, "v1", "orders", 3): return try await answer(request, peer, parts[2])
            case (.get, "v1", "bundles", 2): return try await bundles(request, peer, nil)
            case (.get, "v1", "bundles", 3): return try await bundles(request, peer, parts[2])
            case (.get, "v1", "clips", 3): return try await clip(request, parts[2])
            case (.post, "v1", "clips", 2): return try await clipReport(request, peer)
            case (_, "v1", "recordings", 3...4): return try await recordings(request, peer, parts[2...])
            case (.post, "v1", "renew", 2): return try await renew(request, peer)
            case (_, "v1", _, _): return Self.refusal(.notFound, "notFound")
            default: return Self.refusal(.gone, "version")
            }
        } catch let refusal as Roster.Refusal {
            await note(refusal, request, context)
            return Self.refusal(refusal == .noCertificate ? .unauthorized : .forbidden, refusal.rawValue)
        } catch let refusal as SyncRefusal {
            return Self.refusal(
                refusal.isTooLarge ? .contentTooLarge : .badRequest, "\(refusal)", at: refusal.offset)
        } catch is StoreShort {
            var refusal = Self.refusal(HTTPResponse.Status(code: 507), "noRoom")
            refusal.headers[.retryAfter] = "\(Limits.hubRoomLookMs / 1_000)"
            return refusal
        } catch is NIOTooManyBytesError {
            return Self.refusal(.contentTooLarge, "tooLarge")
        } catch {
            context.logger.error("sync: \(request.method) \(request.uri.path): \(error)")
            var refusal = Self.refusal(.serviceUnavailable, "hubFault")
            refusal.headers[.retryAfter] = "2"
            return refusal
        }
    }

    /// Who comes with a certificate that no longer is good is written down, only so often.
    private func note(_ refusal: Roster.Refusal, _ request: Request, _ context: SyncContext) async {
        let source = context.channel.remoteAddress?.ipAddress ?? "-"
        guard hub.refusals.isWritten(source, now: hub.clock.now().uptime) else { return }
        let shown = try? await context.channel.nioSSL_peerCertificate().get()?.toDERBytes()
        let name = shown.flatMap { hub.authority.name(der: $0) } ?? "-"
        try? await hub.audit(
            AuditNote(
                who: name, what: "sync.refused", subject: "\(source) \(request.method) sync",
                outcome: refusal.rawValue))
    }

    private func peer(_ context: SyncContext) async throws -> PeerIdentity {
        let nowMs = hub.clock.now().wallMs
        guard let certificate = try await context.channel.nioSSL_peerCertificate().get() else {
            throw Roster.Refusal.noCertificate
        }
        guard let peer = hub.authority.peer(der: try certificate.toDERBytes(), nowMs: nowMs) else {
            throw Roster.Refusal.foreignCertificate
        }
        try hub.roster.check(peer, nowMs: nowMs)
        return peer
    }

    // MARK: What terminals ask

    private func events(_ request: Request, _ peer: PeerIdentity) async throws -> Response {
        guard let hello = SyncHello(header: { HTTPField.Name($0).flatMap { request.headers[$0] } }) else {
            return Self.refusal(.badRequest, "headers")
        }
        // Read, and its hashes checked, while the rest is still on its way.
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        var arrival = BatchArrival(bytes: announced) { hash, content in
            // No secret: nothing has to take the same time.
            SHA256.hash(data: content).elementsEqual(hash)
        }
        for try await chunk in request.body { try arrival.take(Array(chunk.readableBytesView)) }
        let batch = try arrival.finish()
        // A hub below brings its terminals' records. Whose it may not bring are another's, as ever.
        let origin = batch.terminal ?? peer.terminal
        let isCarried = origin != peer.terminal && hub.roster.mayBring(peer.terminal, origin)
        let delivery = IntakeDesk.Delivery(
            terminal: isCarried ? origin : peer.terminal, hello: hello, batch: batch, isCarried: isCarried)
        let reply =
            batch.events.isEmpty ? try await hub.proofs.take(delivery) : try await hub.intake.take(delivery)
        return Self.json(reply.encode(), status: HTTPResponse.Status(code: reply.status))
    }

    private func orders(_ request: Request, _ peer: PeerIdentity) async throws -> Response {
        let after = request.uri.queryParameters["after"].flatMap { Int64($0) } ?? 0
        let waitS = request.uri.queryParameters["wait"].flatMap { Int($0) } ?? 0
        let waitMs = min(max(0, waitS), Limits.ordersWaitMaxMs / 1_000) * 1_000
        let orders = try await hub.orders.orders(for: peer.terminal, after: after, waitMs: waitMs)
        return try Self.json(
            .list(
                orders.map { order in
                    .object([
                        "order": .int(order.number), "kind": .text(order.action.wireName),
                        "alarm": .text(order.alarm.description),
                        "officer": .text(orNull: order.officer?.text),
                    ])
                }))
    }

    private func answer(_ request: Request, _ peer: PeerIdentity, _ number: Substring) async throws
        -> Response
    {
        let body = try await request.body.collect(upTo: Limits.consoleBodyMaxBytes)
        guard let number = Int64(number),
            case .object(let said)? = JSONText.decode(Array(body.readableBytesView))
        else { return Self.refusal(.badRequest, "answer") }
        var refusal: AlarmRefusal?
        if case .text(let name)? = said["refusal"] {
            guard let known = AlarmRefusal(wireName: name) else {
                return Self.refusal(.badRequest, "refusal")
            }
            refusal = known
        }
        let isNew = try await hub.orders.answered(number, by: peer.terminal, refusal: refusal)
        return try Self.json(.object(["known": .bool(isNew)]))
    }

    private func renew(_ request: Request, _ peer: PeerIdentity) async throws -> Response {
        let body = try await request.body.collect(upTo: Limits.consoleBodyMaxBytes)
        guard case .object(let said)? = JSONText.decode(Array(body.readableBytesView)),
            case .text(let csr)? = said["csr"]
        else { return Self.refusal(.badRequest, "csr") }
        let issued: IssuedCertificate
        do {
            issued = try hub.authority.certify(
                requestText: csr, as: peer.terminal, nowMs: hub.clock.now().wallMs)
        } catch let fault as Fault { return Self.refusal(.badRequest, fault.cause) }
        try await JoinRoute.note(issued, of: peer.terminal, what: "terminal.renew", hub)
        return try Self.json(.object(["certificate": .text(issued.text)]))
    }

    // MARK: Answers

    private static func json(_ value: JSONValue) throws -> Response {
        json(Array(try JSONText.encode(value).utf8), status: .ok)
    }

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status) -> Response {
        var response = Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        response.headers[.contentType] = "application/json"
        return response
    }

    static func refusal(_ status: HTTPResponse.Status, _ reason: String, at offset: Int? = nil)
        -> Response
    {
        var said: [String: JSONValue] = ["reason": .text(reason)]
        if let offset { said["offset"] = .int(Int64(offset)) }
        let text = (try? JSONText.encode(JSONValue.object(said))) ?? "{}"
        return json(Array(text.utf8), status: status)
    }
}
