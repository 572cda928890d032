// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import Foundation
import Journal
import Testing

@testable import PanelServer

struct PanelRecordTests {
    @Test func notes_areReadBack_newestFirst_andTheirChainHolds() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).db").path
        let terminal = try #require(TerminalID("post-a"))
        let record = PanelRecord(path: path, terminal: terminal)
        let now = Moment(uptime: Uptime(nanoseconds: 5), wallMs: 1_800_000_000_000, uncertaintyMs: 1)
        for number in 1...3 {
            record.append(
                PanelNote(who: "P1042", what: "alarm.clear", subject: "\(number)", outcome: "notAttended"),
                now: now)
        }
        record.stop()
        let entries = try await record.entries(limit: 2)
        #expect(entries.count == 2)
        guard case .object(let newest)? = entries.first else { return }
        #expect(newest["on"] == .text("3") && newest["outcome"] == .text("notAttended"))
        #expect(newest["who"] == .text("P1042") && newest["at"] == .int(1_800_000_000_000))
        let heads = try JournalReader(path: path).heads()
        #expect(heads.contains { $0.stream == .duty && $0.sequence == 3 })
    }
}
