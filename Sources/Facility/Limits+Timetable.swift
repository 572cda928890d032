// SPDX-License-Identifier: Apache-2.0

/// The bounds of the timetable.
extension Limits {
    /// Routines of one timetable; more are refused.
    package static let routinesMaxCount = 512
    /// Days that one timetable or routine names one by one; more are refused.
    package static let routineDatesMaxCount = 1_024
    /// Kinds of day; more are refused.
    package static let dayTypesMaxCount = 32
    /// One unit's planned length; a longer one is refused.
    package static let unitMaxMs = 12 * 3_600_000
    /// Time-zone transitions that are compiled in; more are refused.
    package static let transitionsMaxCount = 4_096
    /// A compiled timetable; a longer one is refused.
    package static let timetableMaxBytes = 4 * 1_024 * 1_024
    /// Occurrences that the record of a terminal remembers as begun; the oldest is forgotten first. More than
    /// two months of the fullest day that ships.
    package static let playedMaxCount = 4_096
    /// Units begun or waiting at once; a further one is recorded as skipped.
    package static let unitsHeldMaxCount = 64
    /// A wall clock that leaves the monotonic one by more between two looks was stepped.
    package static let clockStepMs = 2_000
    /// What lies further back when a clock comes forward is recorded as one span, not unit by unit.
    package static let catchUpMs = 2 * 86_400_000
    /// Nothing to do: the timetable is looked at again by then, whatever it said.
    package static let timetableLookMs = 3_600_000
    /// While a unit sounds, how far it is gets saved this often: so much is heard twice after a
    /// crash at most.
    package static let playSavedMs = 5_000
    /// Days that a preview shows; more are refused.
    package static let previewMaxDays = 400
    /// Voices that want one zone at once; a further one is refused.
    package static let zoneClaimsMaxCount = 64
    /// An iCalendar file's lines; a longer file is refused.
    package static let calendarLinesMaxCount = 65_536

    // MARK: Its sound

    /// A unit is handed to the loudspeaker so long before its time, with the ledger on the disk already; a
    /// slower disk costs its first moments, and never the step with its neighbours.
    package static let playLeadMs = 150
    /// The units of so much time to come are read and decoded; one that is not ready is joined late.
    package static let clipAheadMs = 120_000
    /// Whether timetable and clips are still the same is looked at this often.
    package static let dayFilesLookMs = 60_000
    /// Units read ahead at once; a further one waits until another has sounded.
    package static let clipsReadyMaxCount = 4
    /// A unit in step is played faster or slower by at most so much: nobody hears it.
    package static let playRateMaxPpm = 2_000
    /// So far off, and the card lost its place (it ran dry, was opened again): the unit goes on where it
    /// ought to be.
    package static let playJumpMs = 10
    /// The card's clock is judged by about so many blocks: 2.5 s.
    package static let playTrackCount = 1_000
    /// What one entry of the record may say; more words make it none.
    package static let playEntryMaxBytes = 1_024
    /// A terminal has so long to tell the hub of a unit that is over; then it is shown as not told of.
    package static let playToldMs = 120_000
    /// What a preview shows where nobody says how many days.
    package static let previewDaysCount: Int64 = 7
    /// What a person may write of a timetable at the console; a longer text is refused unread.
    package static let timetableTextMaxBytes = 256 * 1_024
}
