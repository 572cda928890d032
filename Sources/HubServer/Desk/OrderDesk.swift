// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// Carries what officers do at the console to the terminal that owns the alarm's truth, and its answer back.
///
/// An actor; orders and answers stand in the store, so the officer's hub and the terminal's may be two.
/// Always true: an order lives `Limits.orderAnswerMs` by the uptime from when this hub received it, whatever
/// the wall clock does; one that nobody waits for any more is not given to a terminal, so whoever was told
/// "not done" is not surprised.
package actor OrderDesk {
    /// What became of an officer's deed.
    package enum Outcome: Hashable, Sendable {
        case done
        case refused(AlarmRefusal)
        /// Unanswered: nobody knows whether it was done.
        case silent
    }

    private let store: any HubStore
    private let clock: HubClock
    private var lives: [Int64: Life] = [:]
    /// The last order of another hub that was given to a terminal here: none is given a second life.
    private var lastForeign: [TerminalID: Int64] = [:]
    private var sleepers: [Key: [Int: CheckedContinuation<Void, Never>]] = [:]
    private var nextSleeper = 0

    /// Since when an order is here; `givenMs`: as the store has it.
    private struct Life {
        let since: Uptime
        let givenMs: Int64

        func isOver(at now: Uptime) -> Bool { now.ms(since: since) >= Limits.orderAnswerMs }
    }

    private enum Key: Hashable {
        case terminal(TerminalID)
        case order(Int64)
    }

    package init(store: any HubStore, clock: HubClock) {
        self.store = store
        self.clock = clock
    }

    package func perform(
        _ action: OfficerAction, on alarm: EventID, at terminal: TerminalID, by officer: OfficerID?,
        withinMs: Int = Limits.orderAnswerMs
    ) async throws -> Outcome {
        let (begun, store) = (clock.now(), store)
        let given = try await store.write { session in
            try session.give(action, to: terminal, alarm: alarm, officer: officer, atMs: begun.wallMs)
        }
        guard let given else { return .refused(.tooMany) }
        lives[given.number] = Life(since: begun.uptime, givenMs: begun.wallMs)
        defer { lives[given.number] = nil }
        wake(.terminal(terminal))
        while true {
            if let answer = try await store.read({ try $0.answer(to: given.number) }) {
                return answer.isEmpty ? .done : .refused(AlarmRefusal(wireName: answer) ?? .notAllowed)
            }
            let left = withinMs - clock.now().uptime.ms(since: begun.uptime)
            guard left > 0 else {
                // No hub gives it any more; an answer that came just now still counts.
                let (atMs, cause) = (clock.now().wallMs, "\(AlarmRefusal.cellUnreachable)")
                let isOver = try await store.write {
                    try $0.answer(given.number, by: terminal, refusal: cause, atMs: atMs)
                }
                if isOver { return .silent }
                continue
            }
            await rest(.order(given.number), ms: min(left, lookMs))
        }
    }

    /// A terminal's long poll: at once when there is something to do.
    package func orders(for terminal: TerminalID, after number: Int64, waitMs: Int) async throws -> [HubOrder]
    {
        let begun = clock.now()
        while true {
            let orders = try await living(for: terminal, after: number)
            let left = min(waitMs, Limits.ordersWaitMaxMs) - clock.now().uptime.ms(since: begun.uptime)
            if !orders.isEmpty || left <= 0 || Task.isCancelled { return orders }
            await rest(.terminal(terminal), ms: min(left, lookMs))
        }
    }

    /// Those that somebody still waits for.
    private func living(for terminal: TerminalID, after number: Int64) async throws -> [HubOrder] {
        let now = clock.now()
        let windowMs = now.wallMs - Int64(Limits.orderAnswerMs)
        let sinceMs = min(windowMs, lives.values.map(\.givenMs).min() ?? windowMs) - 1
        let found = try await store.read { try $0.orders(for: terminal, after: number, sinceMs: sinceMs) }
        return found.filter { order in
            if let life = lives[order.number] { return !life.isOver(at: now.uptime) }
            // Another hub's: by the wall clock once, from then on by the uptime. On a store of our own there
            // is no other hub: it is from before this start.
            guard store.isShared, order.number > lastForeign[terminal] ?? 0, order.givenMs > windowMs,
                order.givenMs <= now.wallMs
            else { return false }
            lastForeign[terminal] = order.number
            lives = lives.filter { !$0.value.isOver(at: now.uptime) }
            lives[order.number] = Life(since: now.uptime, givenMs: order.givenMs)
            return true
        }
    }

    /// False when there is no such order, or it was answered before.
    package func answered(_ number: Int64, by terminal: TerminalID, refusal: AlarmRefusal?) async throws
        -> Bool
    {
        let (atMs, text) = (clock.now().wallMs, refusal.map { "\($0)" } ?? "")
        let isNew = try await store.write { try $0.answer(number, by: terminal, refusal: text, atMs: atMs) }
        wake(.order(number))
        return isNew
    }

    /// Another hub may have written what we wait for.
    private var lookMs: Int { store.isShared ? Limits.ordersLookMs : Limits.ordersWaitMaxMs }

    private func wake(_ key: Key) {
        for sleeper in (sleepers.removeValue(forKey: key) ?? [:]).values { sleeper.resume() }
    }

    private func rest(_ key: Key, ms: Int) async {
        let number = nextSleeper
        nextSleeper += 1
        let alarm = Task {
            try? await Task.sleep(for: .milliseconds(ms))
            wake(key, number)
        }
        await withCheckedContinuation { sleepers[key, default: [:]][number] = $0 }
        alarm.cancel()
    }

    private func wake(_ key: Key, _ number: Int) {
        sleepers[key]?.removeValue(forKey: number)?.resume()
        if sleepers[key]?.isEmpty == true { sleepers[key] = nil }
    }
}

extension AlarmRefusal {
    /// As answers to orders spell it: `notAttended`.
    package init?(wireName: String) {
        guard let found = Self.allCases.first(where: { "\($0)" == wireName }) else { return nil }
        self = found
    }
}
