// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Intercom
import Testing

struct GainControlTests {
    @Test(arguments: [-40.0, -30, -12]) func voice_comesToItsLoudness_orToTheBound(near: Double) {
        var control = GainControl()
        var gain: Float = 1
        for _ in 0..<1_000 { gain = control.step(near: near, residual: -90, ms: 10) }
        let wanted = max(-Limits.gainMostDb, min(Limits.gainMostDb, Limits.gainGoalDb - near))
        #expect(abs(20 * log10(Double(gain)) - wanted) < 0.5)
    }

    @Test func silenceAndEcho_moveNothing() {
        var control = GainControl()
        for _ in 0..<500 {
            let (quiet, echo) = (
                control.step(near: -60, residual: -90, ms: 10), control.step(near: -30, residual: -31, ms: 10)
            )
            #expect(quiet == 1 && echo == 1)
        }
    }
}
