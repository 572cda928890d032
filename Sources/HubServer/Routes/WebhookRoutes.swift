// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes

/// Where events are sent besides: addresses that an administrator sets, and nobody else.
enum WebhookRoutes {
    static let all = [
        ConsoleRoute(
            .get, "/api/webhooks", .roles([.administrator]), "Where alarms are told besides.",
            audit: "view.webhooks"
        ) { call in
            let webhooks = try await call.hub.store.read { try $0.webhooks() }
            return .json(JSONValue.object(["webhooks": .list(webhooks.map { view($0) })]))
        },
        ConsoleRoute(
            .post, "/api/webhooks", .roles([.administrator]),
            "A further address. The answer holds, once, the secret by which it knows what comes from here.",
            audit: "webhook.put",
            body: [ConsoleField("url", .text(maxBytes: Limits.wordsMaxBytes), isRequired: true)], act: add),
        ConsoleRoute(
            .delete, "/api/webhooks/{id}", .roles([.administrator]),
            "Ends one; what waits for it is given up.",
            audit: "webhook.remove"
        ) { call in
            let id = call.path["id"] ?? ""
            guard try await call.hub.store.write({ try $0.removeWebhook(id) }) else {
                throw Refused.notFound
            }
            return .json(JSONValue.object(["id": .text(id)]))
        },
    ]

    private static func view(_ webhook: Webhook, secret: String? = nil) -> JSONValue {
        var said: [String: JSONValue] = ["id": .text(webhook.id), "url": .text(webhook.address)]
        if let secret { said["secret"] = .text(secret) }
        return .object(said)
    }

    private static func add(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        guard let address = call.text("url"), WebhookDesk.isAddress(address) else {
            throw Refused.badRequest("url: http(s)://host/…")
        }
        let secret = Secrets.hex(Secrets.bytes(32))
        let webhook = Webhook(
            id: Secrets.hex(Secrets.bytes(8)), address: address, secret: Array(secret.utf8))
        let isKept = try await call.hub.store.write { session in
            guard try session.webhooks().count < Limits.webhooksMaxCount else { return false }
            try session.put(webhook)
            return true
        }
        guard isKept else {
            throw Refused(.conflict, "tooMany", "地址过多，请先删除一个。", "Too many addresses; remove one first.")
        }
        return .json(view(webhook, secret: secret))
    }
}
