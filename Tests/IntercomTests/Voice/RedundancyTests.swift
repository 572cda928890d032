// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct RedundancyTests {
    @Test func frames_comeAgain_withTheNextOnes() throws {
        var frames = RedundantFrames(depth: 2)
        var packet = [UInt8](repeating: 0, count: 400)
        var end = 0
        for number in 0..<3 {
            let frame = [UInt8](repeating: UInt8(number + 1), count: 10 + number)
            end = frames.write(
                frame, count: frame.count, timestamp: UInt32(1_000 + 480 * number), payloadType: 111,
                to: &packet, at: 12)
        }
        var blocks = [Redundancy.Block](
            repeating: Redundancy.Block(offset: 0, bytes: 0..<0, payloadType: 0), count: 8)
        let count = try Redundancy.read(packet, payload: 12..<end, into: &blocks)
        #expect(count == 3)
        #expect(blocks[..<3].map(\.offset) == [960, 480, 0])
        #expect(blocks[..<3].map(\.bytes.count) == [10, 11, 12])
        #expect(packet[blocks[0].bytes.lowerBound] == 1 && packet[blocks[2].bytes.lowerBound] == 3)
    }

    @Test func first_frame_standsAlone() throws {
        var frames = RedundantFrames(depth: 2)
        var packet = [UInt8](repeating: 0, count: 100)
        let end = frames.write([5, 6], count: 2, timestamp: 0, payloadType: 96, to: &packet, at: 0)
        #expect(Array(packet[..<end]) == [96, 5, 6])
    }

    @Test func blocks_areRefused_whenTheyLie() {
        var blocks = [Redundancy.Block](
            repeating: Redundancy.Block(offset: 0, bytes: 0..<0, payloadType: 0), count: 1)
        #expect(throws: PacketRefusal.wrongBlock) {
            try Redundancy.read([0x80 | 96, 0, 0, 200], payload: 0..<4, into: &blocks)
        }
        #expect(throws: PacketRefusal.tooManyBlocks) {
            try Redundancy.read([0x80 | 96, 0, 0, 0, 96], payload: 0..<5, into: &blocks)
        }
    }
}
