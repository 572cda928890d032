// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Synchronization
import Testing

@testable import HubServer

/// Two clocks that a test moves. Any thread.
private final class TwoClocks: Sendable {
    private let moment = Mutex(
        Moment(uptime: Uptime(nanoseconds: 1_000_000_000), wallMs: 1_800_000_000_000, uncertaintyMs: 5))

    var clock: HubClock { HubClock { self.moment.withLock { $0 } } }

    func advance(uptimeMs: Int, wallMs: Int64) {
        moment.withLock { now in
            now = Moment(
                uptime: now.uptime.advanced(ms: uptimeMs), wallMs: now.wallMs + wallMs, uncertaintyMs: 5)
        }
    }
}

private let alarm = EventID(terminal: name("cell-101"), stream: .alarm, run: 7, sequence: 1)

private func store() async throws -> any HubStore {
    let store = try await StoreKind.sqlite.open().store
    try await store.write { try $0.setSite(TestHub.site, zoneTitles: [:]) }
    return store
}

@Test(arguments: [-86_400_000, 86_400_000] as [Int64])
func order_isGivenByTheUptime_whateverTheWallClockDoes(stepMs: Int64) async throws {
    let (clocks, store) = (TwoClocks(), try await store())
    let desk = OrderDesk(store: store, clock: clocks.clock)
    async let outcome = desk.perform(.acknowledge, on: alarm, at: name("cell-101"), by: nil)
    let given = try await desk.orders(for: name("cell-101"), after: 0, waitMs: 20_000)
    #expect(given.count == 1)
    clocks.advance(uptimeMs: 0, wallMs: stepMs)
    #expect(try await desk.orders(for: name("cell-101"), after: 0, waitMs: 0).count == 1)
    clocks.advance(uptimeMs: Limits.orderAnswerMs, wallMs: 0)
    #expect(try await desk.orders(for: name("cell-101"), after: 0, waitMs: 0).isEmpty, "nobody waits for it")
    // Whoever asked is woken by the answer, unless he looked at the time before.
    _ = try await desk.answered(given[0].number, by: name("cell-101"), refusal: nil)
    #expect(try await [.done, .silent].contains(outcome))
}

@Test func order_isOverForEveryHub_whenItsOfficerWasToldSo() async throws {
    let (clocks, store) = (TwoClocks(), try await store())
    let desk = OrderDesk(store: store, clock: clocks.clock)
    async let outcome = desk.perform(.acknowledge, on: alarm, at: name("cell-101"), by: nil)
    let given = try await desk.orders(for: name("cell-101"), after: 0, waitMs: 20_000)
    clocks.advance(uptimeMs: Limits.orderAnswerMs, wallMs: 0)
    // Another terminal's answer is none, and lets the desk look at the time.
    #expect(try await !desk.answered(given[0].number, by: name("cell-201"), refusal: nil))
    #expect(try await outcome == .silent)
    #expect(try await !desk.answered(given[0].number, by: name("cell-101"), refusal: nil), "too late")
    #expect(try await store.read { try $0.orders(for: name("cell-101"), after: 0, sinceMs: 0) }.isEmpty)
}

@Test func order_isNotGiven_whenAHubWasKilledAfterItWasStored() async throws {
    let (clocks, store) = (TwoClocks(), try await store())
    let now = clocks.clock.now()
    _ = try await store.write {
        try $0.give(.clear, to: name("cell-101"), alarm: alarm, officer: nil, atMs: now.wallMs)
    }
    let desk = OrderDesk(store: store, clock: clocks.clock)
    #expect(try await desk.orders(for: name("cell-101"), after: 0, waitMs: 0).isEmpty)
}
