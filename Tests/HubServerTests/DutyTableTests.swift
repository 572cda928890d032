// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import Journal
import NIOHTTP1
import Sync
import TestBoard
import Testing

@testable import HubServer

/// A post's panel wrote while the hub was gone; the post's sync brings it, over TLS.
struct DutyTableTests {
    private static func note(_ who: String, _ what: String, _ outcome: String = "done") throws -> [UInt8] {
        let said = JSONValue.object([
            "who": .text(who), "what": .text(what), "on": .text("\(makeID())"),
            "outcome": .text(outcome),
        ])
        return Array(try JSONText.encode(said).utf8)
    }

    @Test func acts_areInTheDutyRecord_onceTheyArrived() async throws {
        try await TestHub.run { hub in
            try await hub.account("lead", .supervisor)
            try await hub.account("wang", .officer)
            let post = try TestTerminal(hub, "post-a")
            var journal = TestJournal("post-a", .duty)
            var sent: [SyncEvent] = []
            for (number, payload) in [
                try Self.note("post-a", "alarm.acknowledge"),
                try Self.note("P1042", "alarm.clear", "notAttended"),
                // Nothing of ours, and what no engine could keep: in the record, and in no list.
                Array("{}".utf8), [0xff, 0x00],
                Array(#"{"who":"\u0000","what":"x","on":"","outcome":""}"#.utf8),
            ].enumerated() {
                let wallMs = Int64(1_800_000_000_000 + number * 1_000)
                let event = journal.next(kind: 1, payload: payload, wallMs: wallMs)
                sent.append(SyncEvent(entry: event.entry, boot: post.boot))
            }
            #expect(try await post.send(sent).status == 200)
            #expect(try await post.send(sent).status == 200, "a repeat is one")

            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("lead")
            let first = try await browser.ask(.GET, "/api/duty/acts?month=2027-01&limit=1")
            guard case .list(let newest) = first["acts"], case .object(let act)? = newest.first else {
                Issue.record("no acts: \(first.body)")
                return
            }
            #expect(newest.count == 1 && act["who"] == .text("P1042") && act["name"] == .text("张警官"))
            #expect(act["title"] == .text("室 post-a") && act["id"] == .text("post-a/duty/2"))
            let cell = "室 \(makeID().terminal)"
            #expect(act["did"] == .object(["zh": .text("解除报警：\(cell)"), "en": .text("Clear: \(cell)")]))
            guard case .text(let cursor) = first["next"] else {
                Issue.record("no next page: \(first.body)")
                return
            }
            let asked = cursor.replacing(" ", with: "%20")
            let second = try await browser.ask(.GET, "/api/duty/acts?month=2027-01&limit=5&cursor=\(asked)")
            guard case .list(let older) = second["acts"] else { return }
            #expect(older.count == 1 && second["next"] == .null)
            let only = try await browser.ask(.GET, "/api/duty/acts?month=2027-01&officer=P1042")
            #expect(only.body.contains("notAttended") && !only.body.contains("acknowledge"))
            #expect(try await browser.ask(.GET, "/api/duty/acts?month=2026-12").body.contains("[]"))
            let file = try await browser.ask(.GET, "/api/duty/acts.csv?month=2027-01")
            #expect(file.body.split(separator: "\r\n").count == 3)
            #expect(try await browser.ask(.GET, "/api/duty/acts?month=x").status == 400)
            _ = try await browser.signIn("wang")
            #expect(try await browser.ask(.GET, "/api/duty/acts?month=2027-01").status == 403)
            try await browser.close()
            try await post.close()
        }
    }

    @Test func terminal_tellsHowItIs_withEachProof() async throws {
        try await TestHub.run { hub in
            try await hub.account("tech", .technician)
            let cell = try TestTerminal(hub, "cell-101")
            let hello = SyncHello(
                boot: cell.boot, at: Moment(uptime: .ms(9), wallMs: 1_800_000_000_000, uncertaintyMs: 40),
                generation: 0, heads: SyncHeads([.alarm: 3, .health: 4]), version: "9.9")
            let answer = try await cell.client.ask(
                .POST, "https://localhost:\(hub.sync)/v1/events",
                headers: hello.headers.map { ($0.name, $0.value) }, body: Array("[]".utf8))
            #expect(answer.status == 200)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("tech")
            let said = try await browser.ask(.GET, "/api/terminals")
            guard case .list(let terminals) = said["terminals"] else { return }
            let found = terminals.compactMap { one -> [String: JSONValue]? in
                if case .object(let values) = one { values } else { nil }
            }
            let own = found.first { $0["id"] == .text("cell-101") }
            #expect(own?["behind"] == .int(7) && own?["clockUncertaintyMs"] == .int(40))
            #expect(own?["version"] == .text("9.9") && own?["zone"] == .text("一监区"))
            let silent = found.first { $0["id"] == .text("cell-201") }
            #expect(silent?["behind"] == .null && silent?["version"] == .null)
            try await browser.close()
            try await cell.close()
        }
    }

    /// An older store is brought up, and has the columns and the table.
    @Test(arguments: StoreKind.available)
    func acts_areFound_ofAnyStore(kind: StoreKind) async throws {
        let (store, _) = try await kind.open()
        let span: Range<Int64> = 0..<9
        let acts = try await store.write { session in
            try session.run(
                """
                INSERT INTO duty_act(origin, sequence, at_ms, uncertainty_ms, who, what, subject, outcome)
                VALUES('post-a', -1, 5, 4294967295, 'P1', 'x', '', 'done')
                """)
            return try session.acts(ActQuery(span, limit: 5))
        }
        #expect(acts.first?.sequence == .max && acts.first?.uncertaintyMs == Limits.wallUnknownMs)
    }
}
