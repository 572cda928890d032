// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Testing

struct DuplexGuardTests {
    @Test func halfDuplex_begins_afterTwoSecondsOfBadEcho() {
        var duplex = DuplexGuard()
        var began = 0
        for step in 0..<400 {
            _ = duplex.step(near: -30, far: -20, residual: -25, ms: 10)
            if duplex.isHalf, began == 0 { began = step * 10 }
        }
        #expect(abs(began - Limits.echoBadMs) <= 10)
        let gains = duplex.step(near: -30, far: -20, residual: -25, ms: 10)
        #expect(gains.send < 0.05 && gains.play == 1)
    }

    @Test func voice_comesBack_within150Ms() {
        var duplex = DuplexGuard(isForced: true)
        for _ in 0..<100 { _ = duplex.step(near: -60, far: -20, residual: -90, ms: 10) }
        var waited = 0
        while duplex.step(near: -20, far: -80, residual: -90, ms: 10).send < 0.9 { waited += 10 }
        #expect(waited <= 2 * Limits.duckDecayMs)
    }

    @Test func halfDuplex_ends_whenTheEchoIsGoodForLong() {
        var duplex = DuplexGuard()
        for _ in 0..<300 { _ = duplex.step(near: -30, far: -20, residual: -25, ms: 10) }
        #expect(duplex.isHalf)
        for _ in 0..<1_100 { _ = duplex.step(near: -30, far: -20, residual: -70, ms: 10) }
        #expect(!duplex.isHalf)
    }

    @Test func echo_isNotJudged_whileTheOtherSideIsSilent() {
        var duplex = DuplexGuard()
        for _ in 0..<500 { _ = duplex.step(near: -20, far: -80, residual: -20, ms: 10) }
        #expect(!duplex.isHalf)
    }
}
