// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import NIOHTTP1
import Testing

@testable import HubServer

struct RoundDeskTests {
    @Test func round_ticksTheCell_andTheTestIsInNoStatistics() async throws {
        try await TestHub.run { hub in
            try await hub.account("lead", .supervisor)
            let (browser, cell) = (try TestBrowser(hub), try TestTerminal(hub, "cell-101"))
            _ = try await browser.signIn("lead")
            let begun = try await browser.ask(.POST, "/api/rounds", .object(["zone": .text("ward-1")]))
            guard begun.status == 200, case .text(let id) = begun["id"] else {
                Issue.record("\(begun.body)")
                return
            }
            let again = try await browser.ask(.POST, "/api/rounds", .object(["zone": .text("ward-1")]))
            #expect(again.status == 409 && again["error", "code"] == .text("roundRunning"))

            var record = cell.emergency()
            record.annunciated = Deed(afterMs: 61, terminal: name("post-a"), officer: nil, ground: .automatic)
            _ = try await cell.send([cell.next(record, .raised)])
            let tested = record.id
            #expect(
                try await becomes { try await hub.parts.store.read { try $0.alarm(tested)?.isTest } == true })
            let pressed = try await browser.ask(.GET, "/api/rounds/\(id)").body
            #expect(pressed.contains("\"state\":\"pressed\"") && pressed.contains("\"ms\":61"), "\(pressed)")
            let alarm = record.id
            #expect(try await hub.parts.store.read { try $0.alarm(alarm)?.isTest } == true)

            // A restart in the middle of it.
            let desk = RoundDesk(store: hub.parts.store, places: hub.parts.places, clock: hub.parts.clock)
            #expect(try await desk.view(id)?.cells.map(\.state) == [.pressed])
            #expect(try await desk.end(id)?.endedAt != nil)
            await #expect(throws: ConsoleRefusal.roundEnded) { try await desk.end(id) }

            #expect(try await browser.ask(.POST, "/api/rounds/\(id)/end", .object([:])).status == 409)
            let file = try await browser.ask(.GET, "/api/rounds/\(id).csv")
            #expect(file.status == 200 && file.body.contains("cell-101"))
            #expect(try await browser.ask(.GET, "/api/rounds/none").status == 404)
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func round_isSeen_onlyByWhoSeesItsZone() async throws {
        try await TestHub.run { hub in
            try await hub.account("zhang", .officer, areas: [name("ward-2")])
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("zhang")
            let other = try await browser.ask(.POST, "/api/rounds", .object(["zone": .text("ward-1")]))
            #expect(other.status == 404)
            let round = try await hub.parts.rounds.begin(name("ward-1"), by: name("P1042"))
            #expect(try await browser.ask(.GET, "/api/rounds/\(round.id)").status == 404)
            try await browser.close()
        }
    }
}
