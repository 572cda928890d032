// SPDX-License-Identifier: Apache-2.0
internal import Facility

extension AlarmRecord {
    /// The record without its revision: two copies with equal facts know the same.
    package var facts: AlarmRecord {
        var copy = self
        copy.revision = 0
        return copy
    }

    /// The facts of both copies: the earlier deed of each kind, the larger counts. Commutative, associative
    /// and idempotent, so copies that went apart come together again in whatever order they meet. Of two
    /// pauses of the sound the later one counts; that no merge lengthens a silence is the roll's own rule.
    /// The revision is the larger one.
    package func merged(with other: AlarmRecord) -> AlarmRecord {
        var result = self
        result.revision = max(revision, other.revision)
        result.presses = max(presses, other.presses)
        result.escalation = max(escalation, other.escalation)
        result.spokenMs = max(spokenMs, other.spokenMs)
        result.annunciated = Deed.earlier(annunciated, other.annunciated)
        result.acknowledged = Deed.earlier(acknowledged, other.acknowledged)
        result.silenced = Deed.later(silenced, other.silenced)
        result.spoken = Deed.earlier(spoken, other.spoken)
        result.attended = Deed.earlier(attended, other.attended)
        result.cleared = Deed.earlier(cleared, other.cleared)
        return result
    }
}

extension Deed: Comparable {
    /// By time; ties by place, officer and ground, so that every terminal picks the same one.
    package static func < (a: Deed, b: Deed) -> Bool {
        if a.afterMs != b.afterMs { return a.afterMs < b.afterMs }
        if a.terminal != b.terminal { return a.terminal < b.terminal }
        switch (a.officer, b.officer) {
        case (nil, .some): return true
        case (.some, nil): return false
        case (.some(let mine), .some(let theirs)) where mine != theirs: return mine < theirs
        case (nil, nil), (.some, .some): return a.ground.rawValue < b.ground.rawValue
        }
    }

    static func earlier(_ a: Deed?, _ b: Deed?) -> Deed? {
        guard let a else { return b }
        guard let b else { return a }
        return min(a, b)
    }

    static func later(_ a: Deed?, _ b: Deed?) -> Deed? {
        guard let a, let b else { return a ?? b }
        return max(a, b)
    }
}
