// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing

struct DebounceTests {
    private func ms(_ value: Double) -> Uptime { Uptime(nanoseconds: UInt64(value * 1_000_000)) }

    /// A debounce that has seen the contact open at 0.
    private func opened() -> Debounce {
        var debounce = Debounce()
        var events: [ContactEvent] = []
        debounce.level(active: false, now: ms(0), into: &events)
        return debounce
    }

    // MARK: Random traces

    @Test(arguments: 0..<40)
    func contacts_areOnePressEach_whenTheyBounceAtBothEnds(seed: Int) {
        for trial in 0..<100 {
            var random = SplitMix64(seed: UInt64(seed * 1_000 + trial))
            var trace = ContactTrace()
            for _ in 0..<5 {
                trace.contact(
                    solid: .random(in: 20_000...200_000, using: &random), bounce: 30_000, using: &random)
                trace.rest(.random(in: 45_000...300_000, using: &random))
            }
            let delivery = Delivery(latencyMax: trial % 3 == 0 ? 0 : 3_000, isNumbered: trial % 2 == 0)
            let events = delivery.run(trace, using: &random)
            #expect(events.presses == trace.owed, "seed \(seed) trial \(trial)")
            #expect(events.releases == trace.owed.count)
            #expect(events.losses == 0)
        }
    }

    @Test(arguments: 0..<40)
    func contacts_areFoundAfterwards_whenTheAgentStoodStill(seed: Int) {
        for trial in 0..<100 {
            var random = SplitMix64(seed: UInt64(seed * 1_000 + trial) &+ 77)
            var trace = ContactTrace()
            for _ in 0..<4 {
                trace.contact(
                    solid: .random(in: 20_000...90_000, using: &random), bounce: 30_000, using: &random)
                trace.rest(.random(in: 45_000...200_000, using: &random))
            }
            let from = UInt64.random(in: 900_000...1_300_000, using: &random)
            let until = from + .random(in: 1...900_000, using: &random)
            let delivery = Delivery(latencyMax: 500, stops: [from...until])
            let events = delivery.run(trace, using: &random)
            #expect(events.presses == trace.owed, "seed \(seed) trial \(trial)")
            #expect(events.releases == trace.owed.count)
        }
    }

    @Test(arguments: 0..<20)
    func glitches_areNoPress_whenShorterThanFiveMs(seed: Int) {
        for trial in 0..<100 {
            var random = SplitMix64(seed: UInt64(seed * 1_000 + trial) &+ 99)
            var trace = ContactTrace()
            for _ in 0..<20 {
                trace.glitch(.random(in: 10...4_999, using: &random))
                trace.rest(.random(in: 100...200_000, using: &random))
            }
            let delivery = Delivery(
                latencyMax: 2_000, isNumbered: trial % 2 == 0,
                stops: trial % 5 == 0 ? [1_100_000...1_900_000] : [])
            #expect(delivery.run(trace, using: &random).presses.isEmpty, "seed \(seed) trial \(trial)")
        }
    }

    @Test(arguments: 0..<20)
    func state_isRepairedByTheLevel_whenEdgesAreLost(seed: Int) {
        for trial in 0..<100 {
            var random = SplitMix64(seed: UInt64(seed * 1_000 + trial) &+ 55)
            var trace = ContactTrace()
            for _ in 0..<4 {
                trace.contact(
                    solid: .random(in: 220_000...500_000, using: &random), bounce: 30_000, using: &random)
                trace.rest(.random(in: 300_000...500_000, using: &random))
            }
            let delivery = Delivery(latencyMax: 500, isNumbered: trial % 2 == 0, lossPerMille: 400)
            let events = delivery.run(trace, using: &random)
            #expect(events.presses.count == trace.owed.count, "seed \(seed) trial \(trial)")
            #expect(events.releases == trace.owed.count, "seed \(seed) trial \(trial)")
            for (seen, owed) in zip(events.presses, trace.owed) {
                #expect(seen >= owed && seen <= owed + 130_000, "seed \(seed) trial \(trial)")
            }
        }
    }

    // MARK: Single rules

