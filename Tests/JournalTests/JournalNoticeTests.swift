// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Journal

@Test func notice_isToldFromADesksEntry_bySequenceAndStream() {
    #expect(JournalTrial.event(1 << 62, stream: .health).id.isNotice)
    #expect(!JournalTrial.event(1 << 62, stream: .alarm).id.isNotice)
    #expect(!JournalTrial.event((1 << 62) - 1, stream: .health).id.isNotice)
    #expect(JournalNotice.allCases.allSatisfy { JournalNotice.kinds.contains($0.rawValue) })
}

@Test func notice_getsANewSequence_whenTheSameRunOpensAgain() throws {
    let trial = JournalTrial()
    for _ in 1...2 {
        let journal = trial.journal()
        for sequence in 1...UInt64(Limits.journalQueueCount + 1) {
            journal.append(trial.event(sequence), urgent: true, now: Uptime(nanoseconds: 0))
        }
        journal.start()
        journal.stop()
    }
    #expect(try trial.notices() == ["entries=1", "entries=1"])
}
