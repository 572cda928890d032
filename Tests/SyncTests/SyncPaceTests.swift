// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Sync

struct SyncPaceTests {
    private var pace = SyncPace()

    /// A path of so many bytes a millisecond, its answers so long under way.
    private mutating func drain(bytesPerMs: Int, pathMs: Int, rounds: Int = 60) {
        pace.carried(bytes: 2, count: 0, ms: pathMs)
        for _ in 0..<rounds {
            let bytes = pace.batchBytes
            pace.carried(bytes: bytes, count: 10, ms: pathMs + bytes / bytesPerMs)
        }
    }

    @Test mutating func batch_isHalfASecond_ofTheThroughput() {
        drain(bytesPerMs: 8, pathMs: 100)
        #expect((3_900...4_100).contains(pace.batchBytes), "64 kbit/s: \(pace.batchBytes)")
        pace = SyncPace()
        drain(bytesPerMs: 125, pathMs: 600)
        #expect((48_000...63_000).contains(pace.batchBytes), "1 Mbit/s over a satellite: \(pace.batchBytes)")
        drain(bytesPerMs: 100_000, pathMs: 1)
        #expect(pace.batchBytes == Limits.syncBodyMaxBytes)
    }

    @Test mutating func batch_shrinks_whenThePathBecomesSlow() {
        drain(bytesPerMs: 100_000, pathMs: 1)
        for _ in 0..<10 { pace.wasLost() }
        #expect(pace.batchBytes == Limits.syncBatchMinBytes)
    }

    @Test mutating func smallBatches_sayNothing_againstLargeOnes() {
        drain(bytesPerMs: 100_000, pathMs: 1)
        for _ in 0..<100 { pace.carried(bytes: 900, count: 1, ms: 5) }
        #expect(pace.batchBytes == Limits.syncBodyMaxBytes)
    }

    @Test mutating func ceiling_halvesAndRecoversSlowly_whenTooLarge() {
        drain(bytesPerMs: 100_000, pathMs: 1)
        let isHalved = pace.wasTooLarge(bytes: pace.batchBytes, count: 10)
        #expect(isHalved)
        #expect(pace.batchBytes == Limits.syncBodyMaxBytes / 2)
        drain(bytesPerMs: 100_000, pathMs: 1, rounds: Limits.syncRecoverCount - 1)
        #expect(pace.batchBytes == Limits.syncBodyMaxBytes / 2)
        drain(bytesPerMs: 100_000, pathMs: 1, rounds: 1)
        #expect(pace.batchBytes == Limits.syncBodyMaxBytes / 16 * 9)
        for _ in 0..<30 { _ = pace.wasTooLarge(bytes: pace.batchBytes, count: 10) }
        #expect(pace.batchBytes == Limits.syncBatchMinBytes)
        let (few, one) = (
            pace.wasTooLarge(bytes: 4_096, count: 10), pace.wasTooLarge(bytes: 90_000, count: 1)
        )
        #expect(!few && !one)
    }

    @Test mutating func extremes_neverTrap_whenTimesAreWild() {
        for ms in [0, 1, .max / 1_000] { pace.carried(bytes: Limits.syncBodyMaxBytes, count: 1, ms: ms) }
        #expect(pace.batchBytes >= Limits.syncBatchMinBytes)
    }
}
