// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Journal
import Paging
import Synchronization

/// Puts what became of the day's units and of pages into the terminal's journal: stream `page`, signed and
/// chained like the rest. Any thread; never waits.
final class PlayRecorder: Sendable {
    private let journal: EventJournal
    private let terminal: TerminalID
    private let run: UInt64
    private let last = Atomic<UInt64>(0)

    init(_ journal: EventJournal, terminal: TerminalID, run: UInt64) {
        (self.journal, self.terminal, self.run) = (journal, terminal, run)
    }

    /// `urgent`: somebody waits until it is on the disk.
    @discardableResult
    func add(_ entry: PlayEntry, _ at: Moment, urgent: Bool = false) -> EventID {
        add(entry.step.rawValue, entry.payload, at, urgent: urgent)
    }

    /// The entry's name; a page is called by its first one.
    func add(_ entry: PageEntry, _ at: Moment) -> EventID { add(entry.step.rawValue, entry.payload, at) }

    private func add(_ kind: UInt16, _ payload: [UInt8], _ at: Moment, urgent: Bool = false) -> EventID {
        let sequence = last.add(1, ordering: .relaxed).newValue
        let id = EventID(terminal: terminal, stream: .page, run: run, sequence: sequence)
        journal.append(
            JournalEvent(id: id, at: at, kind: kind, payload: payload), urgent: urgent, now: at.uptime)
        return id
    }
}
