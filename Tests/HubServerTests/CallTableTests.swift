// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOHTTP1
import Recordings
import TestBoard
import Testing

@testable import HubServer

/// The stream `call` over TLS, and what the console then shows of it.
struct CallTableTests {
    static func call(_ number: UInt64) -> CallID {
        EventID(terminal: name("cell-101"), stream: .call, run: 5, sequence: number)
    }

    @Test(arguments: StoreKind.available) func calls_areListed_withTheirRecordings(_ kind: StoreKind)
        async throws
    {
        try await TestHub.run(kind) { hub in
            try await hub.account("lead", .supervisor)
            try await hub.account("wang", .officer, areas: [name("ward-2")])
            let cell = try TestTerminal(hub, "cell-101")
            var journal = TestJournal("cell-101", .call)
            let alarm = EventID(terminal: name("cell-101"), stream: .alarm, run: 9, sequence: 1)
            let (first, second) = (TestRecording(Self.call(1)), TestRecording(Self.call(2)))
            // What no engine could keep stands in the record, and in no list.
            let strange = [[0xff, 0x00], Array("call=x\nstep=ended".utf8), Array("call=\u{0}".utf8)]
            let events = TestRecording.events(
                first.entries(alarm: alarm) + strange + second.entries(), of: cell, &journal)
            #expect(try await cell.send(events).status == 200)
            #expect(try await cell.send(events).status == 200, "a repeat is one")

            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("lead")
            let newest = try await browser.ask(.GET, "/api/calls?limit=1")
            guard case .list(let page) = newest["calls"], case .object(let call)? = page.first,
                case .text(let cursor) = newest["next"], case .list(let recordings)? = call["recordings"],
                case .object(let recording)? = recordings.first
            else {
                Issue.record("\(newest.body)")
                return
            }
            #expect(call["id"] == .text(Self.call(2).description) && call["party"] == .text("室 post-a"))
            #expect(call["ms"] == .int(1_000) && call["ending"] == .text("farHungUp"))
            #expect(call["alarm"] == .null && call["urgency"] == .text("emergency"))
            #expect(recording["id"] == .text(second.sealed.sha256) && recording["stored"] == .bool(false))
            #expect(recording["ms"] == .int(4_000))
            let older = try await browser.ask(
                .GET, "/api/calls?limit=5&cursor=\(cursor.replacing(" ", with: "%20"))")
            guard case .list(let rest) = older["calls"] else { return }
            #expect(rest.count == 1 && older["next"] == .null)
            let ofAlarm = try await browser.ask(.GET, "/api/calls?alarm=\(alarm)")
            guard case .list(let one) = ofAlarm["calls"] else { return }
            #expect(one.count == 1 && ofAlarm.body.contains(first.sealed.sha256))
            _ = try await browser.signIn("wang")
            #expect(try await browser.ask(.GET, "/api/calls").body.contains("[]"), "another ward's")
            try await browser.close()
            try await cell.close()
        }
    }

    @Test func removedRecording_isSaid_andASecondWordChangesNothing() async throws {
        try await TestHub.run { hub in
            let cell = try TestTerminal(hub, "cell-101")
            var journal = TestJournal("cell-101", .call)
            let made = TestRecording(Self.call(1))
            var removed = CallEntry()
            removed.add("call", made.name.call.description)
            removed.add("step", "removed")
            removed.add("file", made.name.text)
            var again = made.sealed
            again.sha256 = String(repeating: "0", count: 64)
            var other = CallEntry()
            other.add("call", made.name.call.description)
            other.add("step", "recorded")
            again.write(into: &other)
            let events = TestRecording.events(
                made.entries() + [other.payload, removed.payload], of: cell, &journal)
            #expect(try await cell.send(events).status == 200)
            let rows = try await hub.parts.store.read { try $0.recordings(of: made.name.call) }
            #expect(rows.count == 1 && rows[0].sealed == made.sealed)
            #expect(rows[0].removedMs != nil && rows[0].storedMs == nil)
            #expect(rows[0].quality.contains("loss=12"))
            try await cell.close()
        }
    }
}
