// SPDX-License-Identifier: Apache-2.0
import Facility
import TestCalls
import Testing

@testable import Intercom

@Suite(.serialized)
struct SIPEndpointTests {
    @Test(arguments: [SIPRequest.Transport.udp, .tcp])
    func call_isMadeAnsweredHeldAndEnded_betweenTwoEnds(transport: SIPRequest.Transport) async throws {
        try await SIPEnds.run { ends in
            try await ends.open("a")
            try await ends.open("b")
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: await ends.port("b"), transport)
            let call = try await ends.invite(
                "a", uri, headers: [("Priority", "emergency"), ("Watchpost", "x=1")])
            #expect(await ends.sees("a") { $0 == .ringing(call) })
            let (number, request) = try #require(await ends.events["b"]?.invited)
            #expect(request.isEmergency && request.headers["watchpost"] == "x=1")
            #expect(request.transport == transport && request.fromUser == "a")
            #expect(String(decoding: request.body, as: UTF8.self) == SIPEnds.description)
            #expect(
                try await ends.use("b") {
                    $0.answer(number, SIPEnds.description, headers: [("Watchpost", "y")])
                })
            let body = Array(SIPEnds.description.utf8)
            #expect(await ends.sees("a") { $0 == .answered(call, body, header: "y") })
            #expect(await ends.sees("b") { $0 == .established(number) })
            // Hold, by a new offer.
            #expect(try await ends.use("a") { $0.modify(call, offer: SIPEnds.description) })
            #expect(
                await ends.sees("a") {
                    if case .answered(call, _, header: nil) = $0 { true } else { false }
                })
            #expect(await ends.reoffers["b"] == [body])
            try await ends.use("b") { $0.end(number, headers: [("Reason", "SIP;cause=200")]) }
            #expect(await ends.sees("a") { $0 == .ended(call, status: 200) })
        }
    }

    @Test func invitation_isRefusedOrCancelled_asItIsAsked() async throws {
        try await SIPEnds.run { ends in
            try await ends.open("a")
            try await ends.open("b")
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: await ends.port("b"))
            let busy = try await ends.invite("a", uri)
            #expect(await ends.sees("a") { $0 == .ringing(busy) })
            let number = try #require(await ends.events["b"]?.invited).number
            try await ends.use("b") { $0.refuse(number, 486, "Busy Here") }
            #expect(await ends.sees("a") { $0 == .ended(busy, status: 486) })
            let cancelled = try await ends.invite("a", uri)
            #expect(await ends.sees("a") { $0 == .ringing(cancelled) })
            try await ends.use("a") { $0.end(cancelled) }
            #expect(
                await ends.sees("b") { if case .ended(number + 1, _) = $0 { true } else { false } })
        }
    }

    @Test func stranger_getsNoAnswer_andIsCounted() async throws {
        try await SIPEnds.run { ends in
            try await ends.open("a")
            try await ends.open("b", admitted: [0x0a00_0001])
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: await ends.port("b"))
            let call = try await ends.invite("a", uri)
            #expect(await !ends.sees("a", ms: 700) { $0 == .ringing(call) })
            #expect(await ends.counts("b")?.strangers ?? 0 > 0)
            #expect(await ends.events["b"] == nil)
        }
    }

    @Test func options_areAnswered_andUnknownMethodsRefused() async throws {
        try await SIPEnds.run { ends in
            try await ends.open("a")
            try await ends.open("b")
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: await ends.port("b"))
            for (method, status) in [("OPTIONS", 200), ("MESSAGE", 200), ("SUBSCRIBE", 405), ("INFO", 481)] {
                let task = try await ends.use("a") {
                    try $0.ask(method, uri, from: "a", type: "text/plain", body: "hello")
                }
                #expect(await ends.sees("a") { $0 == .replied(task, status: status) })
            }
            #expect(
                await ends.sees("b") {
                    if case .message(let request) = $0 {
                        request.body == Array("hello".utf8)
                    } else {
                        false
                    }
                })
        }
    }
}
