// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import TestBoard
import Testing

@testable import Journal

struct CompiledSitePagesTests {
    @Test func pages_areTheSame_whenReadBack() throws {
        var config = try makeSiteConfig()
        let group = PageGroup(address: 0xefc0_4701, port: 5_004, codec: .g722)
        let zones = [ZoneID("ward-1")!, ZoneID("ward-2")!]
        var plan = SoundPlan(card: .null, ports: [config.terminal: 5_060])
        plan.pages = PagePlan(
            group: group, ttl: 3, toneMs: 720, ports: [.cell: 5_062, .postA: 5_063], unicast: [.postA],
            receivers: [PagePlan.Receiver(name: "horn", group: group, zones: zones)],
            senders: [
                PagePlan.Sender(
                    name: "fire", group: group, rank: .emergencyPage, source: 0x0a00_0009, zones: [])
            ])
        config.sound = plan
        let path = "/tmp/wpp-" + String(UInt32.random(in: .min ... .max), radix: 36)
        defer { unlink(path) }
        try CompiledSite.write(config, to: path)
        #expect(try CompiledSite.read(path).sound == plan)
    }
}
