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

    /// ALSA's own null card takes whatever is written and hears silence, as quickly as one likes.
    @Test func alsaNull_movesFrames() throws {
        let card = SoundCard.alsa(capture: "null", playback: "null")
        let (capture, playback) = (
            try card.openCapture(rateHz: 16_000), try card.openPlayback(rateHz: 16_000)
        )
        let block = SampleBlock(160)
        for _ in 0..<50 {
            #expect(capture.read(block, count: 160, waitingMs: 100) == .done)
            #expect(playback.write(block, count: 160) == .done)
        }
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
