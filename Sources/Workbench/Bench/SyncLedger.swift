// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
package import Journal
import PanelLink

/// What a hub must have according to the journals, and what it has. A value; the bench on its thread.
///
/// `known`: every entry that a journal ever held. `owed`: those that its files still tell at the end, as far
/// as they follow on each other. Always true of a good hub: it has all that is owed, nothing that is not
/// known, each as its journal had it, and in its order.
package struct SyncLedger {
    package struct Place: Hashable, Sendable {
        package let terminal: TerminalID
        package let stream: Stream
        package let sequence: UInt64

        package init(terminal: TerminalID, stream: Stream, sequence: UInt64) {
            (self.terminal, self.stream, self.sequence) = (terminal, stream, sequence)
        }
    }

    /// One row of the hub's table of events.
    package struct Row: Hashable, Sendable {
        package var place: Place
        package var run: UInt64
        package var runSequence: UInt64
        package var previousHash: [UInt8]
        package var hash: [UInt8]
        package var receivedMs: Int64

        package init(_ entry: JournalEntry, receivedMs: Int64) {
            place = SyncLedger.place(of: entry)
            (run, runSequence) = (entry.event.id.run, entry.event.id.sequence)
            (previousHash, hash, self.receivedMs) = (entry.previousHash, entry.hash, receivedMs)
        }

        init(
            place: Place, run: UInt64, runSequence: UInt64, previousHash: [UInt8], hash: [UInt8],
            receivedMs: Int64
        ) {
            (self.place, self.run, self.runSequence) = (place, run, runSequence)
            (self.previousHash, self.hash, self.receivedMs) = (previousHash, hash, receivedMs)
        }
    }

    private var known: [Place: JournalEntry] = [:]
    private var owed: Set<Place> = []
    package private(set) var lost = 0
    package private(set) var doubled = 0
    package private(set) var altered = 0
    package private(set) var disordered = 0
    package private(set) var wrongAlarms = 0
    package private(set) var standing = 0
    package private(set) var words: [String] = []

    package init() {}

    package var knownCount: Int { known.count }
    package var owedCount: Int { owed.count }
    package var isGood: Bool { lost + doubled + altered + disordered + wrongAlarms == 0 }

    static func place(of entry: JournalEntry) -> Place {
        Place(terminal: entry.event.id.terminal, stream: entry.event.id.stream, sequence: entry.sequence)
    }

    package mutating func knows(_ entries: [JournalEntry]) {
        for entry in entries { known[Self.place(of: entry)] = entry }
    }

    /// What its files tell at the end; known, too.
    package mutating func owes(_ entries: [JournalEntry]) {
        knows(entries)
        owed.formUnion(entries.map(Self.place(of:)))
    }

    /// How far the hub has to come.
    package var goals: [Place: UInt64] {
        owed.reduce(into: [:]) { goals, place in
            let stream = Place(terminal: place.terminal, stream: place.stream, sequence: 0)
            goals[stream] = max(goals[stream] ?? 0, place.sequence)
        }
    }

    /// `rows`: all that the hub has; `alarms`: its projection of them.
    package mutating func judge(_ rows: [Row], alarms: [EventID: AlarmRecord]) {
        judgeEntries(rows)
        judgeOrder(rows)
        judgeAlarms(rows, alarms)
    }

    private mutating func judgeEntries(_ rows: [Row]) {
        struct Name: Hashable {
            let terminal: TerminalID
            let stream: Stream
            let run: UInt64
            let sequence: UInt64
        }
        var times: [Name: Int] = [:]
        for entry in known.values {
            let id = entry.event.id
            let name = Name(terminal: id.terminal, stream: id.stream, run: id.run, sequence: id.sequence)
            times[name, default: 0] += 1
        }
        let stored = Set(rows.map(\.place))
        for place in owed where !stored.contains(place) {
            lost += 1
            words.append("lost: \(text(place))")
        }
        for row in rows {
            let name = Name(
                terminal: row.place.terminal, stream: row.place.stream, run: row.run,
                sequence: row.runSequence)
            times[name, default: 0] -= 1
            if times[name] ?? 0 < 0 {
                doubled += 1
                words.append("doubled: \(text(row.place))")
            } else if known[row.place]?.hash != row.hash {
                altered += 1
                words.append("altered or invented: \(text(row.place))")
            }
        }
    }

    /// Within a stream each follows from the one before, and none arrived before it.
    private mutating func judgeOrder(_ rows: [Row]) {
        let streams = Dictionary(grouping: rows) {
            Place(terminal: $0.place.terminal, stream: $0.place.stream, sequence: 0)
        }
        for (stream, all) in streams {
            var before: Row?
            for row in all.sorted(by: { $0.place.sequence < $1.place.sequence }) {
                let generation = JournalGeneration.of(sequence: row.place.sequence)
                let isFirst = row.place.sequence == JournalGeneration.base(generation) + 1
                let genesis = HashChain.genesis(
                    terminal: stream.terminal, stream: stream.stream, generation: generation)
                let follows =
                    isFirst
                    ? row.previousHash == genesis
                    : before?.place.sequence == row.place.sequence - 1 && before?.hash == row.previousHash
                if !follows || before?.receivedMs ?? .min > row.receivedMs {
                    disordered += 1
                    words.append("out of order: \(text(row.place))")
                }
                before = row
            }
        }
    }

    /// The hub's alarms are the facts of the journals, merged.
    private mutating func judgeAlarms(_ rows: [Row], _ alarms: [EventID: AlarmRecord]) {
        var fold: [EventID: AlarmRecord] = [:]
        for row in rows where row.place.stream == .alarm {
            guard let payload = known[row.place]?.event.payload,
                case .annunciation(let told)? = try? Message(decoding: payload)
            else { continue }
            fold[told.record.id] = fold[told.record.id]?.merged(with: told.record) ?? told.record
        }
        standing = fold.values.count { $0.isOpen }
        for id in Set(fold.keys).union(alarms.keys) where fold[id] != alarms[id] {
            wrongAlarms += 1
            words.append("alarm \(id): the journals have \(phase(fold[id])), the hub \(phase(alarms[id]))")
        }
    }

    private func phase(_ record: AlarmRecord?) -> String {
        record.map { "\($0.phase), revision \($0.revision)" } ?? "none"
    }

    private func text(_ place: Place) -> String { "\(place.terminal)/\(place.stream)/\(place.sequence)" }
}
