// SPDX-License-Identifier: Apache-2.0
import CFaultyDisk
import CSQLite
import Facility
import Testing

@testable import Journal

@Test func file_holdsNothingOfABatch_whenItsCommitFails() throws {
    let trial = JournalTrial()
    let file = try JournalFile(
        path: trial.path, identity: JournalIdentity(terminal: JournalTrial.terminal, generation: 0),
        begin: true,
        durability: .full)
    try file.append([trial.event(1, subject: "a", standing: true)])
    let (heads, standing) = (file.heads, file.standing)
    faulty_disk_order(trial.path, Int32(FAULTY_SYNC), 0, 1, SQLITE_IOERR | 4 << 8)
    #expect(throws: DatabaseFault.self) {
        try file.append([trial.event(2), trial.event(3, subject: "a")])
    }
    #expect(faulty_disk_clear(trial.path) == 1)
    #expect(file.heads == heads && file.standing == standing)
    try file.append([trial.event(2), trial.event(3, subject: "a")])
    #expect(file.heads[.alarm]?.sequence == 3 && file.standing.isEmpty)
}

@Test func file_keepsTheOrderOfRuns_whateverTheClocksSaid() throws {
    let trial = JournalTrial()
    for run in [9, 3, 7, 3] as [UInt64] { trial.live(run: run, []) }
    #expect(try JournalReader(path: trial.path).runs().map(\.run) == [9, 3, 7])
}
