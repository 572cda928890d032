// SPDX-License-Identifier: Apache-2.0
import Console
import Testing

struct NearestRankTests {
    @Test func percentile_isAValueThatOccurred_byHand() {
        let values = [50, 15, 40, 20, 35]
        #expect(NearestRank.percentile(50, of: values) == 35)
        #expect(NearestRank.percentile(40, of: values) == 20)
        #expect(NearestRank.percentile(95, of: values) == 50)
        #expect(NearestRank.percentile(100, of: values) == 50)
        #expect(NearestRank.median([1, 2]) == 1)
        #expect(NearestRank.percentile(95, of: Array(1...20)) == 19)
        #expect(NearestRank.percentile(95, of: Array(1...21)) == 20)
    }

    @Test func nothing_hasNoPercentile_andNoShare() {
        #expect(NearestRank.median([]) == nil)
        #expect(NearestRank.share(0, of: 0) == nil)
    }

    @Test func share_isOneOnly_whenAllAreMeant() {
        #expect(NearestRank.share(99_999, of: 100_000) == 0.9999)
        #expect(NearestRank.share(2, of: 3) == 0.6666)
        #expect(NearestRank.share(3, of: 3) == 1)
    }
}
