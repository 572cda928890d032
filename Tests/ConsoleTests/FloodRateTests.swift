// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import TestBoard
import Testing

struct FloodRateTests {
    @Test func flood_beginsAboveTen_andEndsBelowFive() {
        var rate = FloodRate()
        for second in 0..<10 { rate.raised(now: at(second * 1_000).uptime) }
        #expect(rate.total == 10 && !rate.isFlood)
        rate.raised(now: at(10_000).uptime)
        #expect(rate.isFlood)
        rate.elapsed(now: at(605_000).uptime)
        #expect(rate.total == 5 && rate.isFlood)
        rate.elapsed(now: at(606_000).uptime)
        #expect(rate.total == 4 && !rate.isFlood)
    }

    @Test func threshold_growsWithTheOperators() {
        var rate = FloodRate(operators: 2)
        for _ in 0..<20 { rate.raised(now: at(0).uptime) }
        #expect(!rate.isFlood)
        rate.raised(now: at(0).uptime)
        #expect(rate.isFlood)
    }

    /// Against a list of all raises.
    @Test func total_equalsARecount_atRandomTimes() {
        var dice = SeededGenerator(seed: 5)
        var rate = FloodRate()
        var raises: [Int] = []
        var second = 3_600
        for _ in 0..<3_000 {
            second += dice.chance(1) ? dice.below(2_000) : dice.below(3)
            let now = Uptime.ms(second * 1_000 + dice.below(1_000))
            if dice.chance(50) {
                rate.raised(now: now)
                raises.append(second)
            } else {
                rate.elapsed(now: now)
            }
            #expect(rate.total == raises.count { $0 > second - 600 })
        }
    }
}