    @Test func press_isTimedByTheFirstEdge_whenReadAfterwards() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(100), sequence: 1, into: &events)
        debounce.edge(active: false, at: ms(110), sequence: 2, into: &events)
        #expect(events == [.pressed(at: ms(100), heldAtStart: false)])
        debounce.elapsed(now: ms(2_000), into: &events)
        #expect(events.last == .released(at: ms(110)))
        #expect(debounce.deadline == nil)
    }

    @Test func contact_isNoPress_whenItBreaksBeforeTenMs() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(100), sequence: 1, into: &events)
        #expect(debounce.deadline == ms(110))
        debounce.edge(active: false, at: ms(109.9), sequence: 2, into: &events)
        debounce.elapsed(now: ms(500), into: &events)
        #expect(events.isEmpty)
    }

    @Test func twoContacts_areOnePress_whenCloserThanFortyMs() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(100), sequence: 1, into: &events)
        debounce.edge(active: false, at: ms(200), sequence: 2, into: &events)
        debounce.edge(active: true, at: ms(239), sequence: 3, into: &events)
        debounce.edge(active: false, at: ms(300), sequence: 4, into: &events)
        debounce.edge(active: true, at: ms(340), sequence: 5, into: &events)
        debounce.elapsed(now: ms(400), into: &events)
        #expect(events.presses == [100_000, 340_000])
    }

    @Test func twoPresses_stayTwo_whenTheKernelDroppedTheOpeningBetweenThem() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(100), sequence: nil, into: &events)
        debounce.edge(active: false, at: ms(200), sequence: nil, into: &events)
        debounce.edge(active: true, at: ms(202), sequence: nil, into: &events)
        debounce.level(active: true, now: ms(202.5), into: &events)
        // Open since 203 ms, untold. Nobody is woken until the contact closes anew at 283 ms.
        let again = debounce.lookAgainAt
        #expect(again == ms(222))
        debounce.level(active: false, now: ms(222), into: &events)
        debounce.elapsed(now: ms(232), into: &events)
        debounce.level(active: false, now: ms(242), into: &events)
        #expect(debounce.lookAgainAt == nil)
        debounce.edge(active: true, at: ms(283), sequence: nil, into: &events)
        debounce.elapsed(now: ms(293), into: &events)
        #expect(events.presses == [100_000, 283_000] && events.losses == 1)
    }

    @Test func level_isAPressHeldAtStart_whenActiveAtTheFirstLook() {
        var debounce = Debounce()
        var events: [ContactEvent] = []
        debounce.level(active: true, now: ms(5), into: &events)
        #expect(events.isEmpty && debounce.deadline == ms(15))
        debounce.elapsed(now: ms(15), into: &events)
        #expect(events == [.pressed(at: ms(5), heldAtStart: true)])
    }

    @Test func level_isNoLoss_whenItsEdgeWasOnlyLate() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.level(active: true, now: ms(100), into: &events)
        debounce.edge(active: true, at: ms(99.5), sequence: 1, into: &events)
        debounce.elapsed(now: ms(110), into: &events)
        #expect(events == [.pressed(at: ms(99.5), heldAtStart: false)])
    }

    @Test func level_becomesAPress_whenItsEdgeNeverCame() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.level(active: true, now: ms(100), into: &events)
        #expect(debounce.deadline == ms(110))
        debounce.elapsed(now: ms(110), into: &events)
        #expect(events == [.edgesLost(count: nil), .pressed(at: ms(100), heldAtStart: false)])
        // The gap in the numbers is the one edge that the level told of already.
        debounce.edge(active: false, at: ms(300), sequence: 2, into: &events)
        #expect(events.losses == 1)
    }

    @Test func gap_isCounted_whenNumbersJump() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(4_000), sequence: 85, into: &events)
        #expect(events == [.edgesLost(count: 84)])
    }

    @Test func opening_isAPress_whenItsClosingIsMissingAndMayHaveLasted() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: false, at: ms(3_000), sequence: 2, into: &events)
        debounce.elapsed(now: ms(3_040), into: &events)
        #expect(events.presses.count == 1 && events.releases == 1 && events.losses == 1)
    }

    @Test func loss_isReportedAsUnknown_whenTheUnnumberedBufferWasFull() {
        var debounce = opened()
        var events: [ContactEvent] = []
        for index in 0..<20 {
            debounce.edge(active: index % 2 == 0, at: ms(100 + Double(index)), sequence: nil, into: &events)
        }
        #expect(events == [.edgesLost(count: nil)])
        debounce.level(active: false, now: ms(121), into: &events)
        #expect(events.losses == 1)
    }

    @Test func loss_isReportedAsUnknown_whenExactlyTheUnnumberedBufferWasRead() {
        // A stopped agent finds the kernel's 16 and an open contact; thousands may have come after them.
        var debounce = opened()
        var events: [ContactEvent] = []
        for index in 0..<16 {
            debounce.edge(active: index % 2 == 0, at: ms(100 + Double(index)), sequence: nil, into: &events)
        }
        debounce.level(active: false, now: ms(2_000), into: &events)
        #expect(events == [.edgesLost(count: nil)])
        debounce.level(active: false, now: ms(2_100), into: &events)
        #expect(events.losses == 1)
    }

    @Test func loss_isNotReported_whenFewerUnnumberedEdgesThanTheBufferHoldsWereRead() {
        var debounce = opened()
        var events: [ContactEvent] = []
        for burst in 0..<3 {
            let from = 100 + 1_000 * Double(burst)
            for index in 0..<14 {
                let at = ms(from + Double(index))
                debounce.edge(active: index % 2 == 0, at: at, sequence: nil, into: &events)
            }
            debounce.level(active: false, now: ms(from + 20), into: &events)
        }
        #expect(events.losses == 0)
    }

    @Test func press_stands_whenTheLineVanishedAndCameBackHeld() {
        var debounce = opened()
        var events: [ContactEvent] = []
        debounce.edge(active: true, at: ms(100), sequence: 1, into: &events)
        debounce.elapsed(now: ms(110), into: &events)
        debounce.lost()
        #expect(debounce.deadline == nil)
        debounce.level(active: true, now: ms(5_000), into: &events)
        debounce.elapsed(now: ms(5_050), into: &events)
        #expect(events.count == 1)
        debounce.edge(active: false, at: ms(6_000), sequence: 1, into: &events)
        debounce.elapsed(now: ms(6_040), into: &events)
        #expect(events.last == .released(at: ms(6_000)))
    }
}
