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
        /// With the hub below that brings its records, where one does.
        var listed: [TerminalID: TerminalID?] = [:]
        /// Serial → from when on it is refused.
        var revoked: [String: Int64] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    package func refresh(from store: any HubStore) async throws {
        let fresh = try await store.read { session in
            (try session.terminals(), try session.revocations())
        }
        let listed = Dictionary(fresh.0.map { ($0.id, $0.carrier) }) { first, _ in first }
        state.withLock {
            $0.listed = listed
            // A revocation of ours that the view above was too early for stays.
            $0.revoked.merge(fresh.1) { min($0, $1) }
        }
    }

    package func revoke(_ serials: [String], fromMs: Int64) {
        state.withLock { state in
            for serial in serials { state.revoked[serial] = min(fromMs, state.revoked[serial] ?? .max) }
        }
    }

    package func isListed(_ terminal: TerminalID) -> Bool { state.withLock { $0.listed[terminal] != nil } }

    /// The hub below that brings the records of a terminal; nil: nobody but the terminal itself may.
    package func carrier(of terminal: TerminalID) -> TerminalID? {
        state.withLock { $0.listed[terminal] ?? nil }
    }

    /// May `peer` bring records of `origin`? Its own, and as a hub those that were listed under it.
    package func mayBring(_ peer: TerminalID, _ origin: TerminalID) -> Bool {
        peer == origin || carrier(of: origin) == peer
    }

    package func check(_ peer: PeerIdentity, nowMs: Int64) throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            if !peer.isValid(atMs: nowMs) { return .foreignCertificate }
            if let fromMs = state.revoked[peer.serial], fromMs <= nowMs { return .revoked }
            return state.listed[peer.terminal] != nil ? nil : .notListed
        }
        if let refusal { throw refusal }
    }
}
