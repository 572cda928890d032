// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct PointsTests {
    @Test(arguments: ["0", "35", "-100", "0.5", "12.25", "-0.05", "100000"])
    func text_comesBack_asItWas(text: String) {
        #expect(Points(text)?.description == text)
    }

    @Test(arguments: ["", "-", "+", ".5", "5.", "1.234", "1e3", "100000.01", "99999999", " 1", "１"])
    func text_isRefused_thatIsNone(text: String) { #expect(Points(text) == nil) }

    @Test func share_leansTowardsZero_onBothSides() {
        #expect(Points("10")?.share(1, of: 3).description == "3.33")
        #expect(Points("-10")?.share(1, of: 3).description == "-3.33")
    }
}
