// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

struct SyncIntakeTests {
    private var intake = SyncIntake(terminal: .bench)
    private var hello = SyncHello(
        boot: .one, at: Moment(uptime: .ms(10_000), wallMs: someWallMs + 10_000, uncertaintyMs: 12),
        generation: 0,
        heads: SyncHeads())

    @discardableResult
    private mutating func take(
        _ entries: [JournalEntry], boot: BootID? = .one, stored: [[UInt8]] = []
    ) -> SyncVerdict {
        take(entries.map { makeEvent($0, boot: boot) }, stored: stored)
    }

    private mutating func take(_ events: [SyncEvent], stored: [[UInt8]] = []) -> SyncVerdict {
        intake.take(
            SyncBatch(terminal: .bench, events: events), hello: hello, nowMs: someWallMs + 10_000
        ) { cursor in
            stored.indices.contains(Int(cursor.sequence) - 1) ? stored[Int(cursor.sequence) - 1] : nil
        }
    }

    /// `entry` with another payload and the hash it had: a content that its hash does not follow from.
    private func forged(_ entry: JournalEntry) -> JournalEntry {
        let event = entry.event
        return JournalEntry(
            event: JournalEvent(id: event.id, at: event.at, kind: event.kind, payload: [9]),
            sequence: entry.sequence, previousHash: entry.previousHash, hash: entry.hash)
    }

    @Test mutating func batch_isTaken_whenItFollows() {
        let entries = makeEntries(5)
        let first = take(Array(entries[..<2]))
        #expect(first.accepted.map(\.event.entry) == Array(entries[..<2]))
        #expect(first.reply.cursors == [.alarm: 2] && first.reply.status == 200)
        #expect(take(Array(entries[2...])).reply.cursors == [.alarm: 5])
    }

    @Test mutating func repeats_areIgnored_whenTheyAreTheSame() {
        let entries = makeEntries(4)
        take(entries)
        let again = take(entries, stored: entries.map(\.hash))
        #expect(again.repeats == 4 && again.accepted.isEmpty && again.reply.status == 200)
        #expect(again.reply.cursors == [.alarm: 4] && !again.isCloneSuspected)
    }

    @Test mutating func repeat_isAConflict_whenItIsAnother() {
        let entries = makeEntries(4)
        take(entries)
        let others = makeEntries(4, payload: [4, 4])
        for place in [1, 3] {
            let verdict = take([others[place]], stored: entries.map(\.hash))
            #expect(verdict.conflicts.map(\.reason) == [.altered] && verdict.isCloneSuspected)
            #expect(verdict.conflicts.first?.storedHash == entries[place].hash)
            #expect(verdict.reply.status == 409 && verdict.reply.cursors == [.alarm: 4])
        }
    }

    @Test mutating func repeat_isAConflict_whenTheHubNeverHadIt() {
        take([makeEntries(1, generation: 1)[0]])
        #expect(take([makeEntries(1)[0]]).conflicts.map(\.reason) == [.late])
    }

    @Test mutating func gap_isAskedForAgain_whenEntriesAreMissing() {
        let entries = makeEntries(6)
        take(Array(entries[..<2]))
        let verdict = take(Array(entries[4...]))
        #expect(verdict.gaps == [SyncGap(stream: .alarm, cursor: 2, found: 5)])
        #expect(
            verdict.accepted.isEmpty && verdict.reply.cursors == [.alarm: 2] && verdict.reply.status == 200)
    }

    @Test mutating func chain_isRefused_whenItDoesNotFollow() {
        let entries = makeEntries(3)
        take(Array(entries[..<1]))
        let other = makeEntries(3, payload: [7])
        #expect(take([other[1]]).conflicts.map(\.reason) == [.chain])
        #expect(take([forged(entries[1])]).conflicts.map(\.reason) == [.hash])
        #expect(take([entries[1]]).reply.cursors == [.alarm: 2], "the honest one is still welcome")
    }

    @Test mutating func otherStreams_goOn_whenOneIsRefused() {
        let health = makeEntries(2, stream: .health)
        let verdict = take([forged(makeEntries(1)[0])] + health)
        #expect(verdict.reply.cursors == [.health: 2] && verdict.reply.status == 409)
        #expect(verdict.reply.objections == [SyncObjection(stream: .alarm, sequence: 1, reason: .hash)])
    }

    @Test mutating func generation_beginsAnew_fromItsGenesis() {
        take(makeEntries(3))
        let next = makeEntries(2, generation: 2)
        let verdict = take(next)
        #expect(verdict.generations == [NewGeneration(stream: .alarm, generation: 2, after: 3)])
        #expect(verdict.reply.cursors == [.alarm: next[1].sequence])
        #expect(take([makeEntries(2, generation: 3)[1]]).gaps.count == 1)
    }

    @Test mutating func foreignEvents_areRefused_whenTheyAreAnotherTerminals() {
        #expect(take(makeEntries(1, terminal: .other)).conflicts.map(\.reason) == [.terminal])
    }

    @Test mutating func clone_isNoticed_whenTwoBootsAlternate() {
        #expect(take([JournalEntry]()).returnedBoot == nil)
        hello.boot = .two
        #expect(take([JournalEntry]()).returnedBoot == nil, "a restart")
        #expect(take([JournalEntry]()).returnedBoot == nil)
        hello.boot = .one
        let verdict = take([JournalEntry]())
        #expect(verdict.returnedBoot == .one && verdict.isCloneSuspected)
        for boot in 3...100 {
            hello.boot = .numbered(UInt64(boot))
            #expect(take([JournalEntry]()).returnedBoot == nil)
        }
        #expect(intake.boots.count == Limits.syncBootsMaxCount)
    }

    @Test mutating func event_isHistory_whenItIsOldOrFollowed() {
        var at = Moment(uptime: .ms(9_000), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs)
        let fresh = makeEntries(2, at: at)
        #expect(
            take(fresh).accepted.map(\.isHistory) == [true, false], "the same subject: only its last word")
        hello.at.uptime = .ms(9_001 + Limits.historyAfterMs)
        #expect(take(makeEntries(1, stream: .call, at: at)).accepted.map(\.isHistory) == [true])
        // Of another boot: only a wall clock could tell that it is fresh.
        #expect(take(makeEntries(1, stream: .page, at: at), boot: .two).accepted.map(\.isHistory) == [true])
        (at.wallMs, at.uncertaintyMs) = (someWallMs, 5)
        #expect(take(makeEntries(1, stream: .duty, at: at), boot: .two).accepted.map(\.isHistory) == [false])
        at.wallMs -= 20_001
        #expect(take(makeEntries(1, stream: .health, at: at), boot: .two).accepted.map(\.isHistory) == [true])
        at.wallMs = .min
        #expect(
            take(makeEntries(1, stream: .conduct, at: at), boot: .two).accepted.map(\.isHistory) == [true])
    }

    @Test mutating func intake_isUnchanged_whenTheLookUpFails() {
        struct Broken: Error {}
        let entries = makeEntries(3)
        take(Array(entries[..<2]))
        let before = intake
        #expect(throws: Broken.self) {
            _ = try intake.take(
                SyncBatch(terminal: .bench, events: [entries[2], entries[0]].map { makeEvent($0) }),
                hello: hello,
                nowMs: 0
            ) { (_: SyncCursor) throws(Broken) in throw Broken() }
        }
        #expect(intake == before)
    }
}
