// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Glibc
import Testing

struct SteadyPlaybackTests {
    @Test func card_isOpenedAgain_whenItComesBack() {
        let card = SimulatedCard()
        let playback = SteadyPlayback(.simulated(card), rateHz: 16_000)
        let block = SampleBlock(160)
        #expect(playback.write(block, count: 160))
        card.fail(ENODEV)
        #expect(!playback.write(block, count: 160) && playback.watch.trouble != nil)
        card.comeBack()
        let until = wp_uptime_ns() + 5_000_000_000
        while playback.watch.trouble != nil, wp_uptime_ns() < until {
            _ = playback.write(block, count: 160)
            SoundThread.pause(ms: 20)
        }
        #expect(playback.watch.trouble == nil && playback.write(block, count: 160))
        #expect(card.openCount == 2)
    }
}
