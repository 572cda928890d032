// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// What the hub does with a batch, as a value: one for each terminal.
///
///     POST /v1/events ─> EventWire.decode ─> SyncIntake.take ─> verdict ─> store ─> commit, flushed
///                                                                  └─> reply ─────────> 200 / 409
///
/// Always true: what was accepted of a stream is contiguous (but for a new generation, which is told) and its
/// chain was verified; a cursor never goes back. The caller stores what the verdict holds, in one transaction
/// with `heads` and `boots`, and keeps the changed intake only if the commit returned.
package struct SyncIntake: Hashable, Sendable {
    package let terminal: TerminalID
    /// Of each stream the newest entry that the hub has.
    package private(set) var heads: [Stream: StreamHead]
    /// The boots that spoke lately, the last one last.
    package private(set) var boots: [BootID]

    package init(terminal: TerminalID, heads: [StreamHead] = [], boots: [BootID] = []) {
        self.terminal = terminal
        self.heads = Dictionary(heads.map { ($0.stream, $0) }, uniquingKeysWith: { $1 })
        self.boots = boots
    }

    /// How far the hub has each stream.
    package var cursors: [Stream: UInt64] { heads.mapValues(\.sequence) }

    /// `sha256`: a hub has a quicker one than a terminal. `stored` looks up the hash that the hub has at a
    /// place before its cursor.
    package mutating func take<Failure: Error>(
        _ batch: SyncBatch, hello: SyncHello, nowMs: Int64, hasOrders: Bool = false,
        sha256: ([UInt8]) -> [UInt8] = HashChain.sha256,
        stored: (SyncCursor) throws(Failure) -> [UInt8]?
    ) throws(Failure) -> SyncVerdict {
        var verdict = SyncVerdict(reply: SyncReply(cursors: [:], nowMs: nowMs, hasOrders: hasOrders))
        var next = self
        verdict.returnedBoot = next.note(hello.boot)
        var blocked: Set<Stream> = []
        for event in batch.events where blocked.isEmpty || !blocked.contains(event.id.stream) {
            let isProven = batch.isProven
            switch try next.place(of: event, isProven: isProven, sha256: sha256, stored: stored) {
            case .next(let begun):
                if let begun { verdict.generations.append(begun) }
                verdict.append(event)
            case .known: verdict.repeats += 1
            case .gap(let gap):
                verdict.gaps.append(gap)
                blocked.insert(event.id.stream)
            case .objected(let reason, let known):
                verdict.conflicts.append(SyncConflict(event: event, reason: reason, storedHash: known))
                blocked.insert(event.id.stream)
            }
        }
        verdict.markHistory(hello: hello, nowMs: nowMs)
        verdict.reply.cursors = next.cursors
        verdict.reply.objections = verdict.conflicts.map(\.objection)
        self = next
        return verdict
    }

    private enum Place {
        /// Taken; with it a generation may begin.
        case next(NewGeneration?)
        case known
        case gap(SyncGap)
        case objected(SyncObjection.Reason, storedHash: [UInt8]?)
    }

    /// Where it belongs; when it is the next one, the stream's head moves on to it.
    private mutating func place<Failure: Error>(
        of event: SyncEvent, isProven: Bool, sha256: ([UInt8]) -> [UInt8],
        stored: (SyncCursor) throws(Failure) -> [UInt8]?
    ) throws(Failure) -> Place {
        let (entry, stream) = (event.entry, event.id.stream)
        guard event.id.terminal == terminal else { return .objected(.terminal, storedHash: nil) }
        let head = heads[stream]
        if let head, entry.sequence <= head.sequence {
            let cursor = SyncCursor(stream: stream, sequence: entry.sequence)
            let known = entry.sequence == head.sequence ? head.hash : try stored(cursor)
            guard let known else { return .objected(.late, storedHash: nil) }
            return known == entry.hash ? .known : .objected(.altered, storedHash: known)
        }
        let generation = JournalGeneration.of(sequence: entry.sequence)
        let previous: [UInt8]
        var begun: NewGeneration?
        if let head, entry.sequence == head.sequence + 1 {
            previous = head.hash
        } else if entry.sequence == JournalGeneration.base(generation) + 1,
            event.after ?? 0 <= head?.sequence ?? 0
        {
            previous = HashChain.genesis(terminal: terminal, stream: stream, generation: generation)
            if generation > 0 {
                begun = NewGeneration(stream: stream, generation: generation, after: head?.sequence ?? 0)
            }
        } else {
            return .gap(SyncGap(stream: stream, cursor: head?.sequence ?? 0, found: entry.sequence))
        }
        guard entry.previousHash == previous else { return .objected(.chain, storedHash: head?.hash) }
        if !isProven {
            let hashed = HashChain.hashed(entry.event, sequence: entry.sequence, after: previous)
            guard sha256(hashed) == entry.hash else { return .objected(.hash, storedHash: nil) }
        }
        heads[stream] = StreamHead(stream: stream, sequence: entry.sequence, hash: entry.hash)
        return .next(begun)
    }

    /// A boot's id is drawn once and never again: one that comes back after another is a second machine.
    private mutating func note(_ boot: BootID?) -> BootID? {
        guard let boot, boots.last != boot else { return nil }
        let isReturned = boots.contains(boot)
        boots.removeAll { $0 == boot }
        boots.append(boot)
        if boots.count > Limits.syncBootsMaxCount { boots.removeFirst() }
        return isReturned ? boot : nil
    }
}
