// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

@testable import SiteCheck

struct ZoneRuleTests {
    @Test func rules_giveTheirTwoDays_inTheirForms() throws {
        let berlin = try #require(ZoneRule("CET-1CEST,M3.5.0,M10.5.0/3"))
        #expect(
            berlin.transitions(2026...2026) == [
                .init(at: 1_774_746_000, offset: 7_200), .init(at: 1_792_890_000, offset: 3_600),
            ])
        #expect(try #require(ZoneRule("<+0330>-3:30")).standard == 12_600)
        #expect(try #require(ZoneRule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")).saving?.from.seconds == -3_600)
        let days = try #require(ZoneRule("AAA3BBB,J60/0,59/0")).transitions(2028...2028)
        #expect(days.map { CivilDay(ofLocal: $0.at).description }.sorted() == ["2028-02-29", "2028-03-01"])
        for text in ["", "C", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "CET-999"] {
            #expect(ZoneRule(text) == nil, "\(text)")
        }
    }
}
