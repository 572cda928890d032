// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Testing
import Workbench

@Test func refusal_isSaidInBothLanguages_readersFirst() {
    let listener = Listener()
    #expect(listener.voice().refuse(.notAttended) == .refused)
    #expect(listener.err == [AlarmRefusal.notAttended.english, AlarmRefusal.notAttended.chinese])
    #expect(listener.out.isEmpty)
}

@Test func fault_isSaidWithItsHint_whenSomethingFailed() {
    let listener = Listener()
    #expect(listener.voice().fail(Fault("open", at: "x", cause: "busy", hint: "Wait.")) == .refused)
    #expect(listener.err == ["watchpost: open x: busy. Wait."])
}
