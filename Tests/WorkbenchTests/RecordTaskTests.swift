// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test(arguments: ["", "alarm", "alarm:", "alarm:-1", "sound:1", "alarm:1:2", ":1"])
func cursor_isNone_whenItsTextIsWrong(text: String) { #expect(SyncCursorText(text) == nil) }

@Test func cursor_isRead_whenItNamesStreamAndSequence() {
    let cursor = SyncCursorText("health:18446744073709551615")
    #expect(cursor?.stream == .health && cursor?.sequence == .max)
}

@Test func verify_isRefused_whenTheFileIsNoJournal() throws {
    let listener = Listener()
    #expect(try RecordTask(listener.voice(json: true)).verify("/nonexistent.db") == .refused)
    #expect(listener.out.first?.contains("\"intact\":false") == true)
    #expect(throws: Fault.self) { try RecordTask(listener.voice()).entries("/nonexistent.db", after: nil) }
}
