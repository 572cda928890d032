// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Sync

struct RetryMachineTests {
    private var dice = Chance(seed: 1)
    private var retry = RetryMachine(lastMs: 60_000, afterMaxMs: 300_000)

    @Test mutating func waiting_doublesUpToItsLast_whenFailuresFollow() {
        var longest = [Int](repeating: 0, count: 14)
        var shortest = [Int](repeating: .max, count: 14)
        for _ in 0..<400 {
            var retry = RetryMachine(lastMs: 60_000, afterMaxMs: 300_000)
            for failure in longest.indices {
                retry.failed(at: .zero, using: &dice)
                let wait = retry.until?.ms(since: .zero) ?? 0
                longest[failure] = max(longest[failure], wait)
                shortest[failure] = min(shortest[failure], wait)
                let bound = min(Limits.syncRetryFirstMs << failure, 60_000)
                #expect(wait <= bound)
            }
        }
        for failure in longest.indices {
            let bound = min(Limits.syncRetryFirstMs << failure, 60_000)
            #expect(longest[failure] > bound * 9 / 10 && shortest[failure] < bound / 10, "full jitter")
        }
    }

    @Test mutating func retryAfter_isRespected_withinItsBound() {
        for (asked, least) in [(5_000, 5_000), (-5, 0), (.max, 300_000)] {
            retry.failed(at: .ms(100), retryAfterMs: asked, using: &dice)
            let wait = retry.until?.ms(since: .ms(100)) ?? 0
            #expect(wait >= least && wait <= least + 60_000)
        }
    }

    @Test mutating func trying_isAllowed_whenTheTimeIsUp() {
        #expect(retry.mayTry(at: .zero) && retry.failures == 0)
        retry.failed(at: .ms(10), retryAfterMs: 1_000, using: &dice)
        #expect(!retry.mayTry(at: .ms(1_009)) && retry.mayTry(at: .ms(2_000)) && retry.failures == 1)
        retry.succeeded()
        #expect(retry.mayTry(at: .zero) && retry.failures == 0)
    }

    @Test mutating func failures_neverOverflow_whenThereAreMany() {
        for _ in 0..<10_000 { retry.failed(at: Uptime(nanoseconds: .max), using: &dice) }
        #expect(retry.until == Uptime(nanoseconds: .max))
    }
}
