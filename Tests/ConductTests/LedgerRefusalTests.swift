// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import Testing

struct LedgerRefusalTests {
    @Test func refusals_areSentences_inBothLanguages() {
        let some: [LedgerRefusal] = [
            .pointsNotTheRules(Points(3), Points(2)...Points(2)), .namesMissing(2), .evidenceMissing,
            .pointsNotTheRules(Points(3), Points(4)...Points(9)), .termOver(Sample.day("2026-01-01")),
        ]
        for one in some { #expect(one.phrase.zh.hasSuffix("。") && one.phrase.en.hasSuffix(".")) }
    }
}
