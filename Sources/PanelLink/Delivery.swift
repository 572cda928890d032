// SPDX-License-Identifier: Apache-2.0
import Facility

/// One alarm on its way to its posts. A value inside `AnnunciationSender`.
struct Delivery: Sendable {
    struct Target: Sendable {
        let terminal: TerminalID
        /// Newest revision it said it has; 0: none.
        var receipted: UInt32 = 0
        /// Its newest receipt says that it can be seen, and heard if it has to be.
        var confirmed = false
        /// Without a further receipt by then nothing is known of it any more.
        var goodUntil: Uptime
        var lost = false
        /// Of the present revision.
        var firstSent: Uptime?
        var nextDue: Uptime

        init(_ terminal: TerminalID, now: Uptime) {
            self.terminal = terminal
            nextDue = now
            goodUntil = now.advanced(ms: Limits.confirmationGoodMs)
        }

        mutating func startAnew(_ now: Uptime) {
            firstSent = nil
            nextDue = now
        }

        /// Repetitions missed by a late turn are skipped.
        mutating func sent(_ now: Uptime) {
            let first = firstSent ?? now
            firstSent = first
            let scheduled = Limits.annunciationRetryMs.lazy.map { first.advanced(ms: $0) }.first { $0 > now }
            nextDue = scheduled ?? now.advanced(ms: Limits.annunciationRetryLastMs)
        }
    }

    let id: EventID
    private(set) var revision: UInt32
    var finishing = false
    var targets: [Target] = []
    private var rings: [[TerminalID]]
    private var needsSound: Bool
    /// A confirmation is good for `Limits.confirmationGoodMs`, and asked for anew before that.
    private var staysAsked: Bool
    private var everConfirmed = false
    /// Rings addressed so far.
    private var reached = 0
    /// When the next ring is addressed if nobody has confirmed by then.
    private var widenAt: Uptime

    init(
        id: EventID, revision: UInt32, rings: [[TerminalID]], needsSound: Bool, staysAsked: Bool, now: Uptime
    ) {
        self.id = id
        self.revision = revision
        self.rings = rings
        self.needsSound = needsSound
        self.staysAsked = staysAsked
        widenAt = now.advanced(ms: Limits.widenAfterMs)
        address(upTo: 0, now: now)
        if targets.isEmpty { widen(now) }
    }

    mutating func renew(
        revision: UInt32, rings: [[TerminalID]], needsSound: Bool, staysAsked: Bool, now: Uptime
    ) {
        guard revision >= self.revision else { return }
        if staysAsked, !self.staysAsked { startAsking(now) }
        self.rings = rings
        self.needsSound = needsSound
        self.staysAsked = staysAsked
        if revision > self.revision {
            self.revision = revision
            for place in targets.indices { targets[place].startAnew(now) }
        }
        address(upTo: max(reached - 1, 0), now: now)
    }

    /// Those already addressed stay as they are.
    mutating func address(upTo ring: Int, now: Uptime) {
        reached = max(reached, min(max(ring, 0) + 1, rings.count))
        for terminal in rings.prefix(reached).joined()
        where !targets.contains(where: { $0.terminal == terminal }) {
            targets.append(Target(terminal, now: now))
        }
    }

    mutating func take(_ receipt: Receipt, from terminal: TerminalID, now: Uptime) -> SenderOutcome {
        var outcome = SenderOutcome()
        guard receipt.revision <= revision, let place = targets.firstIndex(where: { $0.terminal == terminal })
        else { return outcome }
        // One of an older revision than already receipted was overtaken on its way and says nothing any more.
        if receipt.revision >= targets[place].receipted {
            let wasConfirmed = !confirming.isEmpty
            targets[place].lost = false
            targets[place].goodUntil = now.advanced(ms: Limits.confirmationGoodMs)
            targets[place].confirmed = receipt.listed && (receipt.sounding != .failed || !needsSound)
            if receipt.listed { targets[place].receipted = receipt.revision }
            if targets[place].confirmed {
                outcome.firstConfirmation = !everConfirmed
                everConfirmed = true
                if receipt.revision == revision { askLater(place, now) }
            } else {
                if wasConfirmed, confirming.isEmpty { widenAt = now }
                if receipt.revision == revision {
                    targets[place].nextDue = now.advanced(ms: Limits.annunciationRetryLastMs)
                }
            }
        }
        outcome.targetDone = isDone(targets[place])
        return outcome
    }

