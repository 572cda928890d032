// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Workbench

struct VoiceFiguresTests {
    @Test func figures_areFoundByTheirWay_whenTheyAreInside() throws {
        let figures = try #require(
            VoiceFigures(#"{"calls":200,"bellMs":{"p50":0.75,"p99":2},"baresip":null,"room":"a"}"#))
        #expect(figures.number(["calls"]) == 200)
        #expect(figures.number(["bellMs", "p50"]) == 0.75)
        #expect(figures.number(["bellMs", "p99"]) == 2)
        #expect(figures.number(["baresip", "bellMs", "p50"]) == nil)
        #expect(figures.number(["room"]) == nil)
    }

    @Test(arguments: ["", "[]", "ready", "{\"a\":}"])
    func figures_areNone_whenTheLineIsNoObject(text: String) {
        #expect(VoiceFigures(text) == nil)
    }
}
