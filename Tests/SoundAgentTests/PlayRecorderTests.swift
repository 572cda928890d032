// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import Paging
import Testing

@testable import SoundAgent

struct PlayRecorderTests {
    @Test func entries_standInTheStreamPage_inTheirOrder_chained() throws {
        let folder = "/tmp/wpr-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let terminal = TerminalID("cell-101")!
        let journal = EventJournal(path: folder + "/call.db", terminal: terminal, run: 7) {}
        journal.start()
        let recorder = PlayRecorder(journal, terminal: terminal, run: 7)
        let id = OccurrenceID(
            routine: RoutineID("news")!, day: CivilDay(2026, 11, 23)!, at: ClockTime("19:00")!)
        let outcomes: [PlayOutcome] = [.began(lateMs: 0, offsetMs: 0), .cut(.yielded, atMs: 5)]
        for outcome in outcomes {
            recorder.add(PlayEntry(id, outcome, zone: ZoneID("ward-1")!), DayClock().now().moment())
        }
        journal.stop()
        let stored = try JournalReader(path: folder + "/call.db").events(
            past: .beginning(of: .page), limit: 10)
        #expect(stored.map(\.event.kind) == [64, 68])
        #expect(stored.compactMap { PlayEntry($0.event.payload)?.why } == [.yielded])
        #expect(verifyJournal(path: folder + "/call.db").isIntact)
    }
}
