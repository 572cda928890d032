// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct CardClockTests {
    @Test func frames_followTheTime_andBack() {
        let clock = CardClock(rateHz: 16_000, driftPpm: 0, startNs: 5_300_000_000)
        #expect(clock.frames(at: 6_000_000_000) == 96_000)
        #expect(clock.ns(of: 96_000) == 6_000_000_000)
        #expect(clock.pointer(at: 6_002_600_000, period: 40) == 96_040)
    }

    @Test func drift_makesMoreFrames() {
        let clock = CardClock(rateHz: 16_000, driftPpm: 100, startNs: 0)
        #expect(abs(clock.frames(at: 10_000_000_000) - 160_016) < 0.01)
    }
}
