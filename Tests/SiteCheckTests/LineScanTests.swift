// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SiteCheck

@Test(arguments: ["a: *b", "- &x y", "{a: *b}", "[*b]", "don't: *b"])
func line_hasAnAlias_whenOneStandsWhereAValueBegins(text: String) {
    #expect(LineScan(Substring(text)).aliasColumn != nil)
}

@Test(arguments: [
    "a: 'x *b'", "a: \"x *b\"", "# *b", "a: b # *c", "a: 2*b", "a: Tom & Jerry", "a: 'it''s *b'",
])
func line_hasNoAlias_whenItIsOnlyText(text: String) {
    #expect(LineScan(Substring(text)).aliasColumn == nil)
}

@Test func line_isOpen_whenAQuoteDoesNotEnd() {
    #expect(LineScan("a: \"x").hasOpenQuote && LineScan("- 'x").hasOpenQuote)
    #expect(!LineScan("a: officer's").hasOpenQuote && !LineScan("a: \"x\\\"y\"").hasOpenQuote)
}

@Test func line_hasDepth_whenItNests() {
    #expect(LineScan("- - - x").depth == 3)
    #expect(LineScan("    a: [[x]]").depth == 4 && LineScan("    a: [[x]]").brackets == 0)
    #expect(LineScan("  # [[[").depth == 0 && !LineScan("\t# comment").indentHasTab)
    #expect(LineScan("\ta: b").indentHasTab)
}
