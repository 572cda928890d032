// SPDX-License-Identifier: Apache-2.0

/// Why a unit did not sound, or not to its end.
package enum PlayCause: UInt8, CaseIterable, Sendable, Hashable {
    /// The clocks left its time out, and its policy is to skip then.
    case timeChange = 1
    /// Its time came while nothing ran here.
    case notRunning
    /// Its time came while nobody knew the time.
    case clockUnknown
    /// The wall clock was set over its time.
    case clockStepped
    /// Another unit of the timetable had the zone.
    case displaced
    /// A call, a page or an alarm had the zone.
    case yielded
    /// Its hard end came.
    case hardEnd
    /// A newer timetable does not have it.
    case planChanged
    /// More units wanted to sound than can be kept.
    case tooMany
    /// The machine looked too late, for no reason of its own.
    case late
    /// Its clip is not in the library here, or is not what the library says.
    case clipMissing
}

/// What became of a unit.
package enum PlayOutcome: Hashable, Sendable {
    /// It sounds since now, `lateMs` after its time, from `offsetMs` on.
    case began(lateMs: Int64, offsetMs: Int64)
    case interrupted(PlayCause, atMs: Int64)
    case resumed(offsetMs: Int64)
    /// Ends: one of these three comes for every unit.
    case played
    case cut(PlayCause, atMs: Int64)
    case skipped(PlayCause)
}

/// What the desk does, in this order, after it has saved the ledger.
package enum TimetableEffect: Hashable, Sendable {
    case play(Occurrence, offsetMs: Int64)
    case stop(OccurrenceID)
    case record(OccurrenceID, PlayOutcome)
    /// The same as `skipped` for every unit of the timetable whose time lies in `fromMs ..< toMs` and of
    /// which no other record speaks.
    case skippedSpan(fromMs: Int64, toMs: Int64, PlayCause)
    /// Whether the wall clock is good enough for a timetable; while it is not, nothing begins.
    case clockKnown(Bool)
}
