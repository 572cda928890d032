// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import SiteCheck

struct PagesReaderTests {
    private func site(_ pages: String, page: String = "", post: String = "10.0.0.2") -> Checked<SiteSheet> {
        checkSite(
            """
            site: Test
            zones:
              w:
                title: Ward
                rings: [[post]]
              v:
                title: Other
                rings: [[post]]
            sound:
              pages:
            \(pages)
            terminals:
              - id: cell
                role: cell
                zone: w
                title: Cell
                address: 10.0.0.1:7400
                public-key: generate
                board: c.yaml
              - id: post
                role: post
                zone: v
                title: Post
                address: \(post):7401
                sip: 5071
            \(page)
                public-key: generate
                board: p.yaml
            """, file: "site.yaml")
    }

    @Test func pages_areRead_withTheirDefaults() throws {
        let checked = site("    group: 239.192.71.1:5004", page: "    page: 5063")
        let plan = try #require(checked.value?.sound?.pages, "\(checked.findings)")
        #expect(plan.group == PageGroup(address: 0xefc0_4701, port: 5_004, codec: .opus))
        #expect(plan.ttl == 1 && plan.toneMs == 1_000 && plan.unicast.isEmpty)
        #expect(plan.ports == [TerminalID("cell")!: 5_062, TerminalID("post")!: 5_063])
    }

    @Test func groupsOfOthers_areRead() throws {
        let text = """
                group: 239.192.71.1:5004
                codec: g722
                ttl: 4
                tone: 0s
                unicast: [cell]
                receivers:
                  - {name: horn, group: 239.192.71.9:5004, codec: pcma, zones: [w]}
                senders:
                  - {name: fire, group: 239.192.71.20:2000, codec: pcmu, rank: emergency, from: 10.0.0.9}
            """
        let plan = try #require(site(text, page: "    page: 5063").value?.sound?.pages)
        #expect(plan.group.codec == .g722 && plan.ttl == 4 && plan.toneMs == 0)
        #expect(plan.unicast == [TerminalID("cell")!])
        #expect(plan.receivers.map(\.zones) == [[ZoneID("w")!]] && plan.receivers[0].group.codec == .pcma)
        let sender = try #require(plan.senders.first)
        #expect(sender.rank == .emergencyPage && sender.source == 0x0a00_0009)
        #expect(sender.zones == [ZoneID("v")!, ZoneID("w")!], "all")
    }

    @Test(arguments: [
        ("    group: 10.0.0.9:5004", "no multicast group"),
        ("    group: 239.1.1.1:5004\n    tone: 11s", "no length of a tone"),
        ("    group: 239.1.1.1:5004\n    ttl: 256", "does not fit 'ttl'"),
        ("    group: 239.1.1.1:5004\n    unicast: [nobody]", "no terminal nobody"),
        (
            "    group: 239.1.1.1:5004\n    receivers: [{name: a, group: 239.1.1.2:5, zones: [x]}]",
            "no zone x"
        ),
        (
            "    group: 239.1.1.1:5004\n    senders: [{name: a, group: 239.1.1.2:5, from: 300.1.1.1}]",
            "no IPv4"
        ),
        ("    group: 239.1.1.1:5004", "is told of pages at 10.0.0.1:5062 like cell"),
    ])
    func fault_isExplained_atItsLine(_ pages: String, _ words: String) {
        let findings = site(pages, post: words.contains("like cell") ? "10.0.0.1" : "10.0.0.2").findings
        #expect(findings.contains { $0.what.english.contains(words) }, "\(findings)")
    }
}
