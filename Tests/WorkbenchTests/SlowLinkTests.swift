// SPDX-License-Identifier: Apache-2.0
import CLinux
import CLoopback
import DeskLink
import Facility
import Foundation
import Testing

@testable import Workbench

struct SlowLinkTests {
    @Test func bytes_arriveUnchanged_inTheirOrder() throws {
        var port: UInt16 = 0
        let listener = wp_loopback_listen(&port)
        try #require(listener >= 0)
        defer { close(listener) }
        let link = try SlowLink(to: port, bitsPerSecond: 10_000_000)
        defer { link.end() }
        let near = wp_loopback_connect(link.port)
        try #require(near >= 0)
        defer { close(near) }
        let sent = (0..<9_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        #expect(write(near, sent, sent.count) == sent.count)

        let far = try #require(
            eventually(ms: 5_000) { () -> Int32? in
                let far = wp_loopback_accept(listener)
                return far >= 0 ? far : nil
            })
        defer { close(far) }
        var arrived: [UInt8] = []
        _ = eventually(ms: 5_000) { () -> Bool? in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = read(far, &buffer, buffer.count)
            if count > 0 { arrived += buffer[..<count] }
            return arrived.count >= sent.count ? true : nil
        }
        #expect(arrived == sent)
        #expect(eventually(ms: 5_000) { link.upBytes >= 9_000 ? true : nil } == true)
    }
}
