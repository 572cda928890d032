// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import Testing

@testable import Workbench

/// That `bench sync` can fail: what it calls lost and doubled is seen where it is.
struct HubRecordTests {
    private static let columns = "origin, stream, sequence, hash, received_ms"

    /// A journal of so many entries, and a store that has them all, changed by `sql`.
    private func comparison(_ count: Int, after sql: String = "") throws -> HubRecord.Comparison {
        let directory = try TemporaryDirectory("watchpost-test")
        defer { directory.remove() }
        var config = TestSite.configs(cells: 1, posts: 1)[0]
        config.journalPath = directory.path + "/journal.db"
        let journal = PlayedJournal(config)
        try journal.fill(count, payloadBytes: 30, isWanted: { true })
        journal.end()
        let store = try Database(path: directory.path + "/hub.sqlite", access: .create)
        try store.execute(
            "CREATE TABLE event(\(Self.columns)); CREATE TABLE cursor(origin, stream, sequence)")
        let insert = try store.prepare("INSERT INTO event VALUES('cell-1', ?, ?, ?, 1)")
        let reader = try JournalReader(path: config.journalPath)
        for stream in Facility.Stream.allCases {
            for entry in try reader.events(past: .beginning(of: stream), limit: count) {
                try insert.bind(1, Int64(stream.rawValue))
                try insert.bind(2, Int64(entry.sequence))
                try insert.bind(3, entry.hash)
                _ = try insert.step()
            }
        }
        try store.execute(sql)
        return try HubRecord(of: config.terminal, database: directory.path + "/hub.sqlite", store: nil)
            .compared(with: config.journalPath)
    }

    @Test func comparison_findsNothing_whenAllArrived() throws {
        let found = try comparison(60)
        #expect(found == HubRecord.Comparison(journal: 60, lost: 0, doubled: 0, isOrdered: true))
    }

    @Test func comparison_findsLost_alteredAndDoubled() throws {
        #expect(try comparison(60, after: "DELETE FROM event WHERE stream = 6 AND sequence = 3").lost == 1)
        let altered = "UPDATE event SET hash = x'00' WHERE stream = 6 AND sequence = 3"
        #expect(try comparison(60, after: altered).lost == 1)
        let again =
            "INSERT INTO event SELECT origin, stream, sequence + 100, hash, 1 FROM event WHERE stream = 4"
        #expect(try comparison(60, after: again).doubled == 9)
        let late = "UPDATE event SET received_ms = 2 WHERE stream = 6 AND sequence = 3"
        #expect(try comparison(60, after: late).isOrdered == false)
    }
}
