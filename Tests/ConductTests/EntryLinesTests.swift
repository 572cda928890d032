// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Conduct

struct EntryLinesTests {
    @Test(arguments: ["", "plain", "two\nlines", "\\n is no line feed", "a=b", "汉字\n\\", "\r\n"])
    func value_comesBack_whateverItHolds(value: String) {
        var out = EntryWriter()
        out.add("note", value)
        out.add("day", "x")
        #expect(out.bytes.count { $0 == 10 } == 2)
        var lines = EntryReader(out.bytes)
        #expect(lines?.next("day") == nil && lines?.next("note") == value)
        #expect(lines?.next("day") == "x" && lines?.isAtEnd == true)
    }
}
