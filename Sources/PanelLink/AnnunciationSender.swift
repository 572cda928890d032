// SPDX-License-Identifier: Apache-2.0
//
//  publish ─→ ring 0 due now ─→ due() ─→ datagram ··· 50 150 400 1000 2000, every 2000 ms until its receipt
//     │            └─ nobody confirmed for widenAfterMs ─→ ring 1 due too ─→ ring 2 …
//     ├─ newer revision ─→ every addressed target due now
//     └─ staysAsked ─→ each confirmed target due every confirmationAskMs; without a receipt for
//        confirmationGoodMs it confirms no more ─→ nobody left ─→ next ring due now
//  finish ─→ no more widening; gone when every addressed target has receipted the newest revision
package import Facility

/// Brings the newest revision of every alarm of one custodian to the posts, and keeps on until they have said
/// so.
///
/// A value, owned by the line thread's desk, which seals and sends what `due` names. It knows no records:
/// only ids, revisions and who has said what. Always true: a target once addressed is addressed with every
/// later revision; nothing is dropped for lack of a receipt but by `forget`, or at the bound, where what is
/// finished goes before what stands.
package struct AnnunciationSender: Sendable {
    private var deliveries: [Delivery] = []
    private var wake: Uptime?
    private let deliveriesMax: Int

    /// A post that keeps lost cells' alarms passes `Limits.rollMaxCount`.
    package init(deliveriesMax: Int = Limits.openAlarmsMaxCount) { self.deliveriesMax = deliveriesMax }

    /// `rings[0]` is addressed now, the others by widening and `reach`. A higher revision replaces the one
    /// before for every target; the same revision only renews `needsSound` and rings; a lower one is ignored.
    /// `needsSound`: a post confirms by sounding it; otherwise by having it on its list. False: the bound is
    /// reached and only standing alarms are in the way; try again when one has finished. `staysAsked`: a
    /// confirmation runs out, and is asked for anew before that; else it holds until the post is lost.
    @discardableResult
    package mutating func publish(
        _ id: EventID, revision: UInt32, rings: [[TerminalID]], needsSound: Bool, staysAsked: Bool = false,
        now: Uptime
    ) -> Bool {
        if let place = place(of: id) {
            deliveries[place].renew(
                revision: revision, rings: rings, needsSound: needsSound, staysAsked: staysAsked, now: now)
        } else {
            if deliveries.count >= deliveriesMax {
                guard let oldest = deliveries.firstIndex(where: \.finishing) else { return false }
                deliveries.remove(at: oldest)
            }
            deliveries.append(
                Delivery(
                    id: id, revision: revision, rings: rings, needsSound: needsSound, staysAsked: staysAsked,
                    now: now))
        }
        wake = now
        return true
    }

    /// A step of the ladder: rings up to this one hear of it, whoever has confirmed.
    package mutating func reach(_ id: EventID, ring: Int, now: Uptime) {
        guard let place = place(of: id) else { return }
        deliveries[place].address(upTo: ring, now: now)
        wake = now
    }

    package mutating func receipt(from terminal: TerminalID, _ receipt: Receipt, now: Uptime) -> SenderOutcome
    {
        guard let place = place(of: receipt.id) else { return SenderOutcome() }
        var outcome = deliveries[place].take(receipt, from: terminal, now: now)
        wake = now
        if deliveries[place].isOver {
            deliveries.remove(at: place)
            outcome.finished = true
        }
        return outcome
    }

    /// It runs anew, or is back after it was lost: all it knew may be gone, so everything is due again there.
    package mutating func peerRestarted(_ terminal: TerminalID, now: Uptime) {
        for place in deliveries.indices { deliveries[place].restarted(terminal, now: now) }
        wake = now
    }

    /// Its confirmations count no more; where nobody else has confirmed, the next ring is addressed at once.
    package mutating func peerLost(_ terminal: TerminalID, now: Uptime) {
        for place in deliveries.indices { deliveries[place].lost(terminal, now: now) }
        wake = now
    }

    /// The link got its session: what `terminal` has not receipted is sent again now, not at its next
    /// repetition.
    package mutating func renamed(_ terminal: TerminalID, now: Uptime) {
        for place in deliveries.indices { deliveries[place].dueAtOnce(terminal, now: now) }
        wake = now
    }

    /// What to send now, oldest alarm first. Calling it counts as having sent.
    package mutating func due(_ now: Uptime) -> [(TerminalID, EventID)] {
        guard let wake, now >= wake else { return [] }
        var sends: [(TerminalID, EventID)] = []
        var next: Uptime?
        for place in deliveries.indices {
            for terminal in deliveries[place].due(now) { sends.append((terminal, deliveries[place].id)) }
            if let deadline = deliveries[place].deadline { next = min(next ?? deadline, deadline) }
        }
        self.wake = next
        return sends
    }

    /// When `due` has something next; `nil`: everything is receipted.
    package var deadline: Uptime? { wake }

    /// The living posts on whose list it stands, sounding if it has to.
    package func confirmedBy(_ id: EventID) -> [TerminalID] {
        place(of: id).map { deliveries[$0].confirming } ?? []
    }

    /// It was told of an alarm that stays asked, and for longer than a confirmation is good no receipt came
    /// from there. It need not be lost: its process may have died a moment ago.
    package func isSilent(_ terminal: TerminalID, about id: EventID, now: Uptime) -> Bool {
        place(of: id).map { deliveries[$0].isSilent(terminal, now: now) } ?? false
    }

    /// Everybody who was told or is being told.
    package func addressed(_ id: EventID) -> [TerminalID] {
        place(of: id).map { deliveries[$0].targets.map(\.terminal) } ?? []
    }

    package func contains(_ id: EventID) -> Bool { place(of: id) != nil }

    package var count: Int { deliveries.count }

    /// It is cleared, and published so: nobody further hears of it, and it goes when all addressed have
    /// receipted. A lost post keeps it here until it has returned and receipted. True: it is gone already.
    @discardableResult
    package mutating func finish(_ id: EventID) -> Bool {
        guard let place = place(of: id) else { return true }
        deliveries[place].finishing = true
        guard deliveries[place].isOver else { return false }
        deliveries.remove(at: place)
        return true
    }

    package mutating func forget(_ id: EventID) { deliveries.removeAll { $0.id == id } }

    /// The site no longer lists it.
    package mutating func forget(peer: TerminalID) {
        for place in deliveries.indices { deliveries[place].targets.removeAll { $0.terminal == peer } }
        deliveries.removeAll(where: \.isOver)
    }

    private func place(of id: EventID) -> Int? { deliveries.firstIndex { $0.id == id } }
}

/// What a receipt changed.
package struct SenderOutcome: Hashable, Sendable {
    /// Nobody had ever confirmed this alarm before.
    package var firstConfirmation = false
    /// This post needs no repetition of this revision.
    package var targetDone = false
    /// It was the last one missing of a finished alarm; the sender has let go of it.
    package var finished = false

    package init() {}
}
