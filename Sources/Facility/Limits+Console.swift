// SPDX-License-Identifier: Apache-2.0

/// The bounds of the console, at a hub and at a post.
extension Limits {
    /// Somebody should be at the door by then; the clock of an alarm counts down from here and goes on below
    /// zero.
    package static let attendWithinMs = 300_000
    /// A terminal without a proof of life for so long is shown as *late*; after `peerLostMs` as *lost*.
    package static let proofLateMs = 4_000
    /// Alarms that ended last and are still told to a page that missed it; a page further behind gets the
    /// whole wall.
    package static let wallEndedCount = 1_024
    /// Lines of the flood list; what does not fit is grouped more coarsely, never left out.
    package static let floodLinesMaxCount = 15
    /// Lines of it that emergencies leave to everything else before they are grouped by zone.
    package static let floodRestCount = 4
    /// Alarms named in one line; the others are counted.
    package static let floodNamedCount = 5
    /// ANSI/ISA-18.2: more than this in ten minutes for one operator is a flood; it is over below the second.
    package static let floodBeginsCount = 10
    package static let floodEndsCount = 5
    package static let floodWindowMs = 600_000
    /// Shelving lasts so long at most; then the alarms are back by themselves.
    package static let shelfMaxMs = 480 * 60_000
    /// Groups shelved at a time; a further one is refused.
    package static let shelvesMaxCount = 64
    /// Reasons and notes that officers write; longer ones are refused.
    package static let reasonMaxBytes = 600
    /// A round of button tests that nobody ended is ended after this long; its waiting cells stay waiting.
    package static let roundMaxMs = 4 * 3_600_000
    /// Decisions on one cell's use kept in memory; older ones are in the store.
    package static let useEntriesCount = 100
}
