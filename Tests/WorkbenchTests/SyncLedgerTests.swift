// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink
import TestBoard
import Testing
import Workbench

/// Five alarms of one cell, as its journal chains them.
private let entries: [JournalEntry] = {
    var hash = HashChain.genesis(terminal: .cell, stream: .alarm, generation: 0)
    return (1...5).map { number in
        let id = makeID(UInt64(number))
        let told = Message.annunciation(Annunciation(record: makeRecord(id: id), ageMs: 0, custodian: .cell))
        let event = JournalEvent(
            id: id, at: Moment(uptime: .ms(number), wallMs: 0, uncertaintyMs: 0), kind: 1,
            subject: encodeEventID(id), standing: true, payload: told.encode())
        let previous = hash
        hash = HashChain.hash(of: event, sequence: UInt64(number), after: previous)
        return JournalEntry(event: event, sequence: UInt64(number), previousHash: previous, hash: hash)
    }
}()

private let rows = entries.map { SyncLedger.Row($0, receivedMs: Int64($0.sequence)) }

private let alarms = Dictionary(
    uniqueKeysWithValues: entries.map { ($0.event.id, makeRecord(id: $0.event.id)) })

private func judged(
    _ rows: [SyncLedger.Row], alarms told: [EventID: AlarmRecord] = alarms
) -> SyncLedger {
    var ledger = SyncLedger()
    ledger.owes(Array(entries.prefix(4)))
    ledger.knows(entries)
    ledger.judge(rows, alarms: told)
    return ledger
}

@Test func hub_isGood_whenItHasWhatTheJournalsHave() {
    let ledger = judged(rows)
    #expect(ledger.isGood && ledger.knownCount == 5 && ledger.owedCount == 4 && ledger.standing == 5)
    #expect(ledger.goals.values.first == 4)
}

@Test func entry_isLost_whenTheHubDoesNotHaveIt() {
    // The last one is in no file any more: nobody could bring it.
    let without = alarms.filter { $0.key != entries[4].event.id }
    #expect(judged(Array(rows.dropLast()), alarms: without).isGood)
    let ledger = judged(Array(rows.prefix(3)))
    #expect(ledger.lost == 1 && ledger.wrongAlarms == 2)
}

@Test func entry_isDoubledAlteredOrInvented_whenTheHubHasIt() {
    var again = rows[4]
    again.place = SyncLedger.Place(terminal: .cell, stream: .alarm, sequence: 6)
    #expect(judged(rows + [again]).doubled == 1)
    var altered = rows
    altered[2].hash[0] ^= 1
    #expect(judged(altered).altered == 1 && judged(altered).disordered > 0)
    var invented = again
    invented.runSequence = 99
    #expect(judged(rows + [invented]).isGood == false)
}

@Test func stream_isOutOfOrder_whenAnEntryArrivedBeforeItsPredecessor() {
    var late = rows
    late[1].receivedMs = 9
    #expect(judged(late).disordered == 1)
}

@Test func alarm_isWrong_whenTheHubFoldedAnotherFact() {
    var told = alarms
    told[entries[0].event.id]?.cleared = makeDeed(5)
    #expect(judged(rows, alarms: told).wrongAlarms == 1)
}
