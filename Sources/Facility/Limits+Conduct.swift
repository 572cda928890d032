// SPDX-License-Identifier: Apache-2.0

/// The bounds of the conduct ledger.
extension Limits {
    /// A compiled rule pack; a longer one is refused.
    package static let rulePackMaxBytes = 1_024 * 1_024
    /// Parts, profiles or grades of one pack; more are refused.
    package static let rulePartsMaxCount = 16
    /// Items of one pack; more are refused.
    package static let ruleItemsMaxCount = 2_048
    /// Holidays and exchanged workdays of one pack; more are refused.
    package static let ruleDaysMaxCount = 4_096
    /// What one entry or one month may move, in hundredths of a point; more is refused. Sums of a million of
    /// them stay far within 64 bits.
    package static let hundredthsMaxCount: Int64 = 10_000_000
    /// What an officer writes beside an entry; more is refused.
    package static let conductNoteMaxBytes = 2_000
    /// One entry of the stream `conduct`; a longer one is none.
    package static let conductEntryMaxBytes = 8_192
    /// Pieces of evidence, or names that sign, in one entry; more are refused.
    package static let conductNamesMaxCount = 16
    /// Terminals that one close covers; more are refused.
    package static let closeCoversMaxCount = 128
    /// Months that a person's cycle is followed through: fifty years.
    package static let cycleMonthsMaxCount = 600
    /// Working days ahead that a deadline is looked for; then the calendar itself is wrong.
    package static let workingDaysMaxCount = 3_660
}
