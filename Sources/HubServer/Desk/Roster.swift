// SPDX-License-Identifier: Apache-2.0
package import Facility
import Synchronization

/// Who may speak to this hub, kept in memory so that every request can be checked: which terminals are
/// listed, and which certificates are revoked.
///
/// Any task. Always true: what this hub revokes is refused from the next request on, also on open
/// connections; what another hub on the same store revokes, `Limits.rosterRefreshMs` later at most.
package final class Roster: Sendable {
    package enum Refusal: String, Error, Sendable, CaseIterable {
        case noCertificate
        case foreignCertificate
        case revoked
        case notListed
    }

    private struct State {
        var listed: Set<TerminalID> = []
        var revoked: Set<String> = []
    }
    private let state = Mutex(State())

    package init() {}

    package func refresh(from store: any HubStore) async throws {
        let fresh = try await store.read { session in
            (Set(try session.terminals().map(\.id)), try session.revokedSerials())
        }
        state.withLock {
            $0.listed = fresh.0
            // A revocation of ours that the view above was too early for stays.
            $0.revoked.formUnion(fresh.1)
        }
    }

    package func revoke(_ serials: [String]) { state.withLock { $0.revoked.formUnion(serials) } }

    package func isListed(_ terminal: TerminalID) -> Bool { state.withLock { $0.listed.contains(terminal) } }

    package func check(_ peer: PeerIdentity, nowMs: Int64) throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            if !peer.isValid(atMs: nowMs) { return .foreignCertificate }
            if state.revoked.contains(peer.serial) { return .revoked }
            return state.listed.contains(peer.terminal) ? nil : .notListed
        }
        if let refusal { throw refusal }
    }
}
