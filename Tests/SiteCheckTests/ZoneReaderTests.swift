// SPDX-License-Identifier: Apache-2.0
import SiteCheck
import Testing

@Test(arguments: [
    ("[[post-a]]", "[[]]", "is empty", 5),
    ("[[post-a]]", "[[post-a], [post-a]]", "in ring 0", 5), ("[[post-a]]", "[post-a]", "has to be a list", 5),
    ("[[post-a]]", "[]", "has 0 rings", 5), ("    title: Ward\n", "", "zone ward-1 has no 'title'", 4),
    ("  ward-1:", "  ward 1:", "no valid name", 3),
])
func zone_namesMistakeAndLine_when(old: String, new: String, words: String, line: Int) {
    let findings = Samples.site(old, new)
    #expect(findings.names(words, line: line), "\(findings.rendered([.english]))")
}
