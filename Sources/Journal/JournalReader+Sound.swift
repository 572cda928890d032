// SPDX-License-Identifier: Apache-2.0
import Facility

// What can be trusted of a file that was put aside: entries that follow on each other, up to the damage.

extension JournalReader {
    /// The newest entry of a stream as the file has it; `nil`: none, or it cannot be read.
    func newest(of stream: Stream) -> StreamHead? {
        do throws(DatabaseFault) {
            let row = try database.prepare(
                "SELECT \(JournalEntry.columns) FROM event WHERE stream = ? ORDER BY sequence DESC LIMIT 1")
            try row.bind(1, Int64(stream.rawValue))
            guard try row.step(), let entry = JournalEntry(row: row, terminal: terminal), entry.isConsistent,
                JournalGeneration.of(sequence: entry.sequence) == generation
            else { return nil }
            return entry.head
        } catch { return nil }
    }

    /// The entries after the cursor that are contiguous, chained and fit their hashes, at most `limit`.
    /// `isBroken`: what comes next is damaged.
    func soundEvents(
        past cursor: SyncCursor, limit: Int
    ) throws(Fault) -> (entries: [JournalEntry], isBroken: Bool) {
        let base = JournalGeneration.base(generation)
        var last = max(cursor.sequence, base)
        var hash: [UInt8]? =
            last == base
            ? HashChain.genesis(terminal: terminal, stream: cursor.stream, generation: generation) : nil
        var entries: [JournalEntry] = []
        do throws(DatabaseFault) {
            let row = try database.prepare(
                """
                SELECT \(JournalEntry.columns) FROM event WHERE stream = ? AND sequence >= ?
                ORDER BY sequence LIMIT ?
                """)
            try row.bind(1, Int64(cursor.stream.rawValue))
            try row.bind(2, Int64(bitPattern: last))
            try row.bind(3, Int64(limit) + 1)
            while entries.count < limit, try row.step() {
                let entry = JournalEntry(row: row, terminal: terminal).flatMap { $0.isConsistent ? $0 : nil }
                // The one at the cursor only tells what the next is chained to. Where it is damaged, whoever
                // has it checks that himself.
                if UInt64(bitPattern: row.int64(1)) == last, entries.isEmpty {
                    hash = entry?.hash
                    continue
                }
                guard let entry, entry.sequence == last + 1, hash == nil || hash == entry.previousHash else {
                    return (entries, true)
                }
                entries.append(entry)
                (last, hash) = (entry.sequence, entry.hash)
            }
            return (entries, false)
        } catch {
            guard error.isDamage else { throw error.fault }
            return (entries, true)
        }
    }

    /// The last entry of a stream before its damage; what stands at the file's beginning when there is none.
    func soundEnd(of stream: Stream) throws(Fault) -> UInt64 {
        var cursor = SyncCursor(stream: stream, sequence: JournalGeneration.base(generation))
        while true {
            let sound = try soundEvents(past: cursor, limit: Limits.journalPageCount)
            cursor.sequence = sound.entries.last?.sequence ?? cursor.sequence
            if sound.isBroken || sound.entries.count < Limits.journalPageCount { return cursor.sequence }
        }
    }
}
