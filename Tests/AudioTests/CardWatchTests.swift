// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Testing

struct CardWatchTests {
    private let second: UInt64 = 1_000_000_000

    @Test func card_isLost_whenNoRealFrameMoved() {
        var watch = CardWatch("hear the microphone")
        watch.opened(5 * second)
        watch.moved(160, 6 * second)
        let limit = UInt64(Limits.cardStallMs) * 1_000_000
        #expect(!watch.isStalled(6 * second + limit) && watch.isStalled(6 * second + limit + 1))
        #expect(watch.frames == 160 && watch.trouble == nil)
    }

    @Test func trouble_isTriedAgain_andForgottenWhenOpened() throws {
        var watch = CardWatch("hear the microphone")
        watch.lost(.null, ENODEV, second)
        let trouble = try #require(watch.trouble)
        #expect(trouble.cause == "No such device" && trouble.operation == "hear the microphone")
        #expect(watch.recoveries == 1)
        let again = second + UInt64(Limits.cardRetryMs) * 1_000_000
        #expect(!watch.isDue(again - 1) && watch.isDue(again))
        watch.opened(again)
        #expect(watch.trouble == nil)
    }
}
