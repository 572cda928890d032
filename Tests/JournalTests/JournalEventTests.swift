// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

@Test func event_standsForNothing_whenItNamesNoSubject() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1, subject: "", standing: true), trial.event(2, subject: "a", standing: true)])
    #expect(try JournalReader(path: trial.path).standing().map(\.sequence) == [2])
    #expect(verifyJournal(path: trial.path).isIntact)
}
