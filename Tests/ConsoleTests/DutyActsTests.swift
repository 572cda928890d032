// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import TestBoard
import Testing

struct DutyActsTests {
    private func act(_ what: String, who: String = "P1042", on: String = "", outcome: String = "done")
        -> DutyAct
    {
        DutyAct(
            sequence: 4, at: beginMs, uncertaintyMs: 12, terminal: .named("post-a"), who: who, what: what,
            on: on,
            outcome: outcome, book: makeBook())
    }

    @Test func act_saysWhoDidWhatWhere_inBothLanguages() {
        let one = act("alarm.clear", on: "\(makeID())", outcome: "notAttended")
        let cell = makeBook().title(makeID().terminal)
        #expect(one.id == "post-a/duty/4" && one.name == "王")
        #expect(one.did == Phrase("解除报警：\(cell)", "Clear: \(cell)"))
        #expect(one.result.en.hasPrefix("✕ An emergency") && one.result.zh.hasPrefix("✕ 紧急"))
        #expect(act("session.begin", on: "P1042").did == Phrase("登录：王", "Log in: 王"))
        #expect(act("session.begin", who: "post-a", outcome: "wrongPin").result.zh == "✕ 警号或口令不正确")
        #expect(act("session.begin").result == Phrase("✓ 完成", "✓ Done"))
    }

    @Test func act_isShownAsItStands_whenNobodyKnowsTheWord() {
        let one = act("GET /api/x", who: "post-a", outcome: "teapot")
        #expect(one.did == Phrase("GET /api/x", "GET /api/x"))
        #expect(one.result == Phrase("✕ teapot", "✕ teapot"))
        #expect(one.name == makeBook().title(TerminalID.named("post-a")))
    }

    @Test func csv_hasOneRowForEach_andNoFormula() {
        let acts = DutyActs(acts: [act("alarm.acknowledge", who: "=1+1")], next: nil)
        let rows = acts.csv(time: .china).split(separator: "\r\n")
        #expect(rows.count == 2)
        #expect(rows[1].contains(",'=1+1,") && rows[1].hasSuffix("done,post-a/duty/4"))
    }
}
