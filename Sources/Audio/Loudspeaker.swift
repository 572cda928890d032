// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Who has the loudspeaker. A value of whoever owns one; what wants to sound claims it, what ends says so.
/// Always true: one of all claims is first (the most important, the older of two equals), and one voice at
/// most is heard: the first of the voices, lowered while a sound is before it. Two voices are never mixed.
package struct Loudspeaker: Hashable, Sendable {
    package struct Claim: Hashable, Sendable {
        package var id: UInt64
        package var rank: SoundRank
        /// A conversation: a sound may be heard into it, and it is never ended here.
        package var isVoice: Bool
        package var since: UInt64

        package init(id: UInt64, rank: SoundRank, isVoice: Bool = false, since: UInt64) {
            self.id = id
            self.rank = rank
            self.isVoice = isVoice
            self.since = since
        }
    }

    /// The most important first.
    package private(set) var claims: [Claim] = []

    package init() {}

    /// Something wants to sound. Known already: its new rank counts.
    package mutating func ask(_ claim: Claim) {
        claims.removeAll { $0.id == claim.id }
        let place = claims.firstIndex {
            $0.rank < claim.rank || ($0.rank == claim.rank && $0.since > claim.since)
        }
        claims.insert(claim, at: place ?? claims.endIndex)
    }

    package mutating func rank(_ id: UInt64, _ rank: SoundRank) {
        guard var claim = claims.first(where: { $0.id == id }) else { return }
        claim.rank = rank
        ask(claim)
    }

    /// It ended, or is no longer wanted.
    package mutating func end(_ id: UInt64) { claims.removeAll { $0.id == id } }

    /// The sound that is heard; nil: none, a voice comes first.
    package var sound: UInt64? { claims.first.flatMap { $0.isVoice ? nil : $0.id } }
    /// The voice that is heard, under that sound where there is one.
    package var voice: UInt64? { claims.first { $0.isVoice }?.id }
}
