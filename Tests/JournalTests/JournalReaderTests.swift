// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

@Test func reader_givesEntriesPastTheCursor_whileTheJournalIsWritten() throws {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.start()
    let events = (1...10).map { trial.event(UInt64($0)) }
    _ = trial.stored(events, by: journal)
    let reader = try JournalReader(path: trial.path)
    #expect(reader.terminal == JournalTrial.terminal && reader.generation == 0)
    let page = try reader.events(past: SyncCursor(stream: .alarm, sequence: 3), limit: 4)
    #expect(page.map(\.event) == Array(events[3..<7]) && page.map(\.sequence) == [4, 5, 6, 7])
    _ = trial.stored([trial.event(11)], by: journal)
    #expect(try reader.heads().map(\.sequence) == [11])
    #expect(try reader.events(past: SyncCursor(stream: .alarm, sequence: 11), limit: 4).isEmpty)
    #expect(try reader.events(past: .beginning(of: .call), limit: 4).isEmpty)
    journal.stop()
}

@Test func reader_saysWhatIsWrong_whenTheFileIsNoJournal() throws {
    let trial = JournalTrial()
    writeFile(trial.path, [UInt8](repeating: 0x41, count: 5_000))
    #expect(throws: Fault.self) { try JournalReader(path: trial.path) }
    #expect(throws: Fault.self) { try JournalReader(path: trial.path + ".none") }
    #expect(!verifyJournal(path: trial.path).isIntact)
}
