// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Sync

struct SyncReplyTests {
    private func read(_ text: String) -> Result<SyncReply, SyncRefusal> {
        Result { () throws(SyncRefusal) in try SyncReply(Array(text.utf8)) }
    }

    private let full = SyncReply(
        cursors: [.alarm: 1_099_511_627_780, .health: .max], nowMs: someWallMs, hasOrders: true,
        objections: [SyncObjection(stream: .duty, sequence: 3, reason: .altered)])

    @Test func reply_comesBack_whateverItHolds() throws {
        var slow = full
        slow.proofMs = Limits.syncProofSlowMs
        for reply in [full, slow, SyncReply(cursors: [:], nowMs: -1)] {
            #expect(try SyncReply(reply.encode()) == reply)
        }
        #expect(full.status == 409)
        #expect(
            String(decoding: full.encode(), as: UTF8.self) == """
                {"version":1,"cursors":{"alarm":"1099511627780","health":"18446744073709551615"},\
                "now":1795331392123,"orders":true,\
                "refused":[{"stream":"duty","sequence":"3","reason":"altered"}]}
                """)
    }

    @Test func newerReply_isUnderstood_asFarAsItIsKnown() {
        let reply = read(
            """
            { "new" : {"a":[1]}, "version":1, "now":5, "cursors":{"alarm":"2","video":"9"},
              "refused":[{"stream":"video","sequence":"1","reason":"x"},
                         {"stream":"call","sequence":"1","reason":"new","why":null}] }
            """)
        let call = SyncObjection(stream: .call, sequence: 1, reason: .unknown)
        #expect(reply == .success(SyncReply(cursors: [.alarm: 2], nowMs: 5, objections: [call])))
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"version":2,"now":5,"cursors":{}}"#, #"{"version":1,"cursors":{}}"#,
        #"{"version":1,"now":5}"#, #"{"version":1,"now":5,"cursors":{}}x"#,
        #"{"version":1,"now":5.0,"cursors":{}}"#,
        #"{"version":1,"now":1e400,"cursors":{}}"#, #"{"version":1,"now":5,"cursors":{"alarm":2}}"#,
        #"{"version":1,"now":5,"cursors":{"alarm":"-2"}}"#,
        #"{"version":1,"now":5,"cursors":{"alarm":"1","alarm":"1"}}"#,
        #"{"version":1,"now":5,"now":5,"cursors":{}}"#, #"{"version":1,"now":5,"cursors":{},"orders":1}"#,
        #"{"version":1,"now":5,"cursors":{},"refused":[{}]}"#,
    ])
    func reply_isRefused_whenItIsNone(text: String) {
        #expect(throws: SyncRefusal.self) { try read(text).get() }
    }

    @Test func reader_neverTraps_whenBytesAreMutated() {
        var dice = Chance(seed: 8)
        for _ in 0..<5_000 {
            var bytes = full.encode()
            for _ in 0...dice.below(3) { bytes.mutate(using: &dice) }
            _ = try? SyncReply(bytes)
        }
    }
}
