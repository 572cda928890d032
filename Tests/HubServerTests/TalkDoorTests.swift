// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOHTTP1
import TalkLink
import Testing

@testable import HubServer

/// A page speaks through the hub with a gateway: real TLS, real WebSocket, a socket for the gateway.
struct TalkDoorTests {
    private static func run(
        _ body: @escaping @Sendable (TestHub, TestGateway, TestBrowser) async throws -> Void
    ) async throws {
        let gateway = try await TestGateway()
        var config = try TestHub.config(.sqlite)
        config.talk = gateway.path
        try await HubKeeping.store(config).write {
            try $0.setSite(TestHub.site, zoneTitles: [name("ward-1"): "一监区"])
        }
        try await TestHub.run(config) { hub in
            try await hub.account("li", .officer)
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("li").status == 200)
            try await body(hub, gateway, browser)
            try await browser.close()
        }
        try await gateway.close()
    }

    private static let because: JSONValue = .object(["purpose": .text("talk"), "reason": .text("身体不适")])

    private static func path(_ browser: TestBrowser, _ body: JSONValue = because) async throws -> String {
        let answer = try await browser.ask(.POST, "/api/terminals/cell-101/talk", body)
        guard case .text(let path) = answer["path"] else { return "\(answer.status) \(answer.body)" }
        return path
    }

    private static func cookie(_ browser: TestBrowser) async -> String {
        await browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }

    @Test func voice_goesBothWays_andTheAuditSaysWhoOpenedWhy() async throws {
        try await Self.run { hub, gateway, browser in
            let (path, cookie) = (try await Self.path(browser), await Self.cookie(browser))
            let head = try await TestPage.talk(hub, path, cookie: cookie) { page in
                #expect(try await page.next()?.bytes == Array(#"{"state":"calling"}"#.utf8))
                let talking = try await page.next()?.bytes ?? []
                #expect(
                    JSONText.decode(talking)
                        == .object(
                            ["state": .text("talking"), "delayMs": .int(90), "lossPermille": .int(0)]))
                try await page.send(2, [0x78, 1, 2, 3])
                #expect(try await page.next()?.bytes == [0x78, 1, 2, 3])
                try await page.send(1, Array(#"{"act":"mute"}"#.utf8))
                try await page.send(1, Array(#"{"act":"hangUp"}"#.utf8))
                while let (opcode, _) = try await page.next(), opcode != 8 {}
            }
            #expect(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            var told = gateway.told.makeAsyncIterator()
            let request = TalkRequest(
                terminal: name("cell-101"), purpose: .talk, officer: name("P1042"), reason: "身体不适")
            #expect(await told.next() == request.map { .request($0) })
            #expect(await told.next() == .voice([0x78, 1, 2, 3]))
            #expect(await told.next() == .act(.mute))
            #expect(await told.next() == .act(.hangUp))
            let notes = try await hub.parts.store.read { try $0.audit(from: 0, limit: 20) }
            let subject = "cell-101 talk 身体不适"
            #expect(notes.contains { $0.what == "intercom.open" && $0.who == "li" && $0.subject == subject })
        }
    }

    @Test func ticket_isGoodOnce_forItsOwnSessionAndOrigin() async throws {
        try await Self.run { hub, _, browser in
            let cookie = await Self.cookie(browser)
            let path = try await Self.path(browser)
            #expect(try await TestPage.talk(hub, path, cookie: cookie).contains(" 101 "))
            #expect(try await TestPage.talk(hub, path, cookie: cookie).contains(" 403 "))
            let other = try await Self.path(browser)
            let foreign = try await TestPage.talk(hub, other, cookie: cookie, origin: "https://evil.example")
            #expect(foreign.contains(" 400 "))
            let stranger = try await TestPage.talk(hub, other, cookie: "\(Cookies.session)=00")
            #expect(stranger.contains(" 403 "))
            #expect(try await browser.ask(.GET, other).status == 400)
        }
    }

    @Test func talk_ends_whenWhoeverAskedSignsOut() async throws {
        try await Self.run { hub, _, browser in
            let (path, cookie) = (try await Self.path(browser), await Self.cookie(browser))
            _ = try await TestPage.talk(hub, path, cookie: cookie) { page in
                _ = try await page.next()
                #expect(try await browser.ask(.DELETE, "/api/session").status == 200)
                var isOver = false
                while let (opcode, bytes) = try await page.next() {
                    isOver = isOver || String(decoding: bytes, as: UTF8.self).contains("\"ended\"")
                    if opcode == 8 { break }
                }
                #expect(isOver)
            }
        }
    }

    @Test func opening_isRefused_withoutAlarmReasonOrSecondPerson() async throws {
        try await Self.run { hub, _, browser in
            try await hub.account("wang", .supervisor)
            func code(_ body: [String: JSONValue]) async throws -> JSONValue {
                try await browser.ask(.POST, "/api/terminals/cell-101/talk", .object(body))["error", "code"]
            }
            #expect(try await code(["purpose": .text("answer")]) == .text("noAlarm"))
            #expect(try await code(["purpose": .text("talk")]) == .text("reasonMissing"))
            var listen: [String: JSONValue] = ["purpose": .text("listen"), "reason": .text("夜间呼救")]
            #expect(try await code(listen) == .text("secondMissing"))
            listen["second"] = .text("wang")
            listen["secondPassword"] = .text("wrong")
            #expect(try await code(listen) == .text("wrongSignIn"))
            // The same officer under another account is no second person.
            listen["secondPassword"] = .text("geheim-geheim")
            #expect(try await code(listen) == .text("secondMissing"))
        }
    }

    @Test func talk_isRefused_whenTheHubHasNoGateway() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .officer)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("li")
            let answer = try await browser.ask(.POST, "/api/terminals/cell-101/talk", Self.because)
            #expect(answer.status == 409 && answer["error", "code"] == .text("noGateway"))
            try await browser.close()
        }
    }
}
