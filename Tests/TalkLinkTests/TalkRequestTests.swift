// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import TalkLink

struct TalkRequestTests {
    private func request(_ purpose: TalkPurpose, _ reason: String, _ second: String?) -> TalkRequest? {
        TalkRequest(
            terminal: TerminalID("cell-101")!, purpose: purpose, officer: OfficerID("P1042")!,
            second: second.flatMap { OfficerID($0) }, reason: reason)
    }

    @Test func opening_needsAReason_whenNobodyCalled() {
        #expect(request(.answer, "", nil) != nil)
        #expect(request(.talk, "", nil) == nil)
        #expect(request(.talk, "询问身体情况", nil) != nil)
        #expect(request(.talk, String(repeating: "长", count: 201), nil) == nil)
    }

    @Test func listeningIn_needsASecondPerson_whoIsAnother() {
        #expect(request(.listen, "呼救", nil) == nil)
        #expect(request(.listen, "呼救", "P1042") == nil)
        #expect(request(.listen, "", "P7") == nil)
        #expect(request(.listen, "呼救", "P7") != nil)
    }

    @Test func ends_areSaidInBothLanguages() {
        for end in TalkEnd.allCases { #expect(!end.phrase.zh.isEmpty && !end.phrase.en.isEmpty) }
    }
}
