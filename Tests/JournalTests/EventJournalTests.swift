// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

@Test func journal_givesBackEveryColumn_afterARestart() throws {
    let trial = JournalTrial()
    let events = [
        trial.event(1, run: .max, subject: "a1", standing: true, payload: []),
        trial.event(2, run: .max, stream: .health, payload: [UInt8](repeating: 9, count: 65_536)),
        trial.event(3, run: .max, subject: "a2", payload: Array("监室".utf8)),
    ]
    let reports = trial.live(run: .max, events)
    #expect(reports.stored == Set(events.map(\.id)) && reports.faults.isEmpty)
    #expect(try trial.recorded() == [events[0], events[2]])
    #expect(try trial.recorded(.health) == [events[1]])
    #expect(verifyJournal(path: trial.path).isIntact)
}

@Test func journal_keepsOneEntry_whenAnEventIsAppendedTwice() throws {
    let trial = JournalTrial()
    let event = trial.event(1)
    #expect(trial.live([event, event]).stored == [event.id])
    #expect(trial.live([event, trial.event(2)]).stored.count == 2)
    #expect(try trial.recorded() == [event, trial.event(2)])
    #expect(verifyJournal(path: trial.path).isIntact)
}

@Test func journal_rebuildsWhatStands_fromEarlierRuns() throws {
    let trial = JournalTrial()
    trial.live(
        run: 1,
        [
            trial.event(1, subject: "a", standing: true), trial.event(2, subject: "b", standing: true),
            trial.event(3, subject: "a", standing: true, payload: [4]),
        ])
    trial.live(
        run: 2, [trial.event(1, run: 2, subject: "b"), trial.event(2, run: 2, subject: "c", standing: true)])
    let journal = trial.journal(run: 3)
    journal.start()
    let reports = trial.reports(of: journal) { $0.standing != nil }
    journal.stop()
    #expect(
        reports.standing?.map(\.event) == [
            trial.event(3, subject: "a", standing: true, payload: [4]),
            trial.event(2, run: 2, subject: "c", standing: true),
        ])
    #expect(reports.contains { if case .opened(_, boots: 1) = $0 { true } else { false } })
    #expect(try JournalReader(path: trial.path).runs().map(\.run) == [1, 2, 3])
    #expect(try JournalReader(path: trial.path).standing() == reports.standing)
}

@Test func journal_showsHowLongItWaits_whenNotYetStarted() {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.append(trial.event(9), urgent: true, now: Uptime(nanoseconds: 9))
    journal.append(trial.event(5, stream: .health), urgent: false, now: Uptime(nanoseconds: 5))
    #expect(journal.depth == 2 && journal.oldestWaiting == Uptime(nanoseconds: 5))
    journal.start()
    journal.stop()
    #expect(journal.depth == 0 && journal.oldestWaiting == nil)
}

@Test func journal_recordsTheLoss_whenTheQueueRanOver() throws {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.append(trial.event(1), urgent: true, now: Uptime(nanoseconds: 0))
    for sequence in 1...UInt64(Limits.journalQueueCount + 2) {
        journal.append(trial.event(sequence, stream: .health), urgent: false, now: Uptime(nanoseconds: 1))
    }
    #expect(journal.depth == Limits.journalQueueCount)
    journal.start()
    journal.stop()
    let reports = journal.takeReports()
    #expect(reports.dropped == 3 && reports.stored.count == Limits.journalQueueCount)
    #expect(try trial.notices() == ["entries=3"])
    #expect(try trial.recorded(.health).first?.id.sequence == 4)
    #expect(try trial.recorded() == [trial.event(1)])
    #expect(verifyJournal(path: trial.path).isIntact)
}
