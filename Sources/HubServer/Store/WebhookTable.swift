// SPDX-License-Identifier: Apache-2.0
import Facility

/// One address outside that is told what happens.
package struct Webhook: Hashable, Sendable {
    package var id: String
    /// http or https, as an administrator gave it.
    package var address: String
    /// Signs what is sent.
    package var secret: [UInt8]

    package init(id: String, address: String, secret: [UInt8]) {
        self.id = id
        self.address = address
        self.secret = secret
    }
}

/// One event that one webhook has yet to take.
package struct WebhookDelivery: Hashable, Sendable {
    package var webhook: String
    package var event: String
    package var tries: Int64
    package var dueMs: Int64
    package var body: [UInt8]
}

// Tables `webhook` and `delivery`. A delivery is written in the transaction that took what it tells of, so a
// crash loses none; it waits in the store however long the other side is away.

extension HubSession {
    package func webhooks() throws -> [Webhook] {
        try rows("SELECT id, address, secret FROM webhook WHERE is_shut = 0 ORDER BY id").map {
            Webhook(id: $0.text(0), address: $0.text(1), secret: $0.bytes(2))
        }
    }

    package func put(_ webhook: Webhook) throws {
        try run(
            "INSERT INTO webhook(id, address, secret, kinds, is_shut) VALUES(?, ?, ?, '', 0)",
            .text(webhook.id), .text(webhook.address), .bytes(webhook.secret))
    }

    /// What waits for it is given up. False when there is none.
    package func removeWebhook(_ id: String) throws -> Bool {
        try run("DELETE FROM delivery WHERE webhook = ?", .text(id))
        return try run("DELETE FROM webhook WHERE id = ?", .text(id)) == 1
    }

    /// For every webhook. A full queue gives up its oldest: news is worth more than what nobody fetched.
    package func tell(_ event: String, body: [UInt8], atMs: Int64) throws {
        for webhook in try rows("SELECT id FROM webhook WHERE is_shut = 0").map({ $0.text(0) }) {
            let waiting = try row("SELECT count(*) FROM delivery WHERE webhook = ?", .text(webhook))?.int(0)
            if waiting ?? 0 >= Int64(Limits.webhookQueueCount) {
                try run(
                    """
                    DELETE FROM delivery WHERE webhook = ? AND event IN (
                        SELECT event FROM delivery WHERE webhook = ? ORDER BY told_ms LIMIT 1)
                    """, .text(webhook), .text(webhook))
            }
            try run(
                """
                INSERT INTO delivery(webhook, event, tries, next_ms, body, told_ms) VALUES(?, ?, 0, ?, ?, ?)
                ON CONFLICT(webhook, event) DO NOTHING
                """, .text(webhook), .text(event), .int(atMs), .bytes(body), .int(atMs))
        }
    }

    package func deliveries(dueMs: Int64, limit: Int) throws -> [WebhookDelivery] {
        try rows(
            """
            SELECT webhook, event, tries, next_ms, body FROM delivery WHERE next_ms <= ?
            ORDER BY next_ms LIMIT ?
            """, .int(dueMs), .int(limit)
        ).map {
            WebhookDelivery(
                webhook: $0.text(0), event: $0.text(1), tries: $0.int(2), dueMs: $0.int(3), body: $0.bytes(4))
        }
    }

    /// Counts a try and keeps others from it until then; false when another hub was quicker.
    package func claim(_ delivery: WebhookDelivery, untilMs: Int64) throws -> Bool {
        try run(
            """
            UPDATE delivery SET tries = tries + 1, next_ms = ?
            WHERE webhook = ? AND event = ? AND next_ms = ?
            """, .int(untilMs), .text(delivery.webhook), .text(delivery.event), .int(delivery.dueMs)) == 1
    }

    package func endDelivery(_ delivery: WebhookDelivery) throws {
        try run(
            "DELETE FROM delivery WHERE webhook = ? AND event = ?", .text(delivery.webhook),
            .text(delivery.event))
    }

    package func waitingDeliveries() throws -> Int64 {
        try row("SELECT count(*) FROM delivery")?.int(0) ?? 0
    }
}
