// SPDX-License-Identifier: Apache-2.0

/// The bounds of recordings of calls: on the terminal's disk, on their way up, at the hub.
extension Limits {
    // MARK: On the terminal

    /// What recordings may take of a terminal's disk. Beyond it those that the hub has go, the oldest first;
    /// what it does not have stays.
    package static let recordingsBudgetBytes: Int64 = 1_024 * 1_024 * 1_024
    /// Left free for alarms, scores and the system. Below it recordings go that the hub has, then the oldest
    /// that it does not have; when none is left, a call is not recorded, and that is told.
    package static let recordingsReserveBytes: Int64 = 64 * 1_024 * 1_024
    /// Recordings are looked through this often, and after each call.
    package static let recordingsLookMs = 60_000
    /// A longer recording ends there, sealed, and the fault is told: 11 hours.
    package static let recordingMaxBytes = 256 * 1_024 * 1_024
    /// The seal of that, line by line; a longer file is no seal.
    package static let recordingSealMaxBytes = 8 * 1_024 * 1_024
    /// A recording is read in such pieces where its hash is taken.
    package static let recordingReadBytes = 64 * 1_024
    /// Room on the disk is set aside in such steps; what is over is given back at the end.
    package static let recordingStepBytes = 1_024 * 1_024
    /// A chunk of a seal is a page or a few: a second of voice. A longer one is none.
    package static let recordingChunkMaxBytes = 256 * 1_024
    /// The file's name beside its call's: parts of one call on one terminal; a further one is not recorded.
    package static let recordingPartsCount = 99
    /// A process that ends waits for its recordings to be sealed so long; what is not is sealed as cut later.
    package static let recordingSealMs = 2_000

    // MARK: On their way

    /// For something new to bring is looked this often.
    package static let recordingsSendLookMs = 5_000
    /// The first piece, and the bounds of all further ones, which follow the pace of the way.
    package static let recordingPieceFirstBytes = 32 * 1_024
    package static let recordingPieceMinBytes = 4 * 1_024
    package static let recordingPieceMaxBytes = 256 * 1_024
    /// One piece takes about so long: an alarm never shares the way with more than that.
    package static let recordingPieceMs = 500
    /// Recordings take at most so much of the way; alarms and entries are not held up by it.
    package static let recordingsBytesPerSecondCount = 512 * 1_024
    /// While alarms or entries wait, recordings stand back and look again this often.
    package static let recordingsYieldMs = 250
    /// What a hub refused is shown to it again after this; a person has been told.
    package static let recordingRefusedRetryMs = 3_600_000

    // MARK: At the hub

    /// One look into a recording; more is answered in parts.
    package static let recordingServeBytes = 64 * 1_024
    /// A recording that is heard by one session again within so long is one entry of the audit.
    package static let recordingPlayMs: Int = 600_000
    /// Recordings of one terminal that are on their way at once; a further one waits.
    package static let recordingsUnderWayCount = 4
    /// Words in an entry of the call stream; one with more is kept and not shown.
    package static let callEntryWordsCount = 64
}
