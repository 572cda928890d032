// SPDX-License-Identifier: Apache-2.0

/// What may sound in a room, and who yields to whom there: the least urgent first (HOUSE.md §3). The raw
/// value stands in compiled timetables and on the wire. A value; any thread.
package enum SoundRank: UInt8, CaseIterable, Sendable, Hashable, Comparable {
    case background = 1
    case routine
    case routineCall
    case livePage
    case alarmCall
    case alarmTone
    case emergencyPage

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// A voice that speaks to the whole zone: two of them are never mixed.
    package var isPage: Bool {
        switch self {
        case .livePage, .emergencyPage: true
        case .background, .routine, .routineCall, .alarmCall, .alarmTone: false
        }
    }

    /// Chinese, then English.
    package var phrase: Phrase {
        switch self {
        case .background: Phrase("背景音", "background sound")
        case .routine: Phrase("作息广播", "a routine")
        case .routineCall: Phrase("普通通话", "a call")
        case .livePage: Phrase("另一广播", "another page")
        case .alarmCall: Phrase("报警通话", "an alarm's call")
        case .alarmTone: Phrase("报警音", "an alarm's tone")
        case .emergencyPage: Phrase("紧急广播", "an emergency page")
        }
    }
}
