// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Facility
import NIOHTTP1
import Sync
import TestBoard
import Testing

@testable import HubServer

/// Who sees what of the wall.
struct SightTests {
    @Test func officer_seesNothing_withoutAreas() async throws {
        try await TestHub.run { hub in
            try await hub.account("zhang", .officer, areas: [])
            let (browser, cell) = (try TestBrowser(hub), try TestTerminal(hub, "cell-101"))
            _ = try await browser.signIn("zhang")
            _ = try await cell.send([cell.next(cell.emergency(), .raised)])
            let wall = try await browser.ask(.GET, "/api/wall")
            #expect(wall["zones"] == .list([]) && wall["alarms"] == .list([]), "\(wall.body)")
            #expect(try await browser.ask(.GET, "/api/alarms")["alarms"] == .list([]))
            #expect(try await browser.ask(.GET, "/api/flood")["lines"] == .list([]))
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func technician_seesDevices_andNoCallOfAnybody() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let (browser, cell) = (try TestBrowser(hub), try TestTerminal(hub, "cell-101"))
            _ = try await browser.signIn("li")
            let wire = AlarmRecord(
                id: EventID(terminal: cell.id, stream: .alarm, run: 7, sequence: 2),
                point: AlarmPoint(terminal: cell.id, name: name("button")), alarmClass: .trouble,
                cause: .wireCut,
                raised: Moment(uptime: .ms(1), wallMs: 0, uncertaintyMs: .max))
            _ = try await cell.send([cell.next(cell.emergency(), .raised), cell.next(wire, .raised)])
            let wall = try await browser.ask(.GET, "/api/wall").body
            #expect(
                wall.contains("\"wireCut\"") && !wall.contains("emergency") && !wall.contains("\"press\""))
            let events = try #require(await hub.parts.wall.follow(after: nil, Sight(devicesOnly: true)))
            var pieces = events.makeAsyncIterator()
            _ = await pieces.next()
            let whole = try #require(await pieces.next())
            #expect(whole.contains("wireCut") && !whole.contains("emergency"))
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func clone_isATroubleOnTheWall_untilATechnicianRevokes() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let (browser, cell) = (try TestBrowser(hub), try TestTerminal(hub, "cell-101"))
            _ = try await browser.signIn("li")
            for boot: UInt64 in [1, 2, 1] {
                cell.boot = BootID(high: 1, low: boot)
                #expect(try await cell.send([]).status == 200)
            }
            let wall = try await browser.ask(.GET, "/api/wall").body
            #expect(wall.contains("\"cloned\"") && wall.contains("Two machines"), "\(wall)")
            let path = "/api/terminals/cell-101/revoke"
            #expect(try await browser.ask(.POST, path, .object([:])).status == 200)
            #expect(try await !browser.ask(.GET, "/api/wall").body.contains("cloned"))
            try await cell.close()
            try await browser.close()
        }
    }
}
