// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Testing

struct PhraseTests {
    @Test func everyWord_isSaid_inBothLanguages() {
        let phrases =
            AlarmClass.allCases.map(\.phrase) + AlarmPhase.allCases.map(\.phrase)
            + AlarmCause.allCases.map(\.phrase) + ConsoleRefusal.allCases.map(\.phrase)
            + Use.allCases.map(\.phrase) + ButtonRound.State.allCases.map(\.phrase)
        #expect(phrases.allSatisfy { !$0.zh.isEmpty && !$0.en.isEmpty })
        #expect(Set(AlarmCause.allCases.map(\.phrase)).count == AlarmCause.allCases.count)
    }

    @Test func refusal_isAnError_asTheAPISaysIt() throws {
        #expect(
            try json(ErrorView(AlarmRefusal.notAttended)) == """
                {"error":{"code":"notAttended",\
                "en":"An emergency is cleared only after attendance at the cell.",\
                "zh":"紧急报警须民警到监室门口后才能解除。"}}
                """)
        #expect(ErrorView(ConsoleRefusal.neverShelved).error.code == "neverShelved")
    }

    @Test func names_areThoseOfTheAPI_whenPrinted() {
        #expect(AlarmClass.allCases.map { "\($0)" } == ["trouble", "cellCall", "emergency", "officerDuress"])
        #expect(
            AlarmPhase.allCases.map { "\($0)" } == [
                "raised", "annunciated", "acknowledged", "attended", "cleared",
            ])
    }
}
