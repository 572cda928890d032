// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Sync

struct HonestTimeTests {
    private var time = HonestTime()

    private func unknown(_ ms: Int) -> Moment {
        Moment(uptime: .ms(ms), wallMs: 5, uncertaintyMs: Limits.wallUnknownMs)
    }

    private func known(_ ms: Int, _ uncertaintyMs: UInt32 = 10) -> Moment {
        Moment(uptime: .ms(ms), wallMs: someWallMs + Int64(ms), uncertaintyMs: uncertaintyMs)
    }

    @Test mutating func time_isCountedBack_whenTheClockBecomesKnownLater() {
        #expect(time.wall(of: unknown(1_000), boot: .one) == nil)
        time.learn(known(3_601_000), of: .one)
        // One hour at 100 ppm is 360 ms.
        #expect(
            time.wall(of: unknown(1_000), boot: .one)
                == HonestWall(wallMs: someWallMs + 1_000, uncertaintyMs: 10 + 360 + 1))
        #expect(time.wall(of: unknown(3_602_000), boot: .one)?.wallMs == someWallMs + 3_602_000)
    }

    @Test mutating func time_staysUnknown_whenTheBootIsAnother() {
        time.learn(known(1_000), of: .one)
        #expect(time.wall(of: unknown(1_000), boot: .two) == nil)
        #expect(time.wall(of: unknown(1_000), boot: nil) == nil)
    }

    @Test mutating func time_isKept_whenTheEventKnewIt() {
        time.learn(known(1_000), of: .one)
        let own = Moment(uptime: .ms(1_000), wallMs: someWallMs - 500, uncertaintyMs: 70)
        #expect(
            time.wall(of: own, boot: .one) == HonestWall(wallMs: someWallMs - 500, uncertaintyMs: 70))
    }

    @Test mutating func anchor_teachesNothing_whenItsClockIsImplausible() {
        time.learn(unknown(1_000), of: .one)
        time.learn(Moment(uptime: .ms(1), wallMs: 1_000, uncertaintyMs: 1), of: .one)
        #expect(time == HonestTime())
    }

    @Test mutating func nearestAnchor_isTaken_whenThereAreSeveral() {
        time.learn(known(100_000_000, 10), of: .one)
        time.learn(known(1_000, 10), of: .one)
        #expect(time.wall(of: unknown(2_000), boot: .one)?.uncertaintyMs == 12)
    }

    @Test mutating func memory_isBounded_whenAnchorsAndBootsAreMany() {
        for round in 1...1_000 { time.learn(known(round * 1_000_000, UInt32(1_000 - round)), of: .one) }
        #expect(time.wall(of: unknown(1), boot: .one) != nil)
        for boot in 2...1_001 { time.learn(known(1, 5), of: .numbered(UInt64(boot))) }
        #expect(time.wall(of: unknown(1), boot: .one) == nil, "the oldest boot went")
        #expect(time.wall(of: unknown(1), boot: .numbered(1_001)) != nil)
    }

    /// The true time always lies within what is told: anchors and events of a drifting quartz.
    @Test mutating func truth_liesWithinTheUncertainty_whateverTheQuartz() {
        var dice = Chance(seed: 5)
        for _ in 0..<200 {
            let ppm = Double(dice.below(201) - 100)
            var time = HonestTime()
            let truth = { (uptimeMs: Int) in someWallMs + Int64(Double(uptimeMs) * (1 + ppm / 1e6)) }
            for _ in 0...dice.below(6) {
                let (at, off) = (dice.below(2_000_000_000), dice.below(50))
                time.learn(
                    Moment(
                        uptime: .ms(at), wallMs: truth(at) + Int64(dice.below(2 * off + 1) - off),
                        uncertaintyMs: UInt32(off)), of: .one)
            }
            let at = dice.below(2_000_000_000)
            let told = time.wall(of: unknown(at), boot: .one)
            #expect(told.map { abs($0.wallMs - truth(at)) <= Int64($0.uncertaintyMs) } == true)
        }
    }

    @Test mutating func extremes_neverTrap_whenBitsAreWild() {
        var dice = Chance(seed: 9)
        for _ in 0..<2_000 {
            let wild = Moment(
                uptime: Uptime(nanoseconds: dice.next()), wallMs: Int64(bitPattern: dice.next()),
                uncertaintyMs: UInt32(truncatingIfNeeded: dice.next()))
            time.learn(wild, of: .numbered(UInt64(dice.below(3) + 1)))
            _ = time.wall(of: unknown(dice.below(1_000_000)), boot: .one)
        }
    }
}
