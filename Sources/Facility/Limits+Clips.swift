// SPDX-License-Identifier: Apache-2.0

/// The bounds of voice units: how they are made, spread and kept.
extension Limits {
    // MARK: Making

    /// A larger file is not looked into.
    package static let clipSourceMaxBytes: Int64 = 64 * 1_024 * 1_024
    /// Programme loudness of every unit (EBU R 128), LUFS.
    package static let clipLoudnessDb = -23.0
    /// Its true peak at most, dBTP; a unit that would go beyond is as much quieter.
    package static let clipPeakDb = -1.0
    /// What is quieter than this has no sound in it, LUFS.
    package static let clipSilenceDb = -70.0
    package static let clipRateHz = 48_000
    package static let clipBitsPerSecondCount = 48_000
    /// A longer text is not spoken.
    package static let clipTextMaxBytes = 1_000
    /// A text is spoken by then, or it is given up.
    package static let clipSpeechMs = 15_000

    // MARK: The library

    /// Units of one library; more are refused.
    package static let clipsMaxCount = 1_024
    /// A longer index is none.
    package static let clipIndexMaxBytes = 128 * 1_024
    /// A unit's content; a longer one is refused.
    package static let clipMaxBytes: Int64 = 2 * 1_024 * 1_024
    /// All contents of a library together; a further one is refused.
    package static let clipsBudgetBytes: Int64 = 512 * 1_024 * 1_024
    /// Left free on a terminal's disk for alarms, scores and the system; with less, no clip is brought down.
    package static let clipsReserveBytes: Int64 = 64 * 1_024 * 1_024
    /// A content that was found right is hashed again after this, or when its file changed.
    package static let clipsCheckMs = 86_400_000
    /// A body of the console that brings a file of sound; a larger one is refused.
    package static let clipUploadMaxBytes = 16 * 1_024 * 1_024
    /// Words of what a terminal reports of its library.
    package static let clipReportMaxBytes = 4 * 1_024
    /// Contents that one report names as refused; more are counted in the next.
    package static let clipReportMaxCount = 16
}
