// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

@Test func opener_refusesTheFile_whenAnotherWritesIt() throws {
    let trial = JournalTrial()
    let first = trial.journal()
    first.start()
    _ = trial.reports(of: first) { $0.standing != nil }
    let second = trial.journal(run: 2)
    second.start()
    let reports = trial.reports(of: second) { !$0.faults.isEmpty }
    #expect(reports.faults.first?.cause.contains("(pid \(getpid())) writes this journal") == true)
    first.stop()
    _ = trial.stored([trial.event(1, run: 2)], by: second)
    second.stop()
    #expect(try trial.recorded() == [trial.event(1, run: 2)])
}

@Test func opener_showsAFaultAndLeavesTheFile_whenItIsAnotherTerminals() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1)])
    let other = trial.journal(terminal: try #require(TerminalID("cell-102")))
    other.start()
    let reports = trial.reports(of: other) { !$0.faults.isEmpty }
    other.stop()
    #expect(
        reports.faults.first?.cause.contains("journal of cell-101") == true && reports.quarantined.isEmpty)
    #expect(try trial.recorded() == [trial.event(1)])
}

@Test func opener_beginsTheNextGeneration_whenTheFileIsGone() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1, subject: "a", standing: true)])
    unlink(trial.path)
    let reports = trial.live(run: 2, [trial.event(1, run: 2)])
    #expect(reports.faults.first?.cause.hasPrefix("the journal file is gone or empty") == true)
    #expect(reports.quarantined.isEmpty)
    let reader = try JournalReader(path: trial.path)
    #expect(reader.generation == 1)
    #expect(try trial.notices().first?.contains("head=alarm 1 ") == true)
    #expect(verifyJournal(path: trial.path).isIntact)
}

@Test func opener_beginsInPlace_whenTheFirstStartWasCutShort() throws {
    let trial = JournalTrial()
    // What is on the disk after the log mode was set and before anything was committed.
    let database = try Database(path: trial.path, access: .create)
    try database.execute("PRAGMA journal_mode = WAL")
    database.close()
    let reports = trial.live([trial.event(1)])
    #expect(reports.faults.isEmpty && reports.quarantined.isEmpty && reports.stored.count == 1)
}
