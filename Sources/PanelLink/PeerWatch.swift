// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Supervision of all peers by heartbeats in both directions: who is due one, who fell silent, who does not
/// hear us.
///
/// A value, owned by the line thread's desk. A change is told once, by `elapsed`, at most `Limits.peerScanMs`
/// late for silence and at the next turn for a return. Nobody is lost before `Limits.peerLostMs` after the
/// start.
package struct PeerWatch: Sendable {
    private struct Peer: Sendable {
        let terminal: TerminalID
        var told: PeerState = .never
        var lastHeard: Uptime?
        /// Since when it says that it does not hear us.
        var deafSince: Uptime?
        var nextBeat: Uptime
    }

    private let start: Uptime
    private var peers: [Peer] = []
    private var places: [TerminalID: Int] = [:]
    private var nextScan: Uptime
    private var earliestBeat: Uptime

    package init(peers terminals: [TerminalID], now: Uptime) {
        start = now
        nextScan = now.advanced(ms: Limits.peerScanMs)
        earliestBeat = now
        for terminal in terminals where places[terminal] == nil {
            places[terminal] = peers.count
            let offsetMs = peers.count * Limits.heartbeatSpacingMs % Limits.heartbeatMs
            peers.append(Peer(terminal: terminal, nextBeat: now.advanced(ms: offsetMs)))
        }
    }

    /// An authentic heartbeat came. Unknown peers are ignored.
    package mutating func heard(_ terminal: TerminalID, heardUsMs: UInt32, now: Uptime) {
        guard let place = places[terminal] else { return }
        peers[place].lastHeard = now
        if heardUsMs == .max {
            if peers[place].deafSince == nil || peers[place].told == .lost { peers[place].deafSince = now }
        } else if heardUsMs < UInt32(Limits.heartbeatMs * 3) {
            peers[place].deafSince = nil
        } else {
            peers[place].deafSince = now.advanced(ms: -Int(heardUsMs))
        }
        if Self.state(peers[place], start: start, now: now) != peers[place].told { nextScan = now }
    }

    /// The changes since the last call. Cheap when nothing can have changed.
    package mutating func elapsed(_ now: Uptime) -> [PeerChange] {
        guard now >= nextScan else { return [] }
        nextScan = now.advanced(ms: Limits.peerScanMs)
        var changes: [PeerChange] = []
        for place in peers.indices {
            let state = Self.state(peers[place], start: start, now: now)
            guard state != peers[place].told else { continue }
            peers[place].told = state
            changes.append(PeerChange(peer: peers[place].terminal, state: state))
        }
        return changes
    }

    /// Whom to send a heartbeat now. Beats missed by a late turn are not made up for.
    package mutating func heartbeatsDue(_ now: Uptime) -> [TerminalID] {
        guard now >= earliestBeat else { return [] }
        var due: [TerminalID] = []
        var earliest = now.advanced(ms: Limits.heartbeatMs)
        for place in peers.indices {
            if peers[place].nextBeat <= now {
                due.append(peers[place].terminal)
                let late = now.ms(since: peers[place].nextBeat) / Limits.heartbeatMs + 1
                peers[place].nextBeat = peers[place].nextBeat.advanced(ms: late * Limits.heartbeatMs)
            }
            earliest = min(earliest, peers[place].nextBeat)
        }
        earliestBeat = earliest
        return due
    }

    /// When `elapsed` or `heartbeatsDue` has something to look at next.
    package var deadline: Uptime { min(nextScan, earliestBeat) }

    /// When the next heartbeat is due, alone: for a loop that asks `elapsed` often enough for other reasons.
    package var nextHeartbeat: Uptime { earliestBeat }

    /// For our own heartbeat: age of the peer's last one, `.max` when it was never heard.
    package func lastHeardMs(_ terminal: TerminalID, now: Uptime) -> UInt32 {
        places[terminal].flatMap { peers[$0].lastHeard }.map { UInt32(clamping: now.ms(since: $0)) } ?? .max
    }

    /// As last told by `elapsed`; `.never` until the first heartbeat, also when already told as lost.
    package func state(of terminal: TerminalID) -> PeerState {
        guard let place = places[terminal], peers[place].lastHeard != nil else { return .never }
        return peers[place].told
    }

    /// Everybody, in the order given at the start.
    package func statuses(now: Uptime) -> [PeerStatus] {
        peers.map { peer in
            PeerStatus(
                terminal: peer.terminal, state: state(of: peer.terminal),
                lastHeardMs: peer.lastHeard.map { UInt32(clamping: now.ms(since: $0)) } ?? .max)
        }
    }

    private static func state(_ peer: Peer, start: Uptime, now: Uptime) -> PeerState {
        guard let heard = peer.lastHeard else {
            return now < start.advanced(ms: Limits.peerLostMs) ? .never : .lost
        }
        if now >= heard.advanced(ms: Limits.peerLostMs) { return .lost }
        guard let deafSince = peer.deafSince else { return .alive }
        return now < deafSince.advanced(ms: Limits.peerLostMs) ? .alive : .oneWay
    }
}

/// A peer is now otherwise than last told: `.alive`, `.lost` or `.oneWay`.
package struct PeerChange: Hashable, Sendable {
    package let peer: TerminalID
    package let state: PeerState
}
