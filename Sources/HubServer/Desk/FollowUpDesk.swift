// SPDX-License-Identifier: Apache-2.0
package import Console
package import Facility

//  IntakeDesk ─committed─> WallDesk (at once)
//                    └───> FollowUpDesk ─> RoundDesk, UseDesk, table `outage`

/// Writes down what follows from what arrived: tests of rounds, doubt about cells, times of silence.
///
/// An actor with a queue of its own, so that nobody who brings news waits for the store a second time. It
/// holds no more than intake took since the last write, because both use one store.
package actor FollowUpDesk {
    private struct News {
        var alarms: [HubAlarm]
        var proofs: [ProofChange]
        var at: Moment
    }

    private let store: any HubStore
    private let wall: WallDesk
    private let rounds: RoundDesk
    private let uses: UseDesk
    private let failed: @Sendable (any Error) -> Void
    private var waiting: [News] = []
    private var isBusy = false

    package init(
        store: any HubStore, wall: WallDesk, rounds: RoundDesk, uses: UseDesk,
        failed: @escaping @Sendable (any Error) -> Void
    ) {
        self.store = store
        self.wall = wall
        self.rounds = rounds
        self.uses = uses
        self.failed = failed
    }

    package func take(_ alarms: [HubAlarm], _ proofs: [ProofChange], at: Moment) {
        guard !alarms.isEmpty || !proofs.isEmpty else { return }
        waiting.append(News(alarms: alarms, proofs: proofs, at: at))
        guard !isBusy else { return }
        isBusy = true
        Task { await drain() }
    }

    /// Until everything that was taken is written; for tests.
    func settled() async { while isBusy { await Task.yield() } }

    private func drain() async {
        while !waiting.isEmpty {
            let news = waiting
            waiting = []
            do { try await follow(news) } catch { failed(error) }
        }
        isBusy = false
    }

    private func follow(_ news: [News]) async throws {
        let proofs = news.flatMap { one in one.proofs.map { ($0, one.at.wallMs) } }
        if !proofs.isEmpty {
            try await store.write { session in
                for (change, atMs) in proofs { try session.note(change, atMs: atMs) }
            }
        }
        for one in news where !one.alarms.isEmpty {
            try await rounds.see(one.alarms, now: one.at)
            for (cell, use) in try await uses.see(one.alarms, now: one.at) { await wall.use(use, of: cell) }
        }
    }
}
