// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard
import Testing

@testable import Sync

struct SyncHelloTests {
    private let hello = SyncHello(
        boot: .two, at: Moment(uptime: .ms(5), wallMs: someWallMs, uncertaintyMs: 12), generation: 3,
        heads: SyncHeads([.health: 9, .alarm: 17]))

    private func again(_ headers: [String: String]) -> SyncHello? { SyncHello { headers[$0] } }

    private func headers(of hello: SyncHello) -> [String: String] {
        Dictionary(hello.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    @Test func hello_comesBack_fromItsHeaders() {
        var other = hello
        (other.boot, other.heads, other.at.uncertaintyMs) = (nil, SyncHeads(), Limits.wallUnknownMs)
        other.version = "0.3"
        for hello in [hello, other] { #expect(again(headers(of: hello)) == hello) }
        #expect(headers(of: hello)["watchpost-heads"] == "alarm=17,health=9")
        #expect(headers(of: hello)["watchpost-clock"] == "5000000,1795331392123,12")
        #expect(headers(of: other)["watchpost-clock"]?.hasSuffix(",-") == true)
        #expect(headers(of: hello)["watchpost-version"] == nil)
    }

    @Test(arguments: [
        ("watchpost-clock", nil), ("watchpost-clock", "1,2"), ("watchpost-clock", "1,2,4294967296"),
        ("watchpost-clock", "-1,2,3"), ("watchpost-generation", "x"), ("watchpost-boot", "12"),
        ("watchpost-boot", "00000000000000000000000000000000"), ("watchpost-heads", "alarm"),
        ("watchpost-heads", "alarm=1,alarm=1"), ("watchpost-heads", "alarm=01"),
        ("watchpost-version", "0.3 beta"), ("watchpost-version", String(repeating: "9", count: 33)),
    ])
    func hello_isRefused_whenAHeaderIsGarbled(name: String, value: String?) {
        var headers = headers(of: hello)
        headers[name] = value
        #expect(again(headers) == nil)
    }

    @Test func heads_tellHowMuchIsLeft_alsoInALaterFile() {
        let heads = SyncHeads([.alarm: 17, .duty: JournalGeneration.base(2) + 5, .health: 4])
        #expect(heads.ahead(of: [.alarm: 17, .duty: JournalGeneration.base(2) + 5, .health: 4]) == 0)
        #expect(heads.ahead(of: [.alarm: 10, .duty: 3, .health: 9]) == 7 + 5)
        #expect(heads.ahead(of: [:]) == 17 + 5 + 4)
        #expect(SyncHeads([.alarm: (1 << 40) - 1, .duty: .max]).ahead(of: [:]) > 0)
    }

    @Test func heads_leaveOut_whatIsNotKnown() {
        #expect(SyncHeads("video=3,alarm=1") == SyncHeads([.alarm: 1]))
        #expect(SyncHeads("") == SyncHeads())
    }
}
