// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func step_isToldWithTimePlaceAndBothLanguages_whenItWasSeen() {
    let step = StoryStep(name: "press", ms: 1_234, place: TestSite.cell(1), words: Phrase("按下", "pressed"))
    #expect(step.text(.zh) == "+  1,234 ms  cell-1      按下 · pressed")
    #expect(step.json.description == #"{"step":"press","ms":1234,"at":"cell-1","zh":"按下","en":"pressed"}"#)
}
