// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

/// The quick way and the strict reader are one.
struct BatchArrivalTests {
    /// In pieces of up to `most` bytes.
    private func arrived(
        _ body: [UInt8], most: Int, using dice: inout Chance, isHash: BatchArrival.Proof? = nil
    ) throws(SyncRefusal) -> SyncBatch {
        var arrival = BatchArrival(bytes: body.count, isHash: isHash)
        var at = 0
        while at < body.count {
            let end = min(body.count, at + 1 + dice.below(most))
            try arrival.take(Array(body[at..<end]))
            at = end
        }
        return try arrival.finish()
    }

    private func isHash(_ hash: [UInt8], _ content: [UInt8]) -> Bool { HashChain.sha256(content) == hash }

    private func strictly(_ body: [UInt8]) throws(SyncRefusal) -> SyncBatch {
        var reader = EventReader(body)
        return try reader.batch()
    }

    @Test func batch_isTheSame_howeverItArrives() throws {
        var dice = Chance(seed: 21)
        for most in [1, 7, 300, 5_000] {
            let events = makeEntries(20, using: &dice).map { makeEvent($0, boot: .one) }
            let body = EventWire.encode(events)
            let batch = try arrived(body, most: most, using: &dice, isHash: isHash)
            #expect(batch.events == events && batch.isProven)
            #expect(try arrived(body, most: most, using: &dice).isProven == false, "nobody looked")
        }
    }

    @Test func batch_isNotProven_whenOneHashDoesNotFollow() throws {
        var dice = Chance(seed: 22)
        var events = makeEntries(5).map { makeEvent($0) }
        let entry = events[3].entry
        let altered = JournalEvent(
            id: entry.event.id, at: entry.event.at, kind: entry.event.kind + 1, payload: entry.event.payload)
        events[3] = makeEvent(
            JournalEntry(
                event: altered, sequence: entry.sequence, previousHash: entry.previousHash, hash: entry.hash))
        let batch = try arrived(EventWire.encode(events), most: 100, using: &dice, isHash: isHash)
        #expect(batch.events == events && !batch.isProven)
    }

    /// Whatever the bytes are: the same events, or the same refusal at the same byte.
    @Test func refusal_isTheStrictReaders_whenBytesAreMutated() {
        var dice = Chance(seed: 23)
        let body = EventWire.encode(makeEntries(3).map { makeEvent($0, boot: .one) })
        for _ in 0..<5_000 {
            var bytes = body
            for _ in 0...dice.below(2) { bytes.mutate(using: &dice) }
            var (strict, quick): (SyncBatch?, SyncBatch?)
            var (refusal, other): (SyncRefusal?, SyncRefusal?)
            do throws(SyncRefusal) { strict = try strictly(bytes) } catch { refusal = error }
            do throws(SyncRefusal) {
                quick = try arrived(bytes, most: 900, using: &dice)
            } catch { other = error }
            #expect(strict == quick && refusal == other)
        }
    }

    @Test func body_isRefused_whenItIsTooLong() throws {
        var arrival = BatchArrival()
        let half = [UInt8](repeating: 0x20, count: Limits.syncBodyMaxBytes / 2 + 1)
        try arrival.take(half)
        var refusal: SyncRefusal?
        do throws(SyncRefusal) { try arrival.take(half) } catch { refusal = error }
        #expect(refusal?.isTooLarge == true)
    }
}
