// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility

/// Lays what stands in a store over this hub's wall, once a second: what another hub on it took or decided is
/// seen here by then. On a store of one's own there is nothing to follow.
///
/// A value of the ticker's. Always true: it looks at what stands, not at news, so nothing can be missed;
/// what this hub knows already changes nothing; proofs of life count from when they were seen here, because
/// two hubs' clocks differ.
struct StoreFollower {
    private var proofs: [TerminalID: Int64] = [:]
    private var usesCount: Int64 = -1
    /// Shelved here, but not in the store when it was looked at last: perhaps on its way there.
    private var missing: Set<FloodKey> = []

    mutating func follow(_ hub: HubParts, _ terminals: [HubTerminal]) async throws {
        let (listed, now, count) = (await hub.wall.listed, hub.clock.now(), usesCount)
        let seen = try await hub.store.read { session in
            let open = try session.openAlarms()
            let standing = Set(open.map(\.record.id))
            let ended = try listed.filter { !standing.contains($0) }.compactMap { try session.alarm($0) }
            let fresh = try session.countUses()
            return (open + ended, try session.shelves(now: now), fresh, isNew: fresh != count)
        }
        await hub.wall.follow(seen.0)
        missing = await hub.wall.follow(shelves: seen.1, gone: missing)
        if seen.isNew {
            for (cell, use) in try await hub.uses.uses() { await hub.wall.use(use, of: cell) }
            usesCount = seen.2
        }
        let heard = terminals.filter { terminal in
            proofs[terminal.id].map { $0 != terminal.proofMs } ?? false
        }
        for terminal in terminals { proofs[terminal.id] = terminal.proofMs ?? 0 }
        let changes = await hub.wall.hear(heard.map { ($0.id, now) })
        await hub.followUp.take([], changes, at: now)
    }
}
