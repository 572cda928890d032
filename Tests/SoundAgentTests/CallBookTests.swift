// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Journal
import PanelLink
import SoundAgent
import TestBoard
import Testing

/// Whom a terminal speaks with, and how; CallDeskTests and ExchangeTests reach everybody by it.
struct CallBookTests {
    private func book(isLight: Bool) throws -> CallBook {
        let keys = LinkKeys.generate()
        let zone = ZoneID.named("ward-1")
        let posts = [TerminalID.named("post-a"), TerminalID.named("post-b")]
        let terminals = posts.map { id in
            Terminal(
                id: id, role: .post, zone: zone, title: id.text, address: 0x7f00_0001, port: 7_400,
                publicKey: LinkKeys.generate().publicKey)
        }
        let config = TerminalConfig(
            version: 1, terminal: posts[0],
            site: Site(name: "Test", terminals: terminals, rings: [:], ladderMs: [], officers: []),
            board: Board(name: "none", kind: .simulated, duties: []), keyPath: "", journalPath: "",
            runtimePath: "", operators: [],
            sound: SoundPlan(card: .null, ports: [posts[0]: 5_060, posts[1]: 5_061]))
        return try CallBook(config, keys: keys, isLight: isLight)
    }

    @Test func terminals_areSpokenWithInOpusAndCopies() throws {
        let policy = try book(isLight: false).policy(.terminal(.named("post-b")))
        #expect(policy.codecs.first == .opus && policy.redundancy)
    }

    @Test func slowProcessor_isSparedOpus() throws {
        let policy = try book(isLight: true).policy(.terminal(.named("post-b")))
        #expect(policy.codecs == [.pcma, .pcmu] && !policy.redundancy)
    }
}
