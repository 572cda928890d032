// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct FrameRingTests {
    @Test func samples_comeOut_asTheyWentIn_acrossTheEnd() {
        let ring = FrameRing(100)
        let block = SampleBlock(48)
        var (written, read) = (0, 0)
        for _ in 0..<50 {
            for index in 0..<48 { block[index] = Int16(truncatingIfNeeded: written + index) }
            let isWritten = ring.write(block.base, count: 48)
            #expect(isWritten)
            written += 48
            let isRead = ring.read(block.base, count: 48)
            #expect(
                isRead && block[0] == Int16(truncatingIfNeeded: read)
                    && block[47] == Int16(truncatingIfNeeded: read + 47))
            read += 48
        }
    }

    @Test func ring_refuses_whatDoesNotFit_andGivesNothingHalf() {
        let ring = FrameRing(64)
        let block = SampleBlock(64)
        #expect(ring.write(block.base, count: 60))
        #expect(!ring.write(block.base, count: 10))
        #expect(!ring.read(block.base, count: 61))
        ring.skip(50)
        #expect(ring.count == 10)
    }
}
