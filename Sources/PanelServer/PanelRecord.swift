// SPDX-License-Identifier: Apache-2.0
package import ConsoleServer
import Dispatch
package import Facility
import Journal
import Synchronization

/// What is written down of one deed at a panel.
package struct PanelNote: Hashable, Sendable {
    /// An officer's number; the post's own name where nobody signed in.
    package var who: String
    package var what: String
    package var subject: String
    /// `done`, or the code of a refusal.
    package var outcome: String

    package init(who: String, what: String, subject: String = "", outcome: String = "done") {
        self.who = who
        self.what = what
        self.subject = subject
        self.outcome = outcome
    }
}

/// The panel's own record: who did, looked at or was refused what, in a hash-chained journal of its own, in
/// the stream `duty`. Any task; writing never blocks, reading is done on a thread of its own.
package final class PanelRecord: Sendable {
    /// The kind of its entries; the payload is JSON.
    package static let kind: UInt16 = 1

    private let journal: EventJournal
    private let reading = DispatchQueue(label: "watchpost.duty")
    private let sequence = Mutex<UInt64>(0)
    private let refusals = Mutex(Refusals())

    private struct Refusals {
        var minute: UInt64 = 0
        var count = 0
    }

    package init(path: String, terminal: TerminalID) {
        let told = WeakJournal()
        let queue = DispatchQueue(label: "watchpost.duty.reports")
        // Reports are taken so that they do not pile up; the journal itself tries again until the disk obeys.
        journal = EventJournal(path: path, terminal: terminal, run: .random(in: 1 ... .max)) {
            queue.async { told.takeReports() }
        }
        told.journal.withLock { $0 = journal }
        journal.start()
    }

    package func stop() { journal.stop() }

    /// What is refused to nobody known: of one minute the first so many, then one entry that counts the rest,
    /// so that nobody fills the disk by knocking.
    package func appendRefusal(_ note: PanelNote, now: Moment) {
        let minute = now.uptime.nanoseconds / 60_000_000_000
        let (isWritten, unwritten) = refusals.withLock { refusals in
            var unwritten = 0
            if refusals.minute != minute {
                unwritten = max(0, refusals.count - Limits.panelRefusalsPerMinuteCount)
                refusals = Refusals(minute: minute)
            }
            refusals.count += 1
            return (refusals.count <= Limits.panelRefusalsPerMinuteCount, unwritten)
        }
        if unwritten > 0 {
            append(
                PanelNote(who: note.who, what: "refusals", subject: "\(unwritten)", outcome: "unwritten"),
                now: now)
        }
        if isWritten { append(note, now: now) }
    }

    package func append(_ note: PanelNote, now: Moment) {
        let said = JSONValue.object([
            "who": .text(note.who), "what": .text(note.what), "on": .text(note.subject),
            "outcome": .text(note.outcome),
        ])
        let payload = Array(((try? JSONText.encode(said)) ?? "{}").utf8)
        // Under the lock, so that the order of numbers is the order of entries.
        sequence.withLock { sequence in
            sequence += 1
            let id = EventID(
                terminal: journal.terminal, stream: .duty, run: journal.run, sequence: sequence)
            journal.append(
                JournalEvent(id: id, at: now, kind: Self.kind, payload: payload), urgent: false,
                now: now.uptime)
        }
    }

    /// The newest first, at most `limit`.
    package func entries(limit: Int) async throws -> [JSONValue] {
        let path = journal.path
        return try await PostRecord.on(reading) { () throws -> [JSONValue] in
            let reader = try JournalReader(path: path)
            guard let head = try reader.heads().first(where: { $0.stream == .duty }) else { return [] }
            let from = head.sequence > UInt64(limit) ? head.sequence - UInt64(limit) : 0
            let found = try reader.events(
                past: SyncCursor(stream: .duty, sequence: from), limit: Limits.listMaxCount)
            return found.reversed().compactMap(Self.view)
        }
    }

    private static func view(_ entry: JournalEntry) -> JSONValue? {
        guard entry.event.kind == kind, case .object(var said)? = JSONText.decode(entry.event.payload)
        else { return nil }
        said["sequence"] = .int(Int64(bitPattern: entry.sequence))
        said["at"] = .int(entry.event.at.wallMs)
        said["hash"] = .text(Secrets.hex(entry.hash))
        return .object(said)
    }
}

/// Lets the journal's wake find the journal that is made with it.
private final class WeakJournal: Sendable {
    let journal = Mutex<EventJournal?>(nil)
    func takeReports() { _ = journal.withLock { $0 }?.takeReports() }
}
