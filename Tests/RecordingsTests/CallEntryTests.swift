// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings
import Testing

struct CallEntryTests {
    @Test func entry_isReadAsItIsWritten_andNoValueIsAnotherWord() {
        var entry = CallEntry()
        entry.add("call", RecordingNameTests.call.description)
        entry.add("reason", "asked = yes\nofficer=P1")
        entry.add("nothing", nil)
        let read = CallEntry(entry.payload)
        #expect(read?.call == RecordingNameTests.call && read?["reason"] == "asked = yesofficer=P1")
        #expect(read?["officer"] == nil && read?["nothing"] == nil && read == entry)
    }

    @Test func entry_isNone_withoutACall() {
        #expect(CallEntry(Array("step=ended".utf8)) == nil)
        #expect(CallEntry([0xff, 0xfe]) == nil)
        #expect(CallEntry(Array("call".utf8)) == nil)
    }
}
