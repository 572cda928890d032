// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Something that wants to sound in a zone. A value; any thread.
package struct ZoneClaim: Hashable, Sendable {
    /// What it does while something more urgent sounds.
    package enum Manners: Sendable, Hashable {
        /// Pauses, and sounds again afterwards.
        case waits
        /// Is over: a live voice, a call.
        case leaves
    }

    /// Its maker's own number; two claims never share one.
    package var id: UInt64
    package var rank: SoundRank
    package var manners: Manners

    package init(id: UInt64, rank: SoundRank, manners: Manners) {
        self.id = id
        self.rank = rank
        self.manners = manners
    }
}

/// What the desk does, in this order; silence comes before the next sound.
package enum ZoneEffect: Hashable, Sendable {
    case sound(UInt64)
    /// Be silent for `by`; `sound` follows when it is over.
    case pause(UInt64, by: SoundRank)
    /// Over, because `by` is more urgent: told to whoever speaks.
    case cut(UInt64, by: SoundRank)
    /// Never begun: a page of the same rank sounds already, or too many wait.
    case refuse(UInt64, by: SoundRank)
}

/// Who sounds in one zone. A value; lives on the desk's thread, which performs its effects.
///
/// Always true: at most one claim sounds; it has the highest rank of all that want to; the one that came
/// first among its equals. Two pages never take turns: the second of equal rank is refused, so that its
/// speaker knows.
package struct ZoneArbiter: Sendable {
    /// In the order of coming.
    private var claims: [ZoneClaim] = []
    package private(set) var sounding: ZoneClaim?

    package init() {}

    /// What the timetable or a call has to be quieter than; nil: silence.
    package var rank: SoundRank? { sounding?.rank }
    package var waiting: [UInt64] { claims.map(\.id).filter { $0 != sounding?.id } }

    package mutating func begin(_ claim: ZoneClaim) -> [ZoneEffect] {
        guard !claims.contains(where: { $0.id == claim.id }) else { return [] }
        if let sounding {
            let isFull = claims.count >= Limits.zoneClaimsMaxCount
            let isSecondPage = claim.rank.isPage && claims.contains { $0.rank == claim.rank }
            let isHopeless = claim.manners == .leaves && claim.rank < sounding.rank
            // What is most urgent always finds room.
            if isSecondPage || isHopeless || (isFull && claim.rank <= sounding.rank) {
                return [.refuse(claim.id, by: sounding.rank)]
            }
        }
        claims.append(claim)
        return settle()
    }

    /// It is over by itself, or was given up.
    package mutating func end(_ id: UInt64) -> [ZoneEffect] {
        claims.removeAll { $0.id == id }
        if sounding?.id == id { sounding = nil }
        return settle()
    }

    /// What is no page took the loudspeaker, or left it (nil): a call, a tone, a routine. It makes way and
    /// comes back by itself; effects speak of pages alone.
    package mutating func occupy(_ rank: SoundRank?) -> [ZoneEffect] {
        claims.removeAll { $0.id == Self.occupant }
        if sounding?.id == Self.occupant { sounding = nil }
        if let rank {
            claims.append(ZoneClaim(id: Self.occupant, rank: rank, manners: .waits))
        }
        return settle().filter { effect in
            switch effect {
            case .sound(let id), .pause(let id, _), .cut(let id, _), .refuse(let id, _): id != Self.occupant
            }
        }
    }

    /// The claim of whatever is no page.
    package static let occupant: UInt64 = 0

    private mutating func settle() -> [ZoneEffect] {
        guard let top = claims.map(\.rank).max(), let next = claims.first(where: { $0.rank == top }) else {
            return []
        }
        guard next.id != sounding?.id else { return [] }
        // Its equal keeps the zone.
        if let sounding, sounding.rank == top { return [] }
        var effects: [ZoneEffect] = []
        if let old = sounding {
            switch old.manners {
            case .waits: effects.append(.pause(old.id, by: top))
            case .leaves:
                claims.removeAll { $0.id == old.id }
                effects.append(.cut(old.id, by: top))
            }
        }
        sounding = next
        return effects + [.sound(next.id)]
    }
}
