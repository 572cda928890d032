// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Journal

@Test func heads_areTheNewestStored_afterEachCommit() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1), trial.event(2), trial.event(1, stream: .call)])
    let heads = try #require(JournalHeads.read(for: trial.path))
    #expect(heads.generation == 0)
    #expect(heads.heads.map(\.sequence) == [2, 1, 0, 0, 0, 0])
    #expect(try JournalReader(path: trial.path).heads() == Array(heads.heads.prefix(2)))
}

@Test func heads_areIgnored_whenTorn() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1)])
    let whole = fileBytes(trial.path + ".heads")
    for index in stride(from: 0, to: whole.count, by: 7) {
        var torn = whole
        torn[index] ^= 0x10
        writeFile(trial.path + ".heads", torn)
        #expect(JournalHeads.read(for: trial.path) == nil)
    }
    #expect(trial.live(run: 2, [trial.event(1, run: 2)]).faults.isEmpty)
}
