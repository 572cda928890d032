// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Audio

struct CardPaceTests {
    @Test(arguments: [0.9, 1.0, 1.1]) func realCard_isNeverHeldUp(speed: Double) {
        var pace = CardPace(rateHz: 16_000, nowNs: 0)
        for step in 1..<20_000 { pace.moved(160, nowNs: UInt64(Double(step) * 1e7 / speed)) }
        #expect(!pace.isUnpaced)
    }

    @Test func cardWithoutTime_isHeldByTheClock() {
        var pace = CardPace(rateHz: 16_000, nowNs: 0)
        for _ in 0..<40 { pace.moved(160, nowNs: 1_000) }
        #expect(pace.isUnpaced && pace.endNs > 100_000_000)
    }
}
