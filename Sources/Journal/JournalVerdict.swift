// SPDX-License-Identifier: Apache-2.0
import CSQLite
package import Facility

/// What a verification found. A value.
package struct JournalVerdict: Hashable, Sendable {
    /// Something that is not as it was written.
    package struct Break: Hashable, Sendable, CustomStringConvertible {
        /// Which entry; both `nil` when the break is the file's and not one entry's.
        package let stream: Stream?
        package let sequence: UInt64?
        package let words: String

        package var description: String {
            guard let stream, let sequence else { return words }
            return "\(stream)/\(sequence): \(words)"
        }
    }

    package internal(set) var terminal: TerminalID?
    package internal(set) var generation: UInt64 = 0
    package internal(set) var entryCount = 0
    /// Where each stream ends. A chain whose end was cut off is still a chain: compare these with the hub's.
    package internal(set) var heads: [StreamHead] = []
    /// At most `Limits.journalBreaksMaxCount`; `breakCount` counts them all.
    package private(set) var breaks: [Break] = []
    package private(set) var breakCount = 0

    package var isIntact: Bool { breakCount == 0 }

    mutating func add(_ words: String, stream: Stream? = nil, sequence: UInt64? = nil) {
        breakCount += 1
        if breaks.count < Limits.journalBreaksMaxCount {
            breaks.append(Break(stream: stream, sequence: sequence, words: words))
        }
    }
}

/// Reads a whole journal and says which entry breaks it and how: SQLite's own check, the triggers,
/// contiguity, every hash, the list of standing entries against the entries themselves, and the side file of
/// acknowledged heads. Any thread; blocks for as long as reading takes; works on a live journal and never
/// writes.
///
/// `known`: heads that somebody else kept (a hub, a printed sheet). A journal that was cut at its end, put
/// back to an older copy, or rewritten from some entry on with new hashes is whole in itself, and only they
/// show it. What follows them is named too: whoever may write the file can go on with the chain.
package func verifyJournal(path: String, known: [StreamHead] = []) -> JournalVerdict {
    var verdict = JournalVerdict()
    // Read before the journal: it may grow meanwhile, never shrink.
    let remembered = JournalHeads.read(for: path)
    do throws(Fault) {
        let reader = try JournalReader(path: path)
        verdict.terminal = reader.terminal
        verdict.generation = reader.generation
        do throws(DatabaseFault) {
            // One view of a file that is being written.
            try reader.database.execute("BEGIN")
            try check(reader, remembered, into: &verdict)
            try reader.database.execute("COMMIT")
        } catch { throw error.fault }
        for head in known {
            let before = SyncCursor(stream: head.stream, sequence: head.sequence &- 1)
            let there = try reader.events(past: before, limit: 1).first
            if there?.sequence != head.sequence || there?.hash != head.hash {
                verdict.add(
                    "it is not the entry that was its end once: cut, put back or rewritten",
                    stream: head.stream, sequence: head.sequence)
            }
            for own in verdict.heads where own.stream == head.stream && own.sequence > head.sequence {
                verdict.add(
                    "\(own.sequence - head.sequence) entries follow that nobody else vouches for",
                    stream: head.stream, sequence: head.sequence + 1)
            }
        }
    } catch {
        verdict.add("the file cannot be read on: \(error)")
    }
    return verdict
}

private func check(
    _ reader: JournalReader, _ remembered: JournalHeads?, into verdict: inout JournalVerdict
) throws(DatabaseFault) {
    let database = reader.database
    if let difference = try JournalSchema.difference(in: database) {
        verdict.add("tables and triggers: \(difference)")
    }
    // The chain first: it names the entry, and a damaged page may end SQLite's own check early.
    var fold: [JournalFile.Subject: UInt64] = [:]
    for stream in Stream.allCases {
        try checkChain(of: stream, reader, fold: &fold, into: &verdict)
    }
    if try JournalSchema.integer("SELECT count(*) FROM event WHERE stream NOT BETWEEN 1 AND 6", in: database)
        > 0
    {
        verdict.add("entries of a stream that does not exist")
    }
    try checkStanding(fold, reader, into: &verdict)
    let check = try database.prepare("PRAGMA integrity_check(\(Limits.journalBreaksMaxCount))")
    while try check.step() {
        if check.text(0) != "ok" { verdict.add("SQLite: \(check.text(0))") }
    }
    let row = try database.prepare("SELECT hash FROM event WHERE stream = ? AND sequence = ?")
    let lost = try remembered?.lost(fromGeneration: reader.generation) { head throws(DatabaseFault) in
        try row.bind(1, Int64(head.stream.rawValue))
        try row.bind(2, Int64(bitPattern: head.sequence))
        defer { row.reset() }
        return try row.step() ? row.bytes(0) : nil
    }
    if let lost { verdict.add(lost) }
}

/// After a break the chain is taken up again with what the broken entry says of itself, so that each break is
/// named once.
private func checkChain(
    of stream: Stream, _ reader: JournalReader, fold: inout [JournalFile.Subject: UInt64],
    into verdict: inout JournalVerdict
) throws(DatabaseFault) {
    let row = try reader.database.prepare(
        "SELECT \(JournalEntry.columns) FROM event WHERE stream = \(stream.rawValue) ORDER BY sequence")
    var head = JournalGeneration.start(of: stream, terminal: reader.terminal, generation: reader.generation)
    var isEmpty = true
    while try row.step() {
        isEmpty = false
        verdict.entryCount += 1
        guard let entry = JournalEntry(row: row, terminal: reader.terminal) else {
            let sequence = UInt64(bitPattern: row.int64(1))
            verdict.add("impossible values", stream: stream, sequence: sequence)
            head = StreamHead(stream: stream, sequence: sequence, hash: row.bytes(12))
            continue
        }
        if entry.sequence != head.sequence + 1 {
            let gap =
                entry.sequence > head.sequence + 1
                ? "\(head.sequence + 1) to \(entry.sequence - 1)" : "an entry"
            verdict.add("missing before it: \(gap)", stream: stream, sequence: entry.sequence)
        } else if entry.previousHash != head.hash {
            verdict.add("does not follow from the entry before it", stream: stream, sequence: entry.sequence)
        }
        if !entry.isConsistent {
            verdict.add("its hash does not fit its columns", stream: stream, sequence: entry.sequence)
        }
        if !entry.event.subject.isEmpty {
            let subject = JournalFile.Subject(stream: stream, name: entry.event.subject)
            fold[subject] = entry.event.standing ? entry.sequence : nil
        }
        head = entry.head
    }
    if !isEmpty { verdict.heads.append(head) }
}

private func checkStanding(
    _ fold: [JournalFile.Subject: UInt64], _ reader: JournalReader, into verdict: inout JournalVerdict
) throws(DatabaseFault) {
    var missing = fold
    let row = try reader.database.prepare("SELECT stream, subject, sequence FROM standing")
    while try row.step() {
        let stream = UInt8(exactly: row.int64(0)).flatMap(Stream.init(rawValue:))
        let sequence = UInt64(bitPattern: row.int64(2))
        let stands = stream.flatMap { missing.removeValue(forKey: .init(stream: $0, name: row.bytes(1))) }
        if stands != sequence {
            verdict.add(
                "listed as standing, but its subject does not stand there", stream: stream, sequence: sequence
            )
        }
    }
    for (subject, sequence) in missing.sorted(by: { $0.value < $1.value }) {
        verdict.add("stands, but is not listed as standing", stream: subject.stream, sequence: sequence)
    }
}
