// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing

struct OutputPatternTests {
    @Test func pattern_isWrittenOnce_whenShownAgain() {
        var driver = PatternDriver()
        #expect(driver.show(.off, on: 1, now: ms(0)) == [OutputWrite(line: 1, active: false)])
        #expect(driver.show(.steady, on: 1, now: ms(1)) == [OutputWrite(line: 1, active: true)])
        #expect(driver.show(.steady, on: 1, now: ms(2)).isEmpty)
        let again = driver.show(.steady, on: 1, now: ms(3), reassert: true)
        #expect(again == [OutputWrite(line: 1, active: true)])
        #expect(driver.deadline == nil)
    }

    @Test(arguments: [0, 60, 124, 125, 200, 1_130])
    func blink_isLitAtOnce_whereverThePhaseIs(start: Int) {
        var driver = PatternDriver()
        #expect(driver.show(.fastBlink, on: 1, now: ms(start)) == [OutputWrite(line: 1, active: true)])
        #expect(driver.show(.slowBlink, on: 2, now: ms(start)) == [OutputWrite(line: 2, active: true)])
    }

    @Test func blinkingLines_lightTogether_whenBegunAtDifferentTimes() {
        var driver = PatternDriver()
        _ = driver.show(.fastBlink, on: 1, now: ms(1_000))
        _ = driver.show(.fastBlink, on: 2, now: ms(1_090))
        #expect(driver.elapsed(now: ms(1_125)) == [.init(line: 1, active: false)])
        #expect(driver.elapsed(now: ms(1_215)) == [.init(line: 2, active: false)])
        #expect(driver.deadline == ms(1_250))
        let lit = Set(driver.elapsed(now: ms(1_250)))
        #expect(lit == [.init(line: 1, active: true), .init(line: 2, active: true)])
    }

    @Test func blink_hasItsPeriod_whenWatchedForTenSeconds() {
        for (pattern, half) in [(OutputPattern.fastBlink, 125), (.slowBlink, 1_000)] {
            var driver = PatternDriver()
            _ = driver.show(pattern, on: 1, now: ms(4_000))
            var switches: [Uptime] = []
            while let at = driver.deadline, at < ms(14_000) {
                if !driver.elapsed(now: at).isEmpty { switches.append(at) }
            }
            #expect(switches == stride(from: 4_000 + half, to: 14_000, by: half).map(ms))
        }
    }

    @Test func blink_isOffForGood_whenAnotherPatternIsShown() {
        var driver = PatternDriver()
        _ = driver.show(.fastBlink, on: 1, now: ms(0))
        #expect(driver.show(.off, on: 1, now: ms(10)) == [OutputWrite(line: 1, active: false)])
        #expect(driver.deadline == nil && driver.elapsed(now: ms(1_000)).isEmpty)
    }

    @Test func blink_catchesUp_whenTheThreadWasStopped() {
        var driver = PatternDriver()
        _ = driver.show(.fastBlink, on: 1, now: ms(0))
        _ = driver.elapsed(now: ms(10_130))
        #expect(driver.deadline == ms(10_250))
    }
}
