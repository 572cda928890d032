// SPDX-License-Identifier: Apache-2.0
import Alarms
import AsyncHTTPClient
import ConsoleServer
import Crypto
import Facility
import Foundation
import NIOCore
import NIOHTTP1

/// intake's transaction ─> table `delivery` ─> WebhookDesk ─POST, signed─> the address that an
/// administrator set

/// Carries what happened to webhooks, again and again with longer and longer pauses until they take it.
/// Any task; one run at a time. Always true: intake never waits for it; no redirect is followed and
/// nothing of an answer is read but its status; each event is sent with the same id, so that a receiver
/// knows a repeat.
struct WebhookDesk: Sendable {
    let store: any HubStore
    let clock: HubClock

    private static func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(
            connect: .milliseconds(Int64(Limits.hubConnectMs)),
            read: .milliseconds(Int64(Limits.webhookAnswerMs)))
        return HTTPClient(configuration: configuration)
    }

    /// Tries everything that is due; how much was taken.
    @discardableResult
    func deliver() async throws -> Int {
        let nowMs = clock.now().wallMs
        let (webhooks, due) = try await store.read { session in
            (try session.webhooks(), try session.deliveries(dueMs: nowMs, limit: Limits.webhookAtOnceCount))
        }
        guard !due.isEmpty else { return 0 }
        let client = Self.client()
        let byID = Dictionary(webhooks.map { ($0.id, $0) }) { first, _ in first }
        let taken = await withTaskGroup(of: Bool.self) { group in
            for delivery in due {
                guard let webhook = byID[delivery.webhook] else { continue }
                // What a store refused now is due again.
                group.addTask { (try? await deliver(delivery, to: webhook, by: client)) ?? false }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        try await client.shutdown()
        return taken
    }

    private func deliver(
        _ delivery: WebhookDelivery, to webhook: Webhook, by client: HTTPClient
    ) async throws -> Bool {
        let nowMs = clock.now().wallMs
        let isOurs = try await store.write {
            try $0.claim(delivery, untilMs: nowMs + Self.pauseMs(afterTries: Int(delivery.tries)))
        }
        guard isOurs else { return false }
        let isTaken = await send(delivery, to: webhook, by: client, atS: nowMs / 1_000)
        let isGivenUp = delivery.tries + 1 >= Int64(Limits.webhookTriesCount)
        guard isTaken || isGivenUp else { return false }
        try await store.write { session in
            try session.endDelivery(delivery)
            guard !isTaken else { return }
            try session.append(
                AuditNote(who: "-", what: "webhook.deliver", subject: webhook.id, outcome: "givenUp"),
                atMs: nowMs)
        }
        return isTaken
    }

    private func send(
        _ delivery: WebhookDelivery, to webhook: Webhook, by client: HTTPClient, atS: Int64
    ) async -> Bool {
        var request = HTTPClientRequest(url: webhook.address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/cloudevents+json; charset=utf-8")
        request.headers.add(
            name: "watchpost-signature",
            value: Self.signature(of: delivery.body, atS: atS, secret: webhook.secret))
        request.body = .bytes(delivery.body)
        let limit = TimeAmount.milliseconds(Int64(Limits.webhookAnswerMs))
        guard let answer = try? await client.execute(request, timeout: limit) else { return false }
        return (200..<300).contains(answer.status.code)
    }

    /// 1 s, 2 s, 4 s … an hour at most.
    static func pauseMs(afterTries tries: Int) -> Int64 {
        min(Int64(Limits.webhookPauseMaxMs), 1_000 << Int64(min(tries, 30)))
    }

    /// `t=1795331392,v1=…`: HMAC-SHA-256, by the webhook's secret, of the seconds, a point and the body.
    static func signature(of body: [UInt8], atS: Int64, secret: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret))
        code.update(data: Array("\(atS).".utf8))
        code.update(data: body)
        return "t=\(atS),v1=\(Secrets.hex(Array(code.finalize())))"
    }

    /// An address that may be called: http or https, a host, no credentials inside.
    static func isAddress(_ text: String) -> Bool {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host()?.isEmpty == false, url.user() == nil, url.password() == nil, url.fragment() == nil
        else { return false }
        return text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
    }
}

extension HubAlarm {
    /// The same for the same state of the alarm, so that a repeat is known as one.
    var eventName: String { "\(record.id)/\(record.revision)" }

    /// CloudEvents 1.0; names of places and people stay inside.
    func cloudEvent(isHistory: Bool) throws -> [UInt8] {
        let data = JSONValue.object([
            "id": .text(record.id.description), "terminal": .text(record.point.terminal.text),
            "point": .text(record.point.name.text), "alarmClass": .text("\(record.alarmClass)"),
            "cause": .text("\(record.cause)"), "phase": .text("\(record.phase)"), "raisedAt": .int(raisedMs),
            "uncertaintyMs": .int(Int64(raisedUncertaintyMs)), "revision": .int(Int64(record.revision)),
            "presses": .int(Int64(record.presses)), "history": .bool(isHistory),
        ])
        let event = JSONValue.object([
            "specversion": .text("1.0"), "id": .text(eventName), "source": .text("/watchpost/alarms"),
            "type": .text("watchpost.alarm.\(record.phase)"),
            "time": .text(Date(timeIntervalSince1970: Double(changedMs) / 1_000).ISO8601Format()),
            "subject": .text(record.point.terminal.text), "datacontenttype": .text("application/json"),
            "data": data,
        ])
        return Array(try JSONText.encode(event).utf8)
    }
}
