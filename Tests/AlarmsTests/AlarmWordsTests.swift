// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Testing

struct AlarmWordsTests {
    @Test func everyWord_isSaid_inBothLanguages() {
        let phrases =
            AlarmClass.allCases.map(\.phrase) + AlarmPhase.allCases.map(\.phrase)
            + OfficerAction.allCases.map(\.phrase) + AlarmRefusal.allCases.map(\.phrase)
        #expect(phrases.allSatisfy { !$0.zh.isEmpty && !$0.en.isEmpty })
    }

    @Test func twoThings_areNeverCalledAlike() {
        #expect(Set(AlarmCause.allCases.map(\.phrase.zh)).count == AlarmCause.allCases.count)
        #expect(Set(AlarmCause.allCases.map(\.phrase.en)).count == AlarmCause.allCases.count)
        #expect(Set(AlarmPhase.allCases.map(\.phrase.zh)).count == AlarmPhase.allCases.count)
        #expect(Set(AlarmClass.allCases.map(\.phrase.zh)).count == AlarmClass.allCases.count)
    }

    @Test func names_areThoseOfTheAPI_whenPrinted() {
        #expect(AlarmClass.allCases.map { "\($0)" } == ["trouble", "cellCall", "emergency", "officerDuress"])
        #expect(
            AlarmPhase.allCases.map { "\($0)" } == [
                "raised", "annunciated", "acknowledged", "attended", "cleared",
            ])
    }
}
