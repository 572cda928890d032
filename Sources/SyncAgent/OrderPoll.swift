// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import FoundationEssentials
import Sync

/// Asks a hub what is to be done, one long poll after the other, and brings back what became of it: a
/// terminal asks its hub, a hub the one above.
///
/// One task. Always true: orders are done in their order, each at most once by whoever asks.
package struct OrderPoll {
    private let client: HubClient

    package init(_ client: HubClient) { self.client = client }

    /// Until the task is cancelled. `perform`: nil where it could not even be tried.
    package func run(_ perform: (_ order: Order, _ receivedAt: Uptime) async -> OrderAnswer?) async {
        var retry = RetryMachine(lastMs: Limits.syncRetryAlarmLastMs, afterMaxMs: Limits.syncRetryAfterMaxMs)
        var chance = SystemRandomNumberGenerator()
        var after: UInt64 = 0
        while !Task.isCancelled {
            if let until = retry.until, until > .now {
                try? await Task.sleep(for: .milliseconds(until.ms(since: .now)))
                continue
            }
            let answer = await client.get(
                "/v1/orders?after=\(after)&wait=\(Limits.ordersWaitMs / 1_000)", waitMs: Limits.ordersWaitMs)
            guard case .answered(let body) = answer,
                let given = try? JSONDecoder().decode([Order].self, from: Data(body))
            else {
                retry.failed(at: .now, using: &chance)
                continue
            }
            retry.succeeded()
            let receivedAt = Uptime.now
            for order in given.sorted(by: { $0.order < $1.order }) where order.order > after {
                after = order.order
                guard let answer = await perform(order, receivedAt),
                    let body = try? JSONEncoder().encode(answer)
                else { continue }
                _ = await client.post("/v1/orders/\(order.order)", Array(body), type: "application/json")
            }
        }
    }
}
