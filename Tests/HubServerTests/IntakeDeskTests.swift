// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink
import Sync
import TestBoard
import Testing

@testable import HubServer

/// What intake makes of a batch beyond storing it; HubTests send batches over TLS.
struct IntakeDeskTests {
    private func hello(_ boot: UInt64, _ uptimeMs: Int) -> SyncHello {
        SyncHello(
            boot: BootID(high: 1, low: boot), at: unknown(uptimeMs), generation: 0,
            heads: SyncHeads([TestJournal("cell-101").head]))
    }

    private func unknown(_ uptimeMs: Int) -> Moment {
        Moment(uptime: .ms(uptimeMs), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs)
    }

    /// Its clock was never set. The hub heard of it in the boot before; then it was cut off, somebody
    /// pressed, and it restarted.
    @Test(arguments: StoreKind.available)
    func alarm_isDatedHonestly_byAMomentOfItsOwnBoot(kind: StoreKind) async throws {
        let (store, _) = try await kind.open()
        let time = SharedTime()
        let beginMs = time.now
        let desk = IntakeDesk(
            store: store, clock: HubClock { Moment(uptime: .ms(1), wallMs: time.now, uncertaintyMs: 1) },
            told: { _ in })
        func take(_ hello: SyncHello, _ events: [SyncEvent]) async throws {
            _ = try await desk.take(
                .init(
                    terminal: .cell, hello: hello, batch: try EventWire.decode(EventWire.encode(events))))
        }
        try await take(hello(1, 10_000), [])

        let told = Message.annunciation(Annunciation(record: makeRecord(), ageMs: 5, custodian: .cell))
        var journal = TestJournal("cell-101")
        let entry = journal.next(
            kind: UInt16(AlarmChange.raised.rawValue), subject: encodeEventID(makeID()), standing: true,
            payload: told.encode(), at: unknown(25_000)
        ).entry
        time.move(3_600_000)
        try await take(hello(2, 4_000), [SyncEvent(entry: entry, boot: BootID(high: 1, low: 1))])
        let alarm = try #require(try await store.read { try $0.alarm(makeID()) })
        #expect(alarm.raisedMs == beginMs + 15_000 - 5)
        #expect(
            alarm.raisedUncertaintyMs >= UInt32(Limits.syncAnswerMs)
                && alarm.raisedUncertaintyMs < UInt32(Limits.syncAnswerMs) + 10)
        #expect(alarm.isHistory)
    }
}
