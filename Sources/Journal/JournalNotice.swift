// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The journal's own entries, in the health stream of the run that writes them; payloads are UTF-8 lines
/// `name=value`. Their sequences within the run begin at 2^62, so they never meet a desk's.
package enum JournalNotice: UInt16, Sendable, CaseIterable {
    /// First entry of a file that follows a damaged one: the old file's name, what was wrong, its heads as
    /// far as known.
    case continues = 0xff01
    /// Entries were given up unstored.
    case dropped = 0xff02
    /// Storing had failed; written when it works again.
    case faulted = 0xff03

    package static let kinds: ClosedRange<UInt16> = 0xff00...0xffff
    static let firstSequence: UInt64 = 1 << 62

    func event(_ lines: [String], id: EventID, at: Moment) -> JournalEvent {
        JournalEvent(id: id, at: at, kind: rawValue, payload: Array(lines.joined(separator: "\n").utf8))
    }
}

extension EventID {
    /// True for the journal's own entries, which no desk waits for.
    package var isNotice: Bool { stream == .health && sequence >= JournalNotice.firstSequence }
}
