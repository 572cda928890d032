// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Testing

struct SoundCardTests {
    @Test func alsaCard_isRefused_withAHint_whenThereIsNone() {
        let card = SoundCard.alsa(capture: "plughw:CARD=Nowhere", playback: "plughw:CARD=Nowhere")
        #expect(throws: Fault.self) { try card.openCapture(rateHz: 16_000) }
        #expect(throws: Fault.self) { try card.openPlayback(rateHz: 16_000) }
    }

    /// ALSA's own null card moves frames as quickly as one likes; ours hold the clock's pace then.
    @Test func alsaNull_isHeld_atTheClocksPace() throws {
        let card = SoundCard.alsa(capture: "null", playback: "null")
        let (capture, playback) = (
            try card.openCapture(rateHz: 16_000), try card.openPlayback(rateHz: 16_000)
        )
        let block = SampleBlock(160)
        let start = wp_uptime_ns()
        for _ in 0..<80 {
            #expect(capture.read(block, count: 160, waitingMs: 100) == .done)
            #expect(playback.write(block, count: 160) == .done)
        }
        #expect(wp_uptime_ns() - start > 300_000_000)
    }

    @Test func noCard_isSilence_atTheClocksPace() throws {
        let capture = try SoundCard.null.openCapture(rateHz: 16_000)
        let block = SampleBlock(160)
        block[3] = 7
        let start = wp_uptime_ns()
        for _ in 0..<10 { #expect(capture.read(block, count: 160, waitingMs: 1_000) == .done) }
        #expect(wp_uptime_ns() - start > 80_000_000 && block[3] == 0)
    }
}
