// SPDX-License-Identifier: Apache-2.0
import Facility
import SiteCheck
import Testing

@Test func yaml_isRefused_whenItIsEmpty() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "~"] {
        let checked = checkBoard(text, file: "b")
        #expect(checked.value == nil && checked.findings.hasMistakes)
    }
    #expect(checkSite("  \n", file: "s").findings.names("the file is empty", line: 1))
}

@Test func yaml_namesTheLine_whenItIsIndentedWithATab() {
    #expect(Samples.site("  ward-1:", "\tward-1:").names("tab", line: 3))
}

@Test(arguments: [
    ("ladder: [30s, 60s]", "ladder: [30s, 60s", 21...25), ("title: Ward", "title: Ward: x", 4...4),
    ("  - id: post-a", " - id: post-a", 14...14), ("site: Test", "site Test", 1...2),
    ("site: Test", "@site: Test", 1...1),
])
func yaml_namesTheLine_whenItsSyntaxIsWrong(old: String, new: String, lines: ClosedRange<Int>) {
    let findings = Samples.site(old, new)
    #expect(findings.count == 1)
    #expect(
        findings.contains { $0.what.english.contains("YAML syntax") && lines.contains($0.line) },
        "\(findings)")
}

@Test func yaml_isRefusedQuickly_whenAliasesWouldUnfold() {
    var bomb = "a: &a [x, x]\n"
    for level in 1..<40 { bomb += "b\(level): &b\(level) [*a, *a]\n" }
    #expect(checkSite("site: x\n" + bomb, file: "s").findings.names("anchors and aliases"))
}

@Test func yaml_isRefused_whenItIsNestedWithoutEnd() {
    for text in [
        String(repeating: "[", count: 100_000), String(repeating: "- ", count: 400) + "x",
        String(repeating: "[\n", count: 5_000),
        (0..<400).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        String(repeating: "x", count: 2_000_000), "a: \"\n" + String(repeating: "y\n", count: 50),
    ] {
        #expect(checkSite(text, file: "s").findings.hasMistakes)
    }
}

@Test func yaml_namesAllRepeatedKeys_whenSeveralAreRepeated() {
    let yaml = Samples.site.replacing("role: cell", with: "role: cell\n    role: cell\n    role: post")
        .replacing("title: Ward", with: "title: Ward\n    title: Again").replacing(
            "operators:", with: "site: B\noperators:")
    let findings = checkSite(yaml, file: "s").findings.filter {
        $0.what.english.contains("already given in line")
    }
    #expect(findings.map(\.line).sorted() == [5, 10, 11, 28])
}

@Test func yaml_isRead_whenItBeginsWithAByteOrderMarkAndEndsLinesTwice() {
    let yaml = "\u{feff}" + Samples.site.replacing("\n", with: "\r\n")
    #expect(checkSite(yaml, file: "s").findings.isEmpty)
}

@Test func check_neverTrapsAndAlwaysSaysWhy_whenTextsAreMutated() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
        "\t", "[", "]", "{", "}", ":", "- ", "&a", "*a", "\"", "'", "#", "\n", "!!int ", "|", ">", "? ",
        "\u{0}", "é", "🚨",
        "~", "%", "@", "---\n", "...", "<<: ", "\\x", "\\ud800", "99999999999999999999s",
    ]
    for round in 0..<2_000 {
        let isSite = round % 2 == 0
        var text = Array(isSite ? Samples.site : Samples.board)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.remove(at: place)
            case 1: text.insert(contentsOf: pieces.randomElement(using: &random) ?? "", at: place)
            case 2: text.swapAt(place, Int.random(in: 0..<text.count, using: &random))
            case 3:
                text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...40, using: &random)))
            default:
                let end = min(text.count, place + Int.random(in: 1...60, using: &random))
                text.insert(contentsOf: text[place..<end], at: Int.random(in: 0..<text.count, using: &random))
            }
            if text.isEmpty { text = ["x"] }
        }
        let yaml = String(text)
        let lines = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
        let findings: [Finding]
        let hasValue: Bool
        if isSite {
            let checked = checkSite(yaml, file: "f")
            (findings, hasValue) = (checked.findings, checked.value != nil)
        } else {
            let checked = checkBoard(yaml, file: "f")
            (findings, hasValue) = (checked.findings, checked.value != nil)
        }
        #expect(hasValue != findings.hasMistakes, "\(yaml)")
        #expect(
            findings.allSatisfy { $0.line >= 1 && $0.line <= max(1, lines) && !$0.remedy.english.isEmpty },
            "\(yaml)")
    }
}
