// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct ClockTrackTests {
    @Test(arguments: [-100.0, 0, 100, 250]) func drift_isFound_throughNoise(ppm: Double) {
        var track = ClockTrack()
        var state: UInt32 = 7
        for step in 0..<3_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = (Double(state >> 8) / Double(1 << 24) - 0.5) * 40
            _ = track.advance(160, reading: Double(step * 160) * (1 + ppm * 1e-6) + 500 + noise)
        }
        #expect(abs(track.driftPpm - ppm) < 10, "\(track.driftPpm)")
        #expect(abs(track.position - (Double(2_999 * 160) * (1 + ppm * 1e-6) + 500)) < 3)
    }
}
