// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Testing

struct DelayWindowTests {
    @Test func lateness_isTheWorst_whileFewCame() {
        var window = DelayWindow()
        for number in 0..<50 {
            window.add(
                arrivalUs: Int64(number * 10_000 + (number == 20 ? 7_000 : 0)),
                timestampUs: Int64(number * 10_000))
        }
        #expect(window.late == 7_000 && window.early == 0)
    }

    @Test func lateness_leavesOutTheRarest_whenManyCame() {
        var window = DelayWindow()
        for number in 0..<400 {
            let late = number % 200 == 7 ? 50_000 : number % 10 * 100
            window.add(arrivalUs: Int64(number * 10_000 + late), timestampUs: Int64(number * 10_000))
        }
        #expect(window.late == 900)
    }

    @Test func lateness_isForgotten_afterTheWindow() {
        var window = DelayWindow()
        for number in 0..<900 {
            window.add(
                arrivalUs: Int64(number * 10_000 + (number < 20 ? 30_000 : 0)),
                timestampUs: Int64(number * 10_000))
        }
        #expect(window.late == -30_000)
    }
}
