// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import Testing

struct ErrorViewTests {
    @Test func refusal_isSaid_inBothLanguages() {
        let phrases =
            ConsoleRefusal.allCases.map(\.phrase) + Use.allCases.map(\.phrase)
            + ButtonRound.State.allCases.map(\.phrase)
        #expect(phrases.allSatisfy { !$0.zh.isEmpty && !$0.en.isEmpty })
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
}
