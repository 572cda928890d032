// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import GPIO
import Testing
import Workbench

private func withStage(_ body: (Stage, Listener) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: directory)
    let listener = Listener()
    try body(Stage(site: site, supervisor: Supervisor(), voice: listener.voice(), began: .now), listener)
}

@Test func step_isToldOnce_whenItWasSeen() throws {
    try withStage { stage, listener in
        let answer = try stage.step("seen", at: nil, Phrase("见", "seen"), within: 0) { Stage.Seen(7) }
        #expect(answer == 7)
        #expect(stage.steps.map(\.name) == ["seen"])
        #expect(listener.out.count == 1)
    }
}

@Test func story_failsNamingTheStep_whenItWasNotSeen() throws {
    try withStage { stage, _ in
        let failure = #expect(throws: StoryFailure.self) {
            try stage.step("ring", at: TestSite.post(1), Phrase("响", "rings"), within: 0) {
                nil as Stage.Seen<Int>?
            }
        }
        #expect(failure?.step == "ring" && stage.steps.isEmpty)
    }
}

@Test func press_closesAndOpensTheContact_whenTheDutyIsWired() throws {
    try withStage { stage, _ in
        try stage.set(.emergencyButton, of: TestSite.cell(1), true)
        #expect(try stage.board(TestSite.cell(1)).input("button"))
        try stage.press(.emergencyButton, of: TestSite.cell(1), ms: 0)
        #expect(try !stage.board(TestSite.cell(1)).input("button"))
        #expect(throws: Fault.self) { try stage.press(.attendance, of: TestSite.cell(1), ms: 0) }
    }
}
