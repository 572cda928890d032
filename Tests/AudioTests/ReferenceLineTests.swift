// SPDX-License-Identifier: Apache-2.0
import Audio
import Glibc
import Testing

struct ReferenceLineTests {
    @Test func reference_standsBesideTheMicrophonesTime() {
        let line = ReferenceLine(rateHz: 16_000)
        let (played, read) = (SampleBlock(160), SampleBlock(160))
        var worst = 0
        for step in 0..<300 {
            for index in 0..<160 { played[index] = Int16(8_000 * sin(Double(step * 160 + index) * 0.05)) }
            // It sounds 5 ms after it was written; the microphone's frame ends 10 ms later than the last one.
            line.wrote(played, count: 160, soundsAtNs: UInt64(1_000_000_000 + step * 10_000_000 + 5_000_000))
            line.read(read, count: 160, lastNs: UInt64(1_000_000_000 + step * 10_000_000))
            guard step > 20 else { continue }
            for index in 0..<160 {
                let wanted = 8_000 * sin(Double(step * 160 + index - 240) * 0.05)
                worst = max(worst, abs(Int(read[index]) - Int(wanted)))
            }
        }
        #expect(worst < 40, "\(worst)")
    }

    @Test func reference_isSilence_beforeAnythingWasPlayed() {
        let line = ReferenceLine(rateHz: 16_000)
        let block = SampleBlock(160)
        block[0] = 5
        line.read(block, count: 160, lastNs: 1_000_000_000)
        #expect(block[0] == 0)
    }
}
