// SPDX-License-Identifier: Apache-2.0

/// The bounds of pages: what is announced, how often, and what is waited for.
extension Limits {
    // MARK: On the wire

    /// A longer announcement is refused; it fits one frame of Ethernet.
    package static let pagingDatagramMaxBytes = 1_200
    /// More zones in one page are refused: page all of them instead.
    package static let pagingZonesMaxCount = 32
    /// Groups of others in one site, heard and spoken to; more are refused by the check.
    package static let pagingGroupsMaxCount = 32
    /// A packet of a page holds so much voice.
    package static let pagingFrameMs = 20
    /// Announcements taken in one turn; the rest waits for the next.
    package static let pagingMessagesPerTurnCount = 256
    /// The longest attention tone.
    package static let pagingToneMaxMs = 10_000

    /// Opus in a page: speech, with copies of lost frames inside.
    package static let pagingBitsPerSecondCount = 48_000

    // MARK: Time

    /// A terminal that has not answered is told again after so long, then after twice that, up to the bound.
    package static let pagingAskMs = 30
    package static let pagingAskMaxMs = 240
    /// The voice begins when all have answered, or after so long; who answers later joins it.
    package static let pagingLeadMs = 80
    /// A terminal that joined and hears nothing of the group for so long gets copies of its own.
    package static let pagingGroupPatienceMs = 200
    /// A terminal that hears is told of the page this often: one that was started anew joins it so.
    package static let pagingKeepMs = 1_000
    /// The end is told again this often, and for so long.
    package static let pagingEndAskMs = 100
    package static let pagingEndMs = 2_000
    /// What waits in a receiver's buffer is still played when the page has ended.
    package static let pagingDrainMs = 150
    /// A page of which nothing is heard for so long is over: its sender is gone.
    package static let pagingSilenceMs = 3_000
    /// A sender of others that is silent for so long has ended.
    package static let pagingForeignSilenceMs = 500
    /// Receivers look this often whether the voice has come.
    package static let pagingHeardLookMs = 20
    /// Whoever speaks live is asked for this often by the hand that opened it; without it the microphone
    /// closes.
    package static let pagingHandMs = 500
    package static let pagingHandMaxMs = 3_000
    /// A live page whose entry is not on the disk by then is not begun.
    package static let pagingRecordMs = 3_000
    /// The longest live page that is asked for by its length.
    package static let pagingLiveMaxMs = 3_600_000
}
