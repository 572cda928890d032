// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct NightCapTests {
    private static func time(_ text: String) throws -> ClockTime { try #require(ClockTime(text)) }

    @Test func night_holds_overMidnight_andWithinADay() throws {
        let over = try #require(
            NightCap(from: Self.time("22:00"), until: Self.time("06:30"), capDb: -18))
        for text in ["22:00", "23:59:59", "00:00", "06:29:59"] {
            #expect(try over.holds(at: Self.time(text)))
        }
        for text in ["06:30", "12:00", "21:59:59"] { #expect(try !over.holds(at: Self.time(text))) }
        let noon = try #require(NightCap(from: Self.time("12:00"), until: Self.time("14:00"), capDb: 0))
        #expect(try noon.holds(at: Self.time("13:00")))
        #expect(try !noon.holds(at: Self.time("14:00")))
        #expect(over.restS(at: try Self.time("21:59:50")) == 10)
        #expect(over.restS(at: try Self.time("22:00")) == 8 * 3_600 + 1_800)
    }

    @Test func night_isNone_withoutHoursOrWithADeeperCap() throws {
        let (one, two) = (try Self.time("22:00"), try Self.time("06:00"))
        #expect(NightCap(from: one, until: one, capDb: -18) == nil)
        #expect(NightCap(from: one, until: two, capDb: -41) == nil)
        #expect(NightCap(from: one, until: two, capDb: 1) == nil)
    }
}
