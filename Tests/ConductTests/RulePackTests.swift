// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct RulePackTests {
    @Test func pack_isInForce_fromItsFirstDayToItsLast() {
        var pack = Sample.pack
        pack.until = Sample.day("2026-12-31")
        let days = ["2021-09-30", "2021-10-01", "2026-12-31", "2027-01-01"]
        #expect(days.map { pack.isInForce(on: Sample.day($0)) } == [false, true, true, false])
        pack.until = nil
        #expect(pack.isInForce(on: Sample.day("2999-01-01")))
    }

    @Test func grade_isTheHighestReached() {
        let grades = [Points(120), Points(110), Points(109), Points(89)].map {
            Sample.pack.grade(of: $0)?.text
        }
        #expect(grades == ["active", "active", "passed", nil])
    }
}
