// SPDX-License-Identifier: Apache-2.0
import Audio
import Glibc
import Testing

struct SteadyCaptureTests {
    @Test func silence_standsIn_whileTheCardIsGone() {
        let card = SimulatedCard()
        let capture = SteadyCapture(.simulated(card), rateHz: 16_000)
        let block = SampleBlock(160)
        #expect(capture.read(block, count: 160))
        card.fail(ENODEV)
        #expect(!capture.read(block, count: 160) && capture.watch.trouble != nil)
        card.comeBack()
        var reads = 0
        while !capture.read(block, count: 160), reads < 500 { reads += 1 }
        #expect(reads < 100 && capture.watch.trouble == nil)
    }
}
