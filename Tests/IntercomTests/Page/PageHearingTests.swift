// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Testing

@testable import Intercom

struct PageHearingTests {
    private typealias S = PageStreamTests

    /// Another key, no key, another source, another sender: counted, and never heard.
    @Test(arguments: 0..<4) func stranger_isNotHeard(_ kind: Int) throws {
        let group = try S.group(.pcmu)
        let voice: PageHearing =
            switch kind {
            case 0: try S.hearing(group, key: [UInt8](repeating: 8, count: 30))
            case 1: try S.hearing(group, key: S.key)
            case 2: try S.hearing(group, key: nil, source: 6)
            default: try S.hearing(group, key: nil, host: 0x7f00_0002)
            }
        let stream = try S.stream(group, key: kind == 0 ? S.key : nil)
        stream.start()
        defer { stream.stop() }
        #expect(!S.hears(voice, stream))
        #expect(voice.ear.refused > 0 && voice.ear.lastAt == nil)
    }

    @Test func junk_isCounted_whateverItIs() throws {
        let group = try S.group(.opus)
        let voice = try S.hearing(group, key: nil, source: nil, host: 0)
        let port = try PagePort(at: 0x7f00_0001, ttl: 0)
        for count in 0..<60 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max) & 0x7f }
            _ = wp_udp_send(port.descriptor, bytes, count, group.address, group.port)
        }
        SoundThread.pause(ms: 20)
        voice.receive()
        #expect(voice.ear.refused == 60 && voice.ear.packets.byGroup == 0)
    }
}
