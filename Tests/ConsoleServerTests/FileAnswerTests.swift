// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Testing

struct FileAnswerTests {
    @Test func part_isWhatWasAskedFor() {
        for (asked, part) in [
            (nil, 0..<100), ("bytes=0-", 0..<100), ("bytes=0-0", 0..<1), ("bytes=90-", 90..<100),
            ("bytes=90-500", 90..<100), ("bytes=-10", 90..<100), ("bytes=-500", 0..<100),
            // Not understood: the whole.
            ("items=0-1", 0..<100), ("bytes=0-1,5-6", 0..<100), ("bytes=", 0..<100), ("bytes=1", 0..<100),
        ] as [(String?, Range<Int>)] {
            #expect(FileAnswer.part(asked, of: 100) == part, "\(asked ?? "-")")
        }
    }

    @Test(arguments: ["bytes=100-", "bytes=5-4", "bytes=x-", "bytes=-", "bytes=-0", "bytes=1-x"])
    func part_isNone_whenItLiesOutside(asked: String) {
        #expect(FileAnswer.part(asked, of: 100) == nil)
    }
}
