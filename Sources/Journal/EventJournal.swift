// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc
import Synchronization

/// The terminal's record. One thread of its own ("journal"), one file, one writer. Any thread may append; nothing here
/// ever blocks the caller, whatever the disk does.
package final class EventJournal: Sendable {
    package enum Durability: Sendable {
        /// What is reported as stored survives a power cut.
        case full
        /// It does not. Only there to prove that the power-cut test can fail.
        case normalForTheNegativeControl
    }

    package let path: String
    package let terminal: TerminalID
    package let run: UInt64

    package init(
        path: String, terminal: TerminalID, run: UInt64, durability: Durability = .full,
        wake: @escaping @Sendable () -> Void
    ) {
        self.path = path
        self.terminal = terminal
        self.run = run
    }

    /// Begins the thread; the file is opened there.
    package func start() {}

    /// Any thread, never blocks. `urgent` entries are given up last when the queue is full.
    package func append(_ event: JournalEvent, urgent: Bool, now: Uptime) {}

    /// On the line thread, after `wake`.
    package func takeReports() -> [JournalReport] { [] }

    /// Entries that no commit has confirmed.
    package var depth: Int { 0 }

    /// When the oldest of them was appended; long ago means a stall.
    package var oldestWaiting: Uptime? { nil }

    /// Stores what waits, tries a broken disk once more, and joins the thread.
    package func stop() {}
}
