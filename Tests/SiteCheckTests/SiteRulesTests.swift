// SPDX-License-Identifier: Apache-2.0
import SiteCheck
import Testing

@Test(arguments: [
    ("zone: ward-1", "zone: ward1", "Did you mean 'ward-1'", 9),
    ("address: 10.0.0.2:7400", "address: 10.0.0.1:7400", "has this address and port already", 18),
    (Samples.key, Samples.otherKey, "could forge", 19),
    ("id: post-a", "id: cell-101", "already in line 7", 14),
    ("[[post-a]]", "[[post-b]]", "Did you mean 'post-a'", 5),
    ("[[post-a]]", "[[cell-101]]", "is a cell, not a post", 5),
    ("[[post-a]]", "[[cell-101]]", "no post hears them", 3),
    ("10.0.0.2:7400", "10.0.0.1:7401", "on one machine", 14),
])
func rules_nameMistakeAndLine_when(old: String, new: String, words: String, line: Int) {
    let findings = Samples.site(old, new)
    #expect(findings.names(words, line: line), "\(findings.rendered([.english]))")
}

@Test func site_warns_whenAPostIsInNoRing() {
    let more = Samples.site.replacing(
        "ladder:",
        with:
            "  - {id: post-b, role: post, zone: ward-1, title: B, address: '10.0.0.3:1', "
            + "public-key: generate, board: p}\nladder:"
    )
    let checked = checkSite(more, file: "s")
    #expect(checked.findings.names("hears nothing", severity: .warning))
    #expect(checked.value != nil)
}
