// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct MomentTests {
    private let second = Uptime(nanoseconds: 1_000_000_000)

    @Test func uptime_moves_whenAdvanced() {
        #expect(second.advanced(ms: 0) == second)
        #expect(second.advanced(ms: 1_500) == Uptime(nanoseconds: 2_500_000_000))
        #expect(second.advanced(ms: -400) == Uptime(nanoseconds: 600_000_000))
    }

    @Test func uptime_staysAtItsEnds_whenAdvancedBeyondThem() {
        #expect(second.advanced(ms: -1_001) == Uptime(nanoseconds: 0))
        #expect(second.advanced(ms: .min) == Uptime(nanoseconds: 0))
        #expect(
            second.advanced(ms: .max) == Uptime(nanoseconds: .max),
            "a deadline that wraps would be due at once")
        #expect(Uptime(nanoseconds: .max).advanced(ms: 1) == Uptime(nanoseconds: .max))
    }

    @Test func milliseconds_areWholeAndNeverNegative_whenCounted() {
        let later = Uptime(nanoseconds: 1_001_999_999)
        #expect(later.ms(since: second) == 1)
        #expect(second.ms(since: later) == 0)
        #expect(second.ms(since: second) == 0)
        #expect(Uptime(nanoseconds: .max).ms(since: Uptime(nanoseconds: 0)) == Int(UInt64.max / 1_000_000))
    }

    @Test func advanced_isUndone_whenMillisecondsAreCountedBack() {
        for ms in [0, 1, 999, 1_000, 86_400_000, 4_000_000_000] {
            #expect(second.advanced(ms: ms).ms(since: second) == ms)
            #expect(second.advanced(ms: ms).advanced(ms: -ms) == second)
        }
    }

    @Test func uptimes_areOrdered_whenCompared() {
        #expect(second < second.advanced(ms: 1) && !(second < second))
    }

    @Test func moment_keepsWhatTheClockSaid_whenItWasNeverSet() {
        let moment = Moment(uptime: second, wallMs: 3_000, uncertaintyMs: Limits.wallUnknownMs)
        #expect(moment.wallMs == 3_000 && moment.wallMs < Limits.wallPlausibleFromMs)
        #expect(moment.uncertaintyMs == .max)
    }
}
