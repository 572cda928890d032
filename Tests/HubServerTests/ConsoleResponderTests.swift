// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOHTTP1
import Testing

@testable import HubServer

/// What the console's port lets through.
struct ConsoleResponderTests {
    /// Every role on every route of the description that the hub itself serves.
    @Test func routes_answerTheRolesTheyName_andNoOther() async throws {
        try await TestHub.run { hub in
            var routes = 0
            for role in Role.allCases.map(Optional.some) + [nil] {
                let browser = try TestBrowser(hub)
                if let role {
                    try await hub.account("\(role)", role)
                    #expect(try await browser.signIn("\(role)").status == 200)
                } else {
                    _ = try await browser.ask(.GET, "/api/session")
                }
                guard case .object(let paths) = try await browser.ask(.GET, "/api/openapi.json")["paths"]
                else { return }
                for (path, methods) in paths.sorted(by: { $0.key < $1.key }) {
                    guard case .object(let methods) = methods, path != "/api/stream" else { continue }
                    for (method, said) in methods where !(path == "/api/session" && method != "get") {
                        routes += 1
                        let status = try await Self.status(browser, method, path)
                        let isOpen = Self.isOpen(said, to: role)
                        let isRefused = status == 401 || status == 403
                        // A join without a code is refused for what it says, not for who says it.
                        if path == "/v1/join" { continue }
                        #expect(
                            isOpen != isRefused,
                            "\(role.map { "\($0)" } ?? "nobody") \(method) \(path): \(status)")
                        #expect(status < 500, "\(method) \(path): \(status)")
                    }
                }
                try await browser.close()
            }
            #expect(routes > 100)
        }
    }

    private static func status(_ browser: TestBrowser, _ method: String, _ path: String) async throws -> Int {
        let filled = path.replacing("{id}", with: path.contains("alarms") ? "none" : "cell-101")
        let body: JSONValue? = method == "get" ? nil : .object([:])
        let monthly = ["/api/statistics", "/api/duty", "/api/certificate", "/api/report"]
        let query = monthly.contains { path.hasPrefix($0) } ? "?month=2026-11" : ""
        return try await browser.ask(HTTPMethod(rawValue: method.uppercased()), filled + query, body).status
    }

    private static func isOpen(_ said: JSONValue, to role: Role?) -> Bool {
        guard case .object(let said) = said else { return false }
        if said["security"] == .list([]) { return true }
        guard let role else { return false }
        guard case .list(let roles)? = said["x-roles"] else { return true }
        return roles.contains(.text(role.rawValue))
    }

    @Test func answers_shutTheBrowserIn_allOfThem() async throws {
        try await TestHub.run { hub in
            let browser = try TestBrowser(hub)
            for path in ["/", "/api/session", "/api/wall", "/nowhere", "/health"] {
                let answer = try await browser.ask(.GET, path)
                #expect(
                    answer.headers.first(name: "content-security-policy")?.hasPrefix("default-src 'none'")
                        == true)
                #expect(answer.headers.first(name: "x-content-type-options") == "nosniff")
                #expect(answer.headers.first(name: "strict-transport-security") != nil, "\(path)")
            }
            #expect(try await browser.ask(.GET, "/api/wall").status == 401)
            #expect(try await browser.ask(.GET, "/nowhere").status == 404)
            let wrong = try await browser.ask(.PUT, "/api/wall", .object([:]))
            #expect(wrong.status == 405 && wrong.headers.first(name: "allow") == "GET")
            try await browser.close()
        }
    }

    @Test func writing_needsTheTokenAndTheOwnOrigin() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let browser = try TestBrowser(hub)
            let early = JSONValue.object(["name": .text("li"), "password": .text("geheim-geheim")])
            #expect(try await browser.ask(.POST, "/api/session", early).status == 403)
            #expect(try await browser.signIn("li").status == 200)
            #expect(await browser.cookies.keys.sorted() == ["__Host-watchpost"])
            let path = "/api/terminals/cell-101/code"
            let stranger = [("x-watchpost-token", "0")]
            #expect(try await browser.ask(.POST, path, .object([:]), headers: stranger).status == 403)
            let elsewhere = [("origin", "https://evil.example")]
            #expect(try await browser.ask(.POST, path, .object([:]), headers: elsewhere).status == 403)
            let own = [("origin", "https://localhost:\(hub.console)")]
            #expect(try await browser.ask(.POST, path, .object([:]), headers: own).status == 200)
            #expect(try await browser.ask(.POST, path, .list([])).status == 400)
            #expect(try await browser.ask(.POST, path, .object(["serial": .int(3)])).status == 400)
            #expect(try await browser.ask(.DELETE, "/api/session").status == 200)
            #expect(try await browser.ask(.GET, "/api/wall").status == 401)
            try await browser.close()
        }
    }

    @Test func signIn_isSlowed_afterFiveWrongTries() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let browser = try TestBrowser(hub)
            for _ in 0..<Limits.signInTriesCount {
                #expect(try await browser.signIn("li", "wrong").status == 401)
            }
            let refused = try await browser.signIn("li")
            #expect(refused.status == 429 && refused.headers.first(name: "retry-after") != nil)
            try await browser.close()
        }
    }

    @Test func code_isAskedForAndGoodOnce_whenASecondFactorIsSet() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let secret = Array("12345678901234567890".utf8)
            try await hub.parts.store.write { session in
                guard var account = try session.account("li") else { return }
                account.totp = secret
                try session.put(account)
            }
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("li").status == 401)
            let code = TimeCode.code(secret: secret, step: hub.parts.clock.now().wallMs / 30_000)
            #expect(try await browser.signIn("li", code: code).status == 200)
            _ = try await browser.ask(.DELETE, "/api/session")
            #expect(try await browser.signIn("li", code: code).status == 401)
            try await browser.close()
        }
    }
}
