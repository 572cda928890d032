// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Testing

@testable import SoundAgent

struct SpeakerNewsTests {
    @Test func news_areTakenOnce_inTheirOrder() {
        let news = SpeakerNews()
        news.put(.report(.ended(1)))
        news.put(.report(.trouble(nil)))
        var ready: [Int16] = [0]
        #expect(wp_poll([news.bell], &ready, 1, 0) == 1)
        let ids = news.take().map { item -> UInt64 in
            guard case .report(.ended(let id)) = item else { return 0 }
            return id
        }
        #expect(ids == [1, 0] && news.take().isEmpty)
        #expect(wp_poll([news.bell], &ready, 1, 0) == 0)
    }
}
