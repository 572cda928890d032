// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

private func tenEntries() -> JournalTrial {
    let trial = JournalTrial()
    trial.live((1...10).map { trial.event(UInt64($0), subject: "a\($0 % 4)", standing: $0 % 3 != 0) })
    return trial
}

@Test(arguments: [
    "run = run + 1", "run_sequence = run_sequence + 100", "uptime_ns = uptime_ns + 1",
    "wall_ms = wall_ms + 1",
    "uncertainty_ms = uncertainty_ms - 1", "kind = kind + 1", "standing = 1 - standing", "subject = x'6232'",
    "payload = x'010204'", "hash = zeroblob(32)",
])
func verdict_namesTheEntry_whenAColumnWasChanged(_ change: String) throws {
    let trial = tenEntries()
    try trial.tamper("UPDATE event SET \(change) WHERE stream = 1 AND sequence = 5")
    let verdict = verifyJournal(path: trial.path)
    #expect(verdict.breaks.first?.stream == .alarm && verdict.breaks.first?.sequence == 5)
    #expect(verdict.breaks.first?.words == "its hash does not fit its columns")
    #expect(verdict.entryCount == 10)
}

@Test func verdict_namesTheEntry_whenItsPreviousHashWasChanged() throws {
    let trial = tenEntries()
    try trial.tamper("UPDATE event SET previous_hash = zeroblob(32) WHERE stream = 1 AND sequence = 5")
    #expect(verifyJournal(path: trial.path).breaks.map(\.sequence) == [5, 5])
}

@Test func verdict_namesTheGap_whenAnEntryWasDeleted() throws {
    let trial = tenEntries()
    try trial.tamper("DELETE FROM event WHERE stream = 1 AND sequence IN (5, 6)")
    let verdict = verifyJournal(path: trial.path)
    #expect(verdict.breaks.first?.description == "alarm/7: missing before it: 5 to 6")
    // A head start is a gap too.
    try trial.tamper("DELETE FROM event WHERE stream = 1 AND sequence = 1")
    #expect(verifyJournal(path: trial.path).breaks.first?.description == "alarm/2: missing before it: 1 to 1")
}

@Test func verdict_namesBoth_whenTwoEntriesChangedPlaces() throws {
    let trial = tenEntries()
    try trial.tamper(
        """
        UPDATE event SET sequence = 99 WHERE stream = 1 AND sequence = 4;
        UPDATE event SET sequence = 4 WHERE stream = 1 AND sequence = 5;
        UPDATE event SET sequence = 5 WHERE stream = 1 AND sequence = 99
        """)
    let named = Set(verifyJournal(path: trial.path).breaks.compactMap(\.sequence))
    #expect(named.isSuperset(of: [4, 5]) && !named.contains(3) && !named.contains(7))
}

@Test func verdict_namesTheLoss_whenTheLastEntryWasDeleted() throws {
    let trial = tenEntries()
    try trial.tamper(
        "DELETE FROM event WHERE stream = 1 AND sequence = 10; DELETE FROM standing WHERE sequence = 10")
    #expect(
        verifyJournal(path: trial.path).breaks.contains {
            $0.words == "entry 10 of alarm was stored and is gone"
        })
}

@Test func verdict_namesTheEntry_whenTheStandingListIsNotTheFold() throws {
    let trial = tenEntries()
    #expect(verifyJournal(path: trial.path).isIntact)
    try trial.tamper("DELETE FROM standing WHERE sequence = 10")
    #expect(
        verifyJournal(path: trial.path).breaks.first?.description
            == "alarm/10: stands, but is not listed as standing")
}

@Test func verdict_namesTheTrigger_whenItIsGone() throws {
    let trial = tenEntries()
    let database = try Database(path: trial.path, access: .readWrite)
    try database.execute("DROP TRIGGER event_never_update")
    #expect(
        verifyJournal(path: trial.path).breaks.first?.words.contains("event_never_update is missing") == true)
}

@Test func verdict_isIntact_whileTheJournalIsWritten() throws {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.start()
    for round in 0..<20 {
        for sequence in 1...50 {
            journal.append(
                trial.event(UInt64(round * 50 + sequence)), urgent: true, now: Uptime(nanoseconds: 0))
        }
        _ = trial.stored([trial.event(UInt64(round + 1), stream: .call)], by: journal)
        #expect(verifyJournal(path: trial.path).breaks == [])
    }
    journal.stop()
}
