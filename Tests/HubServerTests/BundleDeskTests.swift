// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
import Facility
import Foundation
import NIOHTTP1
import Testing

@testable import HubServer

/// What terminals are given by `GET /v1/bundles/…`, over mTLS.
struct BundleDeskTests {
    private func get(
        _ hub: TestHub, _ terminal: TestTerminal, _ path: String, range: String? = nil
    ) async throws -> TestAnswer {
        try await terminal.client.ask(
            .GET, "https://localhost:\(hub.sync)/v1/bundles/\(path)",
            headers: range.map { [("range", $0)] } ?? [])
    }

    private func list(_ hub: TestHub, _ terminal: TestTerminal) async throws -> [BundleManifest] {
        let answer = try await get(hub, terminal, "")
        return try JSONDecoder().decode(BundleList.self, from: Data(answer.body.utf8)).bundles
    }

    @Test(arguments: StoreKind.available) func terminal_isGivenItsOwn_wholeAndInParts(kind: StoreKind)
        async throws
    {
        try await TestHub.run(kind) { hub in
            let (cell, post) = (try TestTerminal(hub, "cell-101"), try TestTerminal(hub, "post-a"))
            #expect(try await list(hub, cell).isEmpty)
            let desk = hub.parts.bundles
            try await desk.publish(.rules, Array("for all".utf8), terminal: nil, atMs: 1)
            let own = try await desk.publish(
                .rules, Array("for one".utf8), terminal: name("cell-101"), atMs: 2)
            #expect(
                try await desk.publish(.rules, Array("for one".utf8), terminal: name("cell-101"), atMs: 3)
                    == nil)
            let mine = try #require(try await list(hub, cell).first)
            #expect(mine == own && mine.version == 2)
            let seal = try BundleSeal(authority: hub.parts.authority.certificateText, at: "authority")
            #expect(seal.holds(mine))
            #expect(try await get(hub, cell, mine.sha256).body == "for one")
            let part = try await get(hub, cell, mine.sha256, range: "bytes=4-5")
            #expect(part.status == 206 && part.body == "on")
            #expect(part.headers.first(name: "content-range") == "bytes 4-5/7")
            #expect(try await get(hub, cell, mine.sha256, range: "bytes=4-").body == "one")
            for wrong in ["bytes=7-", "bytes=-1", "bytes=3-2", "lines=1-2", "bytes=a-b"] {
                #expect(try await get(hub, cell, mine.sha256, range: wrong).status == 416, "\(wrong)")
            }
            // Another terminal's is not there, nor is anything else.
            #expect(try await get(hub, post, mine.sha256).status == 404)
            #expect(try await get(hub, post, "..%2fauthority.key").status == 404)
            #expect(try await list(hub, post).map(\.version) == [1])
            try await cell.close()
            try await post.close()
        }
    }

    @Test func officers_goToPostsAlone_anewWithEachChange() async throws {
        try await TestHub.run { hub in
            let (cell, post) = (try TestTerminal(hub, "cell-101"), try TestTerminal(hub, "post-a"))
            try await hub.account("chief", .administrator)
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("chief").status == 200)
            func put(_ pin: String) async throws -> Int {
                let user = JSONValue.object([
                    "id": .text("wang"), "name": .text("wang"), "password": .text("geheim-geheim"),
                    "role": .text("supervisor"),
                    "officer": .text("P1042"), "pin": .text(pin),
                ])
                return try await browser.ask(.POST, "/api/users", user).status
            }
            #expect(try await put("12a4") == 400)
            #expect(try await put("123") == 400)
            #expect(try await put("2580") == 200)
            let first = try #require(try await list(hub, post).first)
            let text = try await get(hub, post, first.sha256).body
            let officers = try PeopleBundle.decode(Array(text.utf8), at: "here")
            let wang = try #require(officers[name("P1042")])
            #expect(wang.name == "张警官" && wang.role == .supervisor)
            #expect(await Password.isRight("2580", hash: wang.pin))
            #expect(try await list(hub, cell).isEmpty, "a cell needs no officers")
            #expect(try await get(hub, cell, first.sha256).status == 404)
            #expect(try await put("8520") == 200)
            #expect(try await list(hub, post).first?.version == first.version + 1)
            try await browser.close()
            try await cell.close()
            try await post.close()
        }
    }
}
