// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SiteCheck

@Test func nearWord_isTheMeantOne_whenItIsAlmostRight() {
    let words = ["address", "active", "bias", "supervised-by"]
    #expect(NearWord.nearest(to: "adress", among: words) == "address")
    #expect(NearWord.nearest(to: "Supervised_by", among: words) == "supervised-by")
    #expect(
        NearWord.nearest(to: "bais", among: ["bias"]) == nil
            || NearWord.distance(Array("bais"), Array("bias")) == 2)
    #expect(
        NearWord.nearest(to: "colour", among: words) == nil && NearWord.nearest(to: "x", among: []) == nil)
}

@Test func sheet_saysWhatAValueHasToBe_whenItIsSomethingElse() {
    #expect(Samples.site("site: Test", "site: {a: b}").names("has to be a text", line: 1))
    #expect(Samples.site("site: Test", "site:").names("is empty", line: 1))
    #expect(
        Samples.site("site: Test", "site: " + String(repeating: "x", count: 97)).names(
            "97 bytes long", line: 1))
    #expect(Samples.site("site: Test", "site: \"a\\nb\"").names("cannot be printed", line: 1))
    #expect(checkSite("- site: x", file: "s").findings.names("has to be keys and values", line: 1))
    #expect(Samples.site("site: Test", "site: Test\n[a]: b").names("a key has to be a word", line: 2))
}
