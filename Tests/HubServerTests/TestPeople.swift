// SPDX-License-Identifier: Apache-2.0
import Alarms
import AsyncHTTPClient
import ConsoleServer
import Facility
import Foundation
import Journal
import NIOHTTP1
import PanelLink
import Sync

@testable import HubServer

/// A person's browser: keeps cookies and the token as the pages do.
actor TestBrowser {
    private let client: HTTPClient
    private var root: String
    private(set) var cookies: [String: String] = [:]
    private(set) var token = ""

    init(_ hub: TestHub) throws {
        client = try hub.client()
        root = "https://localhost:\(hub.console)"
    }

    /// Speaks to another hub from now on.
    func move(to hub: TestHub) { root = "https://localhost:\(hub.console)" }

    func close() async throws { try await client.shutdown() }
    /// A test that fails half-way must not end all others: the library traps on a client left open.
    deinit { client.shutdown { _ in } }

    func ask(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, headers more: [(String, String)] = []
    ) async throws -> TestAnswer {
        var headers = more
        if !cookies.isEmpty {
            headers.append(("cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        if method != .GET, !more.contains(where: { $0.0 == "x-watchpost-token" }) {
            headers.append(("x-watchpost-token", token))
        }
        if body != nil { headers.append(("content-type", "application/json")) }
        let text = try body.map { Array(try JSONText.encode($0).utf8) }
        let answer = try await client.ask(method, root + path, headers: headers, body: text)
        for cookie in answer.headers["set-cookie"] {
            let pair = cookie.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        if path == "/api/session", case .text(let given) = answer["token"] { token = given }
        return answer
    }

    func signIn(_ name: String, _ password: String = "geheim-geheim", code: String? = nil) async throws
        -> TestAnswer
    {
        _ = try await ask(.GET, "/api/session")
        var body: [String: JSONValue] = ["name": .text(name), "password": .text(password)]
        if let code { body["code"] = .text(code) }
        return try await ask(.POST, "/api/session", .object(body))
    }
}

/// A terminal as its sync sees it: a journal, a boot, and a connection with its certificate.
final class TestTerminal {
    let id: TerminalID
    let client: HTTPClient
    private var root: String
    private(set) var journal: TestJournal
    var boot = BootID(high: 1, low: 2)
    /// Orders that it answered.
    var done = 0
    /// How long ago its newest entry was made, by its own uptime.
    var sinceMs = 0
    private var uptimeMs: Int { Int(journal.head.sequence) * 10 }

    init(
        _ hub: TestHub, _ id: String, _ identity: TestIdentity? = nil, journal: TestJournal? = nil
    ) throws {
        self.id = name(id)
        client = try hub.client(try identity ?? hub.terminal(id))
        root = "https://localhost:\(hub.sync)"
        self.journal = journal ?? TestJournal(id)
    }

    /// Speaks to another hub from now on.
    func move(to hub: TestHub) { root = "https://localhost:\(hub.sync)" }

    func close() async throws { try await client.shutdown() }
    /// A test that fails half-way must not end all others: the library traps on a client left open.
    deinit { client.shutdown { _ in } }

    func ask(_ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil) async throws -> TestAnswer {
        let hello = SyncHello(
            boot: boot,
            at: Moment(
                uptime: Uptime(nanoseconds: journal.head.sequence * 1_000).advanced(ms: sinceMs), wallMs: 0,
                uncertaintyMs: .max),
            generation: 0, heads: SyncHeads([journal.head]))
        return try await client.ask(
            method, root + path, headers: hello.headers.map { ($0.name, $0.value) }, body: body)
    }

    /// `isClockSet`: whether its wall clock shows a time that means something.
    func next(_ record: AlarmRecord, _ change: AlarmChange, isClockSet: Bool = true) -> SyncEvent {
        let told = Message.annunciation(Annunciation(record: record, ageMs: 5, custodian: id))
        return SyncEvent(
            entry: journal.next(
                kind: UInt16(change.rawValue), subject: encodeEventID(record.id), standing: record.isOpen,
                payload: told.encode(), at: isClockSet ? nil : unset
            ).entry, boot: boot)
    }

    private var unset: Moment {
        Moment(
            uptime: Uptime(nanoseconds: (journal.head.sequence + 1) * 1_000), wallMs: 0,
            uncertaintyMs: Limits.wallUnknownMs)
    }

    func send(_ events: [SyncEvent]) async throws -> TestAnswer {
        try await ask(.POST, "/v1/events", EventWire.encode(events))
    }

    func emergency(_ sequence: UInt64 = 1) -> AlarmRecord {
        AlarmRecord(
            id: EventID(terminal: id, stream: .alarm, run: 7, sequence: sequence),
            point: AlarmPoint(terminal: id, name: name("button")), alarmClass: .emergency, cause: .press,
            raised: Moment(uptime: Uptime(nanoseconds: 1), wallMs: 0, uncertaintyMs: .max))
    }
}
