// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings
import TestBoard
import Testing

struct SentRecordingsTests {
    @Test func names_areKept_andForgottenWithTheirFiles() throws {
        try withRecordings { folder in
            let path = "\(folder.path)/\(SentRecordings.fileName)"
            let names = (1...3).map { RecordingName(RecordingNameTests.call, part: $0) }
            var sent = SentRecordings(path: path)
            #expect(!sent.has(names[0]))
            try sent.add(names[0], sha256: "aa", keeping: Set(names))
            try sent.add(names[1], sha256: "bb", keeping: Set(names))
            #expect(SentRecordings(path: path).has(names[0]) && SentRecordings(path: path).has(names[1]))
            try sent.add(names[2], sha256: "cc", keeping: Set(names[1...]))
            let read = SentRecordings(path: path)
            #expect(!read.has(names[0]) && read.has(names[1]) && read.has(names[2]))
        }
    }
}
