// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

struct SyncPlanTests {
    private func plan(_ reads: [SyncCursor], maxCount: Int = 1_000, maxBytes: Int = 1_048_576) -> SyncPlan {
        SyncPlan(
            number: 5, urgency: .rest, reads: reads, maxCount: maxCount, maxBytes: maxBytes, giveUpAt: .zero)
    }

    private func fill(_ plan: SyncPlan, _ journal: [JournalEntry]) throws -> (SyncRequest, SyncBatch) {
        let request = try plan.fill(boot: { _ in .two }) { cursor, limit in
            Array(
                journal.filter { $0.event.id.stream == cursor.stream && $0.sequence > cursor.sequence }
                    .prefix(limit))
        }
        return (request, try EventWire.decode(request.body))
    }

    @Test func request_holdsTheStreams_inTheirOrder() throws {
        let (call, health) = (makeEntries(300, stream: .call), makeEntries(300, stream: .health))
        let reads = [SyncCursor(stream: .call, sequence: 290), SyncCursor(stream: .health, sequence: 0)]
        let (request, batch) = try fill(plan(reads), call + health)
        #expect(batch.events.map(\.entry) == call[290...] + health)
        #expect(request.count == 310 && request.newest == [.call: 300, .health: 300] && request.number == 5)
        #expect(batch.events.allSatisfy { $0.boot == .two })
    }

    @Test func request_ends_atItsBounds() throws {
        let entries = makeEntries(50, payload: [UInt8](repeating: 1, count: 300))
        let start = [SyncCursor(stream: .alarm, sequence: 0)]
        #expect(try fill(plan(start, maxCount: 7), entries).0.count == 7)
        let (request, batch) = try fill(plan(start, maxBytes: 5_000), entries)
        #expect(request.body.count <= 5_000 && request.body.count > 3_900)
        #expect(request.newest == [.alarm: UInt64(batch.events.count)])
        #expect(try fill(plan(start, maxBytes: 10), entries).0.count == 1, "one goes, however large")
        #expect(try fill(plan([]), entries).0.body == Array("[]".utf8))
        #expect(try fill(plan(start), []).0.body == Array("[]".utf8))
    }

    @Test func following_isWhatThePlanAsksFor_whenAllWasTaken() throws {
        let (call, health) = (makeEntries(9, stream: .call), makeEntries(9, stream: .health))
        let reads = [SyncCursor(stream: .call, sequence: 0), SyncCursor(stream: .health, sequence: 0)]
        let first = plan(reads, maxCount: 12)
        let request = try fill(first, call + health).0
        let next = try #require(first.following(request))
        #expect(next.reads.map(\.sequence) == [9, 3])
        let ahead = try fill(next, call + health).0
        // The pump no longer names a stream that is done.
        let asked = plan([SyncCursor(stream: .health, sequence: 3)], maxCount: 12)
        #expect(asked.isMet(by: ahead, of: next) && ahead.numbered(6).number == 6)
        #expect(try fill(asked, call + health).0.body == ahead.body)
        #expect(next.following(ahead) == nil, "nothing is left")
    }

    @Test func madeAhead_isForgotten_whenTheHubSaidSomethingElse() throws {
        let entries = makeEntries(9, stream: .health)
        let first = plan([SyncCursor(stream: .health, sequence: 0)], maxCount: 4)
        let next = try #require(first.following(try fill(first, entries).0))
        let ahead = try fill(next, entries).0
        func asked(_ stream: Facility.Stream, _ past: UInt64, maxCount: Int = 4, maxBytes: Int = 9_999)
            -> SyncPlan
        {
            plan([SyncCursor(stream: stream, sequence: past)], maxCount: maxCount, maxBytes: maxBytes)
        }
        #expect(asked(.health, 4).isMet(by: ahead, of: next))
        #expect(!asked(.health, 2).isMet(by: ahead, of: next), "it took less")
        #expect(!asked(.call, 4).isMet(by: ahead, of: next), "another stream")
        #expect(!asked(.health, 4, maxCount: 3).isMet(by: ahead, of: next), "too many now")
        #expect(!asked(.health, 4, maxBytes: 99).isMet(by: ahead, of: next), "too large now")
        #expect(!plan([], maxCount: 4).isMet(by: ahead, of: next), "a proof of life carries nothing")
    }

    @Test func firstOfAGeneration_names_whatLiesBeforeIt() throws {
        let all = makeEntries(2) + makeEntries(2, generation: 1)
        let whole = try fill(plan([SyncCursor(stream: .alarm, sequence: 0)]), all).1
        #expect(whole.events.map(\.after) == [nil, nil, 2, nil])
        let rest = try fill(plan([SyncCursor(stream: .alarm, sequence: 2)]), all).1
        #expect(rest.events.map(\.after) == [2, nil])
    }

    @Test func journalsFault_isPassedOn() {
        let broken = Fault("read", at: "journal", cause: "broken", hint: "See.")
        #expect(throws: broken) {
            try plan([SyncCursor(stream: .alarm, sequence: 0)]).fill(boot: { _ in nil }) {
                _, _ throws(Fault) in throw broken
            }
        }
    }
}
