// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings
import TestBoard
import Testing

struct RecordingNameTests {
    static let call = EventID(terminal: .cell, stream: .call, run: 0x9f, sequence: 7)

    @Test func name_isReadAsItIsWritten() {
        for part in [1, 2, 99] {
            let name = RecordingName(Self.call, part: part)
            #expect(RecordingName(name.text) == name)
            #expect(!name.text.contains("/"))
        }
        #expect(RecordingName(Self.call).text == "\(TerminalID.cell)~000000000000009f~7")
    }

    @Test func path_isNoName() {
        let good = RecordingName(Self.call).text
        for text in [
            "", "..", "../" + good, good + "~1", good + "~100", good + "~02", good + ".opus", "a~b~c",
        ] {
            #expect(RecordingName(text) == nil, "\(text)")
        }
    }
}
