// SPDX-License-Identifier: Apache-2.0

/// What may sound in a room, the most important first.
package enum SoundRank: Int, Hashable, Sendable, CaseIterable, Comparable {
    case emergencyPage, alarmTone, alarmCall, livePage, routineCall, routine, background

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// A conversation: two of them are not heard at once, but a tone may sound into one.
    package var isCall: Bool { self == .alarmCall || self == .routineCall }
}

/// Who has the loudspeaker. A value: what wants to sound asks, what ends says so, and the answer says what
/// begins, stops and waits. Always true: at most one sounds, it is the most important of all that want to
/// (the older of two equals), and a call is never ended here: it is lowered while something more important
/// sounds, and goes on.
package struct Loudspeaker: Hashable, Sendable {
    package struct Claim: Hashable, Sendable {
        package var id: UInt64
        package var rank: SoundRank
        package var sinceMs: UInt64

        package init(id: UInt64, rank: SoundRank, sinceMs: UInt64) {
            self.id = id
            self.rank = rank
            self.sinceMs = sinceMs
        }
    }

    /// What is to be done, in this order.
    package enum Effect: Hashable, Sendable {
        /// With a ramp, within `Limits.soundRampMs`.
        case stop(UInt64)
        /// A call: its voice is lowered, not ended.
        case lower(UInt64)
        case raise(UInt64)
        case start(UInt64)
    }

    private var claims: [Claim] = []
    package private(set) var sounding: UInt64?

    package init() {}

    /// Something wants to sound. Known already: its new rank counts.
    package mutating func ask(_ claim: Claim) -> [Effect] {
        claims.removeAll { $0.id == claim.id }
        claims.append(claim)
        return settle()
    }

    /// It ended, or is no longer wanted.
    package mutating func end(_ id: UInt64) -> [Effect] {
        let wasSounding = sounding == id
        claims.removeAll { $0.id == id }
        if wasSounding { sounding = nil }
        return (wasSounding ? [.stop(id)] : []) + settle()
    }

    /// Everything that wants to sound, the most important first.
    package var waiting: [Claim] {
        claims.sorted { ($0.rank.rawValue, $0.sinceMs, $0.id) < ($1.rank.rawValue, $1.sinceMs, $1.id) }
    }

    private mutating func settle() -> [Effect] {
        let first = waiting.first
        guard first?.id != sounding else { return [] }
        var effects: [Effect] = []
        if let old = sounding, let claim = claims.first(where: { $0.id == old }) {
            effects.append(claim.rank.isCall ? .lower(old) : .stop(old))
        }
        sounding = first?.id
        if let first {
            effects += first.rank.isCall ? [.start(first.id), .raise(first.id)] : [.start(first.id)]
        }
        return effects
    }
}
