// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Journal

@Test func row_isRefused_whenAValueCannotHaveBeenWritten() throws {
    for change in [
        "kind = 65536", "kind = -1", "standing = 2", "uncertainty_ms = -1", "uncertainty_ms = 4294967296",
    ] {
        let trial = JournalTrial()
        trial.live([trial.event(1)])
        try trial.tamper("UPDATE event SET \(change)")
        #expect(throws: Fault.self) { try trial.recorded() }
        #expect(verifyJournal(path: trial.path).breaks.first?.description == "alarm/1: impossible values")
    }
}

@Test func generation_beginsAboveAllBefore_forEverySequence() {
    #expect(JournalGeneration.base(0) == 0)
    #expect(JournalGeneration.of(sequence: JournalGeneration.base(3) + 1) == 3)
    #expect(JournalGeneration.of(sequence: JournalGeneration.base(3) - 1) == 2)
}

@Test func identity_isRefused_whenItDoesNotFitItsSeal() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1)])
    try trial.tamper("UPDATE journal SET generation = 1")
    #expect(throws: Fault.self) { try JournalReader(path: trial.path) }
    #expect(trial.live(run: 2, []).quarantined.count == 1)
}
