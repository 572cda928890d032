// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Testing

@testable import Intercom

struct PagePortTests {
    @Test func group_isHeardByMany_andPortThatIsTakenIsSaid() throws {
        let group = try PageStreamTests.group(.opus)
        let ears = try (0..<20).map { _ in try PagePort(hearing: group, on: 0x7f00_0001) }
        let mouth = try PagePort(at: 0x7f00_0001, ttl: 0)
        #expect(mouth.number > 0)
        #expect(wp_udp_send(mouth.descriptor, [1, 2, 3], 3, group.address, group.port) == 0)
        for ear in ears {
            var (bytes, host, port) = ([UInt8](repeating: 0, count: 9), UInt32(0), UInt16(0))
            #expect(wp_udp_receive(ear.descriptor, &bytes, 9, &host, &port) == 3)
            #expect(host == 0x7f00_0001 && port == mouth.number)
        }
        #expect(throws: Fault.self) { try PagePort(hearing: group, on: 0x0a63_6363) }
    }

    @Test func types_areOfTheirCodecAlone() {
        #expect(PageCodec.pcmu.isCarried(as: 0) && !PageCodec.pcmu.isCarried(as: 8))
        #expect(PageCodec.opus.isCarried(as: 96) && PageCodec.opus.isCarried(as: 111))
        #expect(!PageCodec.opus.isCarried(as: 0) && PageCodec.g722.isCarried(as: 9))
    }
}
