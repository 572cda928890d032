// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import ConsoleServer

struct JSONValueTests {
    @Test func json_comesBack_asItWasSent() throws {
        let value = JSONValue.object([
            "a": .list([.null, .bool(true), .int(-1), .text("监\"\\\u{1}")]), "b": .object([:]),
            "c": .number(1.5),
        ])
        #expect(JSONText.decode(Array(try JSONText.encode(value).utf8)) == value)
    }

    @Test(arguments: [
        "", "{", "nonsense", String(repeating: "[", count: 100_000), "{\"a\":1e400}", "\u{0}",
    ])
    func json_isRefused_whenItIsNoneOrTooDeep(text: String) {
        #expect(JSONText.decode(Array(text.utf8)) == nil)
    }

    @Test func brackets_countOnly_outsideTexts() {
        let text = "[\"" + String(repeating: "[\\\"", count: 100) + "\"]"
        #expect(JSONText.decode(Array(text.utf8)) != nil)
        let deep = String(repeating: "[", count: Limits.consoleDepthMaxCount)
        #expect(
            JSONText.decode(Array((deep + String(repeating: "]", count: Limits.consoleDepthMaxCount)).utf8))
                != nil)
    }
}