    mutating func restarted(_ terminal: TerminalID, now: Uptime) {
        guard let place = targets.firstIndex(where: { $0.terminal == terminal }) else { return }
        let wasConfirmed = !confirming.isEmpty
        targets[place] = Target(terminal, now: now)
        if wasConfirmed, confirming.isEmpty { widenAt = now.advanced(ms: Limits.widenAfterMs) }
    }

    mutating func lost(_ terminal: TerminalID, now: Uptime) {
        guard let place = targets.firstIndex(where: { $0.terminal == terminal }), !targets[place].lost else {
            return
        }
        targets[place].lost = true
        targets[place].confirmed = false
        if confirming.isEmpty { widenAt = min(widenAt, now) }
    }

    mutating func dueAtOnce(_ terminal: TerminalID, now: Uptime) {
        for place in targets.indices where targets[place].terminal == terminal {
            targets[place].startAnew(now)
        }
    }

    mutating func due(_ now: Uptime) -> [TerminalID] {
        if staysAsked { forgetConfirmations(olderThan: now) }
        if now >= widenAt { widen(now) }
        var due: [TerminalID] = []
        for place in targets.indices where !rests(targets[place]) && targets[place].nextDue <= now {
            due.append(targets[place].terminal)
            targets[place].sent(now)
        }
        return due
    }

    /// To the next ring that has somebody new in it.
    private mutating func widen(_ now: Uptime) {
        let before = targets.count
        while mayWiden, targets.count == before { address(upTo: reached, now: now) }
        widenAt = now.advanced(ms: Limits.widenAfterMs)
    }

    var deadline: Uptime? {
        var next = mayWiden ? widenAt : nil
        for target in targets {
            if !rests(target) { next = min(next ?? target.nextDue, target.nextDue) }
            if staysAsked, target.confirmed { next = min(next ?? target.goodUntil, target.goodUntil) }
        }
        return next
    }

    var confirming: [TerminalID] { targets.filter { $0.confirmed }.map(\.terminal) }

    /// Finished, and everybody has the newest revision on record.
    var isOver: Bool { finishing && targets.allSatisfy { $0.receipted == revision } }

    private var mayWiden: Bool { !finishing && reached < rings.count && confirming.isEmpty }

    private func isDone(_ target: Target) -> Bool {
        target.receipted == revision && (target.confirmed || finishing)
    }

    /// Nothing goes to it by itself.
    private func rests(_ target: Target) -> Bool { isDone(target) && (finishing || !staysAsked) }
}

// MARK: - Confirmations that run out

extension Delivery {
    /// Addressed, and for longer than a confirmation is good not one receipt came from there.
    func isSilent(_ terminal: TerminalID, now: Uptime) -> Bool {
        targets.contains { $0.terminal == terminal && $0.goodUntil <= now }
    }

    private mutating func startAsking(_ now: Uptime) {
        for place in targets.indices {
            targets[place].goodUntil = now.advanced(ms: Limits.confirmationGoodMs)
        }
    }

    /// Each alarm has a beat of its own, so that those of a full list do not ask all at once; an asking
    /// without an answer is repeated like a first sending.
    private mutating func askLater(_ place: Int, _ now: Uptime) {
        guard staysAsked else { return }
        let beat = UInt64(Limits.confirmationAskMs)
        let soonest = now.advanced(ms: Limits.confirmationAskMs / 2)
        let phase = (id.run ^ id.sequence &* 0x9e37_79b9_7f4a_7c15) % beat
        let wait = (phase + beat - soonest.nanoseconds / 1_000_000 % beat) % beat
        targets[place].firstSent = nil
        targets[place].nextDue = soonest.advanced(ms: Int(wait))
    }

    private mutating func forgetConfirmations(olderThan now: Uptime) {
        let wasConfirmed = !confirming.isEmpty
        for place in targets.indices where targets[place].goodUntil <= now {
            targets[place].confirmed = false
        }
        if wasConfirmed, confirming.isEmpty { widenAt = now }
    }
}
