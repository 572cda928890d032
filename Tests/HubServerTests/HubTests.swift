// SPDX-License-Identifier: Apache-2.0
import Alarms
import AsyncHTTPClient
import ConsoleServer
import Crypto
import Facility
import NIOHTTP1
import Sync
import Testing

@testable import HubServer

/// A whole hub over real TLS, on both engines.
struct HubTests {
    @Test(arguments: StoreKind.available)
    func alarm_isSeenAndActedOn_fromTheConsole(kind: StoreKind) async throws {
        try await TestHub.run(kind) { hub in
            try await hub.account("zhang", .officer)
            let (cell, browser) = (try TestTerminal(hub, "cell-101"), try TestBrowser(hub))
            #expect(try await browser.signIn("zhang").status == 200)

            var record = cell.emergency()
            let sent = try await cell.send([cell.next(record, .raised)])
            #expect(sent.status == 200, "\(sent.body)")
            #expect(sent["cursors", "alarm"] == .text("1"))

            let wall = try await browser.ask(.GET, "/api/wall")
            guard case .list(let alarms) = wall["alarms"], case .object(let alarm)? = alarms.first else {
                Issue.record("no alarm on the wall: \(wall.body)")
                return
            }
            #expect(alarm["id"] == .text(record.id.description))
            #expect(alarm["sounding"] == .bool(true) && alarm["history"] == .bool(false))

            // The officer acts while the cell waits for orders.
            let path = "/api/alarms/\(record.id.description.replacing("/", with: "%2F"))/acknowledge"
            async let acted = browser.ask(.POST, path, .object([:]))
            let orders = try await cell.ask(.GET, "/v1/orders?after=0&wait=20")
            #expect(
                orders.body.contains("\"kind\":\"acknowledge\"")
                    && orders.body.contains("\"officer\":\"P1042\""))
            record.acknowledged = Deed(
                afterMs: 900, terminal: name("cell-101"), officer: name("P1042"), ground: .officer)
            record.revision += 1
            #expect(try await cell.ask(.POST, "/v1/orders/1", Array("{\"refusal\":null}".utf8)).status == 200)
            #expect(try await cell.send([cell.next(record, .acknowledged)]).status == 200)
            let answer = try await acted
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer["phase"] == .text("acknowledged"))

            let audit = try await hub.parts.store.read { try $0.audit(from: 1, limit: 99) }
            #expect(audit.map(\.what) == ["session.begin", "alarm.acknowledge"])
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func refusal_isASentence_whenTheCellRefuses() async throws {
        try await TestHub.run { hub in
            try await hub.account("zhang", .officer)
            let (cell, browser) = (try TestTerminal(hub, "cell-101"), try TestBrowser(hub))
            _ = try await browser.signIn("zhang")
            let record = cell.emergency()
            _ = try await cell.send([cell.next(record, .raised)])
            let path = "/api/alarms/\(record.id.description.replacing("/", with: "%2F"))/clear"
            async let acted = browser.ask(.POST, path, .object([:]))
            _ = try await cell.ask(.GET, "/v1/orders?after=0&wait=20")
            _ = try await cell.ask(.POST, "/v1/orders/1", Array("{\"refusal\":\"notAttended\"}".utf8))
            let answer = try await acted
            #expect(answer.status == 409)
            #expect(answer["error", "code"] == .text("notAttended"))
            #expect(answer["error", "zh"] == .text(AlarmRefusal.notAttended.chinese))
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func terminal_isRefused_fromTheNextRequestOn_whenRevoked() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("li")
            let code = try await browser.ask(
                .POST, "/api/terminals/cell-101/code", .object(["serial": .text("SN1")]))
            guard case .text(let text) = code["code"] else {
                Issue.record("\(code.body)")
                return
            }
            // Another machine's code, then the right machine, then the same code again.
            let key = P256.Signing.PrivateKey()
            let csr = try TestIdentity.request(key)
            let secret = JoinProof.key(of: text.lowercased())
            func join(_ serial: String) async throws -> TestAnswer {
                try await browser.ask(
                    .POST, "/v1/join",
                    .object([
                        "serial": .text(serial), "csr": .text(csr),
                        "proof": .text(JoinProof.make(secret, .asked, [serial, csr])),
                    ]))
            }
            #expect(try await join("SN2").status == 403)
            let joined = try await join("SN1")
            #expect(joined["terminal"] == .text("cell-101"))
            #expect(try await join("SN1").status == 403)
            guard case .text(let certificate) = joined["certificate"] else { return }

            let cell = try TestTerminal(
                hub, "cell-101", TestIdentity(key: key, certificate: certificate, serial: ""))
            #expect(try await cell.send([]).status == 200)
            #expect(
                try await browser.ask(.POST, "/api/terminals/cell-101/revoke", .object([:])).status == 200)
            #expect(try await cell.send([]).status == 403)
            try await cell.close()
            try await browser.close()
        }
    }

    @Test func syncPort_lets_nobodyIn_withoutACertificateOfOurs() async throws {
        try await TestHub.run { hub in
            let nobody = try hub.client()
            await #expect(throws: (any Error).self) {
                try await nobody.ask(.POST, "https://localhost:\(hub.sync)/v1/events", body: Array("[]".utf8))
            }
            let foreign = try Authority(
                directory: try temporaryFolder(), names: ["x"], nowMs: hub.parts.clock.now().wallMs)
            let key = P256.Signing.PrivateKey()
            let issued = try foreign.certify(
                requestText: try TestIdentity.request(key), as: name("cell-101"),
                nowMs: hub.parts.clock.now().wallMs)
            let stranger = try TestTerminal(
                hub, "cell-101", TestIdentity(key: key, certificate: issued.text, serial: ""))
            await #expect(throws: (any Error).self) { try await stranger.send([]) }
            // One of ours for a terminal that the site does not list.
            let unlisted = try TestTerminal(hub, "cell-999")
            #expect(try await unlisted.send([]).status == 403)
            for client in [nobody, stranger.client, unlisted.client] { try await client.shutdown() }
        }
    }

    @Test(arguments: StoreKind.available)
    func events_areTakenOnce_whateverIsSentAgain(kind: StoreKind) async throws {
        try await TestHub.run(kind) { hub in
            let cell = try TestTerminal(hub, "cell-101")
            let record = cell.emergency()
            let events = (0..<50).map { _ in cell.next(record, .pressed) }
            #expect(try await cell.send(Array(events[0..<20]))["cursors", "alarm"] == .text("20"))
            #expect(try await cell.send(Array(events[30..<50]))["cursors", "alarm"] == .text("20"))
            #expect(try await cell.send(Array(events[10..<50]))["cursors", "alarm"] == .text("50"))
            #expect(try await cell.send(events)["cursors", "alarm"] == .text("50"))
            #expect(try await hub.parts.store.read { try $0.countEvents() } == 50)
            #expect(try await cell.ask(.POST, "/v1/events", Array("[{]".utf8)).status == 400)
            #expect(try await cell.ask(.POST, "/v2/events", []).status == 410)
            try await cell.close()
        }
    }
}
