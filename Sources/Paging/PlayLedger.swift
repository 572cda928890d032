// SPDX-License-Identifier: Apache-2.0
import Facility

/// What a restart must not forget of the timetable: up to when it was followed, what was begun, what is under
/// way. A value; lives with its machine, is saved before effects are performed.
///
/// Always true: what is in `begun` never begins again, whatever the clock does; it is bounded, the oldest
/// goes first.
package struct PlayLedger: Hashable, Sendable {
    /// A unit whose time has come.
    package struct Held: Hashable, Sendable {
        package var occurrence: Occurrence
        package var hasBegun: Bool
        package var positionMs: Int64
        /// Why it is silent, while it is.
        package var cause: PlayCause

        package init(_ occurrence: Occurrence, hasBegun: Bool, positionMs: Int64, cause: PlayCause) {
            self.occurrence = occurrence
            self.hasBegun = hasBegun
            self.positionMs = positionMs
            self.cause = cause
        }
    }

    /// Unix milliseconds: what was planned until then is settled or held. nil: it was never followed.
    package internal(set) var settledMs: Int64?
    package internal(set) var held: [Held] = []
    private(set) var begun: [OccurrenceID] = []
    private var known: Set<OccurrenceID> = []

    package init() {}

    init(settledMs: Int64?, held: [Held], begun: [OccurrenceID]) {
        self.settledMs = settledMs
        self.held = held
        for id in begun { note(id) }
    }

    /// How far it was followed alone is worth no write: what lies between holds nothing that was not played.
    package func isWorthKeeping(over kept: PlayLedger) -> Bool {
        var same = self
        same.settledMs = kept.settledMs
        let sinceMs = (settledMs ?? 0) - (kept.settledMs ?? 0)
        return same != kept || abs(sinceMs) >= Int64(Limits.timetableLookMs)
    }

    package func hasBegun(_ id: OccurrenceID) -> Bool { known.contains(id) }

    mutating func note(_ id: OccurrenceID, max: Int = Limits.playedMaxCount) {
        guard known.insert(id).inserted else { return }
        begun.append(id)
        // Rarely, and many at once: a list loses its head slowly.
        if begun.count >= 2 * max {
            for old in begun.prefix(begun.count - max) { known.remove(old) }
            begun.removeFirst(begun.count - max)
        }
    }
}
