// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

private func terminal(_ id: String, _ role: TerminalRole, _ zone: String) -> Terminal {
    Terminal(
        id: .named(id), role: role, zone: .named(zone), title: id, address: 0x7f00_0001, port: 1,
        publicKey: [])
}

private let site = Site(
    name: "two wards",
    terminals: [
        terminal("cell-1", .cell, "ward-1"), terminal("post-a", .post, "ward-1"),
        terminal("post-b", .post, "ward-2"),
        terminal("post-c", .post, "ward-2"),
    ],
    rings: [
        .named("ward-1"): [
            [TerminalID.named("post-a")], [TerminalID.named("post-b")], [TerminalID.named("post-c")],
        ]
    ], ladderMs: [], officers: [])

@Suite struct SiteTests {
    @Test func rings_leaveOutTheAskerAndEmptyRings() {
        #expect(site.rings(of: .named("cell-1"), except: .named("cell-1")).count == 3)
        #expect(
            site.rings(of: .named("post-a"), except: .named("post-a"))
                == [[TerminalID.named("post-b")], [TerminalID.named("post-c")]])
        #expect(site.rings(of: .named("nobody"), except: .named("nobody")).isEmpty)
    }

    @Test func post_hearsAndLooksAfter_whoHasItInItsRings() throws {
        let cell = try #require(site.terminal(.named("cell-1")))
        let neighbour = try #require(site.terminal(.named("post-c")))
        #expect(site.hears(.named("post-c"), cell))
        #expect(site.looksAfter(.named("post-b"), cell))
        #expect(!site.looksAfter(.named("post-c"), cell), "the third ring is told by the ladder")
        #expect(!site.hears(.named("post-a"), neighbour))
    }
}
