// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink
import Testing

@testable import Workbench

struct PlayedJournalTests {
    @Test func journal_isWhole_andItsAlarmsAreAlarms() throws {
        let directory = try TemporaryDirectory("watchpost-test")
        defer { directory.remove() }
        var config = TestSite.configs(cells: 1, posts: 1)[0]
        config.journalPath = directory.path + "/journal.db"
        let journal = PlayedJournal(config)
        try journal.fill(401, payloadBytes: 40, isWanted: { true })
        #expect(journal.raise().sequence == 4)
        journal.end()

        let reader = try JournalReader(path: config.journalPath)
        let alarms = try reader.events(past: .beginning(of: .alarm), limit: 10)
        let phases = try alarms.map { entry in
            guard case .annunciation(let told) = try Message(decoding: entry.event.payload) else {
                return "none"
            }
            return "\(told.record.id.sequence) \(told.record.phase)"
        }
        #expect(phases == ["1 raised", "1 cleared", "3 raised", "4 raised"])
        let count = try reader.heads().reduce(0) { $0 + $1.sequence }
        #expect(count == 402, "every entry, and no notice of a loss")
        let times = try reader.events(past: .beginning(of: .health), limit: 1_000).map(\.event.at.uptime)
        #expect(times == times.sorted())
    }
}
