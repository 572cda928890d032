// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Crypto
import Facility
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Sync
import Synchronization
import TestBoard
import Testing

@testable import HubServer

struct WebhookDeskTests {
    /// The other side: notes what came and answers as it is told.
    private final class Receiver: Sendable {
        struct Call: Sendable {
            let body: [UInt8]
            let signature: String
            let type: String
        }
        let calls = Mutex<[Call]>([])
        let status = Mutex(HTTPResponse.Status.ok)

        static func run(_ body: @escaping @Sendable (Receiver, String) async throws -> Void) async throws {
            let receiver = Receiver()
            let (opened, tell) = AsyncStream.makeStream(of: Int.self)
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let router = Router()
            router.post("hook") { request, _ -> Response in
                let bytes = try await request.body.collect(upTo: 100_000)
                receiver.calls.withLock {
                    $0.append(
                        Call(
                            body: Array(bytes.readableBytesView),
                            signature: request.headers[
                                HTTPField.Name("watchpost-signature").unsafelyUnwrapped] ?? "",
                            type: request.headers[.contentType] ?? ""))
                }
                return Response(
                    status: receiver.status.withLock { $0 }, headers: [.location: "http://localhost/"])
            }
            let server = Application(
                router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { tell.yield($0.localAddress?.port ?? 0) }, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await server.runService(gracefulShutdownSignals: []) }
                for await port in opened {
                    try await body(receiver, "http://127.0.0.1:\(port)/hook")
                    break
                }
                group.cancelAll()
            }
        }
    }

    private static let secret = Array("secret".utf8)

    private static func desk(
        _ address: String, events: Int = 1
    ) async throws -> (WebhookDesk, any HubStore, @Sendable (Int64) -> Void) {
        let store = try SQLiteStore(path: try temporaryFolder() + "/hub.sqlite")
        let time = SharedTime()
        let clock = HubClock { Moment(uptime: .ms(1), wallMs: time.now, uncertaintyMs: 0) }
        try await store.write { session in
            try session.put(Webhook(id: "a", address: address, secret: secret))
            for number in 1...events {
                try session.tell("e\(number)", body: Array("{\"n\":\(number)}".utf8), atMs: time.now)
            }
        }
        return (WebhookDesk(store: store, clock: clock), store, { time.move($0) })
    }

    @Test func event_isSigned_andTriedAgainUntilItIsTaken() async throws {
        try await Receiver.run { receiver, address in
            let (desk, store, move) = try await Self.desk(address)
            for status in [HTTPResponse.Status.internalServerError, .found, .ok] {
                receiver.status.withLock { $0 = status }
                let taken = try await desk.deliver()
                #expect(taken == (status == .ok ? 1 : 0))
                #expect(try await desk.deliver() == 0, "not before the pause is over")
                move(5_000)
            }
            let calls = receiver.calls.withLock { $0 }
            #expect(calls.count == 3, "a redirect is not followed")
            for call in calls {
                #expect(call.body == Array("{\"n\":1}".utf8))
                #expect(call.type.hasPrefix("application/cloudevents+json"))
                let seconds = call.signature.dropFirst(2).prefix { $0 != "," }
                let code = HMAC<SHA256>.authenticationCode(
                    for: Array("\(seconds).".utf8) + call.body, using: SymmetricKey(data: Self.secret))
                #expect(call.signature == "t=\(seconds),v1=\(Secrets.hex(Array(code)))")
            }
            #expect(try await store.read { try $0.waitingDeliveries() } == 0)
        }
    }

    @Test func event_isGivenUp_afterTheLastTry() async throws {
        try await Receiver.run { receiver, address in
            receiver.status.withLock { $0 = .serviceUnavailable }
            let (desk, store, move) = try await Self.desk(address)
            for _ in 0..<Limits.webhookTriesCount {
                #expect(try await desk.deliver() == 0)
                move(Int64(Limits.webhookPauseMaxMs))
            }
            #expect(receiver.calls.withLock { $0.count } == Limits.webhookTriesCount)
            #expect(try await store.read { try $0.waitingDeliveries() } == 0)
            #expect(try await store.read { try $0.audit(from: 1, limit: 9) }.map(\.outcome) == ["givenUp"])
        }
    }

    @Test func queue_givesUpItsOldest_whenItIsFull() async throws {
        let (_, store, _) = try await Self.desk(
            "http://127.0.0.1:1/hook", events: Limits.webhookQueueCount + 3)
        #expect(try await store.read { try $0.waitingDeliveries() } == Int64(Limits.webhookQueueCount))
    }

    @Test func pauses_double_upToAnHour() {
        #expect((0..<4).map { WebhookDesk.pauseMs(afterTries: $0) } == [1_000, 2_000, 4_000, 8_000])
        #expect(WebhookDesk.pauseMs(afterTries: 80) == Int64(Limits.webhookPauseMaxMs))
    }

    @Test(arguments: [
        "", "ftp://a/b", "file:///etc/passwd", "http://", "http://u:p@host/", "https://host/#x",
        "http://ho st/",
        "//host/", "javascript:1", "unix:/x", "http://h\u{0}/",
    ])
    func address_isRefused_unlessHTTP(text: String) { #expect(!WebhookDesk.isAddress(text)) }

    @Test func alarm_isTold_fromTheTransactionThatTookIt() async throws {
        try await TestHub.run { hub in
            try await hub.account("root", .administrator)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("root")
            try await Receiver.run { receiver, address in
                let cell = try TestTerminal(hub, "cell-101")
                let made = try await browser.ask(.POST, "/api/webhooks", .object(["url": .text(address)]))
                #expect(made.status == 200, "\(made.body)")
                let listed = try await browser.ask(.GET, "/api/webhooks").body
                #expect(listed.contains(address) && !listed.contains("secret"))
                let record = cell.emergency()
                _ = try await cell.send([cell.next(record, .raised)])
                // The hub's own runner may have been quicker.
                while receiver.calls.withLock({ $0.isEmpty }) { _ = try await hub.parts.webhooks.deliver() }
                let event = receiver.calls.withLock { $0.first.flatMap { JSONText.decode($0.body) } }
                guard case .object(let said)? = event, case .object(let data)? = said["data"] else {
                    Issue.record("no event")
                    return
                }
                #expect(
                    said["type"] == .text("watchpost.alarm.raised") && said["specversion"] == .text("1.0"))
                #expect(data["id"] == .text(record.id.description) && data["phase"] == .text("raised"))
                guard case .text(let id) = made["id"] else { return }
                #expect(try await browser.ask(.DELETE, "/api/webhooks/\(id)").status == 200)
                #expect(try await browser.ask(.DELETE, "/api/webhooks/\(id)").status == 404)
                try await cell.close()
            }
            try await browser.close()
        }
    }
}
