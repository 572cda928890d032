// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import TestBoard
import Testing

struct RulePackBytesTests {
    private var pack: RulePack {
        var pack = Sample.pack
        pack.until = Sample.day("2030-12-31")
        pack.calendar.holidays = [Sample.day("2026-10-01")]
        pack.calendar.exchangedWorkdays = [Sample.day("2026-10-10")]
        pack.parts[0].floor = Points(0)
        pack.terms.reviewDays = 15
        return pack
    }

    @Test func pack_comesBack_asItWas() throws {
        #expect(try RulePack.decode(pack.encode(), at: "a test") == pack)
        #expect(try RulePack.decode(Sample.pack.encode(), at: "a test") == Sample.pack)
    }

    @Test func damage_isRefused_whereverItIs() {
        let bytes = pack.encode()
        var dice = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            var broken = bytes
            broken[dice.below(broken.count)] ^= UInt8(1 + dice.below(255))
            #expect(throws: Fault.self) { try RulePack.decode(broken, at: "a test") }
        }
        #expect(throws: Fault.self) { try RulePack.decode(Array(bytes.dropLast(9)), at: "a test") }
    }
}
