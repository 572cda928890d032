// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

/// Every entry of a stream that the files of a journal tell, read `page` at a time.
private func entries(
    _ succession: JournalSuccession, _ stream: Facility.Stream = .alarm, past: UInt64 = 0, page: Int = 7
) throws -> [JournalEntry] {
    var all: [JournalEntry] = []
    var cursor = SyncCursor(stream: stream, sequence: past)
    while true {
        let read = try succession.events(past: cursor, limit: page)
        guard let last = read.last else { return all }
        all += read
        cursor.sequence = last.sequence
    }
}

/// Ten alarms and ten of duty stored, then damaged so that the next life puts the file aside.
private func damagedTrial(_ sql: String = "") throws -> JournalTrial {
    let trial = JournalTrial()
    trial.live((1...10).map { trial.event($0) } + (1...10).map { trial.event($0, stream: .duty) })
    if !sql.isEmpty { try trial.tamper(sql) }
    let database = try Database(path: trial.path, access: .readWrite)
    try database.execute("DROP TRIGGER event_never_update")
    database.close()
    return trial
}

@Test func entriesOfAFilePutAside_comeBeforeThoseOfItsSuccessor() throws {
    let trial = try damagedTrial()
    trial.live(run: 2, [trial.event(1, run: 2), trial.event(2, run: 2)])
    let succession = JournalSuccession(path: trial.path)
    let base = JournalGeneration.base(1)
    #expect(try succession.heads().first { $0.stream == .alarm }?.sequence == base + 2)
    #expect(
        try succession.heads().first { $0.stream == .duty }?.sequence == 10, "it has none in the new file")
    #expect(succession.generation == 1)
    #expect(try entries(succession).map(\.sequence) == Array(1...10) + [base + 1, base + 2])
    #expect(try entries(succession, .duty).map(\.sequence) == Array(1...10))
    #expect(try entries(succession, past: 8).map(\.sequence) == [9, 10, base + 1, base + 2])
    #expect(try entries(succession, past: base + 1).map(\.sequence) == [base + 2])
    #expect(try succession.runs().map(\.run) == [1, 2])
    #expect(succession.takeFaults().isEmpty)
}

@Test func damagedFile_isReadUpToItsDamage() throws {
    let trial = try damagedTrial("UPDATE event SET payload = x'00' WHERE stream IN (1, 5) AND sequence = 6")
    trial.live(run: 2, [trial.event(1, run: 2)])
    let succession = JournalSuccession(path: trial.path)
    let base = JournalGeneration.base(1)
    #expect(try entries(succession).map(\.sequence) == Array(1...5) + [base + 1])
    #expect(try entries(succession, .duty).map(\.sequence) == Array(1...5))
    #expect(try succession.heads().first { $0.stream == .duty }?.sequence == 5, "nothing more is awaited")
    // Whoever has the damaged one takes what follows it; whoever has one before it cannot.
    #expect(try entries(succession, .duty, past: 6).map(\.sequence) == [7, 8, 9, 10])
    #expect(try entries(succession, .duty, past: 5).isEmpty)
}

@Test func unreadableFile_isPassedOver_andToldOnce() throws {
    let trial = try damagedTrial("DELETE FROM journal")
    trial.live(run: 2, [trial.event(1, run: 2)])
    let succession = JournalSuccession(path: trial.path)
    #expect(try entries(succession).map(\.sequence) == [JournalGeneration.base(1) + 1])
    #expect(succession.takeFaults().count == 1)
    #expect(try succession.heads().isEmpty == false)
    #expect(succession.takeFaults().isEmpty)
}

@Test func file_isFollowed_whenItIsPutAsideWhileItIsRead() throws {
    let trial = try damagedTrial()
    let succession = JournalSuccession(path: trial.path)
    #expect(try entries(succession, past: 4).map(\.sequence) == Array(5...10))
    trial.live(run: 2, [trial.event(1, run: 2)])
    let base = JournalGeneration.base(1)
    #expect(try entries(succession, past: 9).map(\.sequence) == [10, base + 1])
    #expect(try entries(JournalSuccession(path: trial.directory + "/none.db")).isEmpty)
}
