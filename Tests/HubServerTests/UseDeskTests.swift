// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import NIOHTTP1
import TestBoard
import Testing

@testable import HubServer

struct UseDeskTests {
    @Test func cell_isDoubtful_whileItsWireIsCut_andDecidedByAnOfficer() async throws {
        try await TestHub.run { hub in
            try await hub.account("lead", .supervisor)
            let (browser, cell) = (try TestBrowser(hub), try TestTerminal(hub, "cell-101"))
            _ = try await browser.signIn("lead")
            var wire = AlarmRecord(
                id: EventID(terminal: cell.id, stream: .alarm, run: 7, sequence: 2),
                point: AlarmPoint(terminal: cell.id, name: name("button")), alarmClass: .trouble,
                cause: .wireCut,
                raised: Moment(uptime: .ms(1), wallMs: 0, uncertaintyMs: .max))
            _ = try await cell.send([cell.next(wire, .raised)])
            #expect(try await becomes { try await hub.parts.store.read { try $0.countUses() } == 1 })
            await hub.parts.followUp.settled()
            #expect(try await browser.ask(.GET, "/api/wall").body.contains("\"use\":\"doubtful\""))

            let decision = JSONValue.object(["use": .text("notUsable"), "reason": .text("线断")])
            #expect(try await browser.ask(.POST, "/api/cells/cell-101/use", decision).status == 200)
            let post = try await browser.ask(.POST, "/api/cells/post-a/use", decision)
            #expect(post.status == 409 && post["error", "code"] == .text("notACell"))
            let blank = JSONValue.object(["use": .text("usable"), "reason": .text(" ")])
            #expect(try await browser.ask(.POST, "/api/cells/cell-101/use", blank).status == 409)

            // Mended: what an officer said stands until an officer says otherwise.
            wire.cleared = Deed(afterMs: 9, terminal: cell.id, officer: nil, ground: .automatic)
            wire.revision += 1
            _ = try await cell.send([cell.next(wire, .cleared)])
            #expect(try await becomes { try await hub.parts.store.read { try $0.countUses() } == 3 })
            let past = try await browser.ask(.GET, "/api/cells/cell-101/use")
            #expect(past["use"] == .text("notUsable"))
            guard case .list(let decisions) = past["decisions"] else { return }
            #expect(decisions.count == 3, "\(past.body)")
            // As a restarted hub reads it.
            let again = try await UseDesk(store: hub.parts.store, places: hub.parts.places)
                .use(of: name("cell-101"))
            #expect(again?.use == .notUsable && again?.standing == [])
            try await cell.close()
            try await browser.close()
        }
    }
}
