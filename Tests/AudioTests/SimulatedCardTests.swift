// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Glibc
import Testing

struct SimulatedCardTests {
    @Test func speech_isCaptured_unaltered() throws {
        let card = SimulatedCard()
        let said = (0..<1_600).map { Int16($0 * 3) }
        let capture = try SoundCard.simulated(card).openCapture(rateHz: 16_000)
        card.says(said, fromNs: wp_uptime_ns() + 50_000_000)
        let block = SampleBlock(160)
        var heard: [Int16] = []
        for _ in 0..<30 {
            #expect(capture.read(block, count: 160, waitingMs: 1_000) == .done)
            for index in 0..<160 { heard.append(block[index]) }
        }
        let start = try #require(heard.firstIndex(of: 3))
        #expect(Array(heard[(start - 1)..<(start + 1_599)]) == said)
    }

    @Test func cards_hearEachOther_whenWired() throws {
        let (a, b) = (SimulatedCard(), SimulatedCard())
        b.hears(a.loudspeaker)
        let playback = try SoundCard.simulated(a).openPlayback(rateHz: 16_000)
        let capture = try SoundCard.simulated(b).openCapture(rateHz: 16_000)
        let (out, heard) = (SampleBlock(160), SampleBlock(160))
        for index in 0..<160 { out[index] = 5_000 }
        var loud = 0
        for _ in 0..<40 {
            while playback.queued() < 480 { _ = playback.write(out, count: 160) }
            #expect(capture.read(heard, count: 160, waitingMs: 1_000) == .done)
            if heard[80] == 5_000 { loud += 1 }
        }
        #expect(loud > 20)
    }

    @Test func failure_isTold_andOpeningRefused() throws {
        let card = SimulatedCard()
        let capture = try SoundCard.simulated(card).openCapture(rateHz: 16_000)
        card.fail(ENODEV)
        #expect(capture.read(SampleBlock(160), count: 160, waitingMs: 100) == .gone(ENODEV))
        #expect(throws: (any Error).self) { try SoundCard.simulated(card).openPlayback(rateHz: 16_000) }
        card.comeBack()
        _ = try SoundCard.simulated(card).openPlayback(rateHz: 16_000)
        #expect(card.openCount == 2)
    }
}
