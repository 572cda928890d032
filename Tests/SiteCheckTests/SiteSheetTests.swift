// SPDX-License-Identifier: Apache-2.0
import Facility
import SiteCheck
import Testing

@Test func site_isRead_whenItHasNoMistake() throws {
    let checked = checkSite(Samples.site, file: "site.yaml")
    #expect(checked.findings.isEmpty, "\(checked.findings.rendered([.english]))")
    let sheet = try #require(checked.value)
    let cell = try #require(sheet.site.terminals.first)
    #expect(
        cell.address == 0x0a00_0001 && cell.port == 7_400
            && cell.publicKey == [UInt8](repeating: 0xa1, count: 32))
    #expect(sheet.site.ladderMs == [30_000, 60_000] && sheet.operators == ["panel"])
    #expect(sheet.site.rings == [try #require(ZoneID("ward-1")): [[try #require(TerminalID("post-a"))]]])
    #expect(sheet.site.zoneTitles == [try #require(ZoneID("ward-1")): "Ward"])
    #expect(sheet.places[0].paths == .installed && sheet.places[0].boardFile == "cell.yaml")
}

@Test func ladder_isTheDefault_whenNoneIsWritten() throws {
    let yaml = Samples.site.replacing("ladder: [30s, 60s]\n", with: "")
    #expect(try #require(checkSite(yaml, file: "s").value).site.ladderMs == Limits.ladderDefaultMs)
}

@Test func terminal_isAWarning_whenItsKeyIsStillToBeMade() throws {
    let checked = checkSite(Samples.site.replacing(Samples.key, with: "generate"), file: "s")
    #expect(checked.findings.names("no public key yet", line: 12, severity: .warning))
    #expect(try #require(checked.value).places[0].lacksKey)
}

@Test(arguments: [
    ("[30s, 60s]", "[60s, 30s]", "does not rise", 21), ("[30s, 60s]", "[30]", "number with its unit", 21),
    ("[30s, 60s]", "[]", "0 steps", 21), ("[30s, 60s]", "[2h]", "number with its unit", 21),
    ("[panel]", "[Panel!]", "no user", 25),
    ("site: Test", "sites: Test", "Did you mean 'site'", 1),
    ("  - number: P1\n", "  - number: P1\n    name: A\n  - number: P1\n", "already in line 23", 25),
])
func site_namesMistakeAndLine_when(old: String, new: String, words: String, line: Int) {
    let findings = Samples.site(old, new)
    #expect(findings.names(words, line: line), "\(findings.rendered([.english]))")
}

@Test func site_namesEveryMistake_whenThereAreSeveral() {
    let yaml = Samples.site.replacing("role: cell", with: "role: kell").replacing("10.0.0.2", with: "10.0.0")
        .replacing("30s", with: "90s").replacing("number", with: "nummer").replacing("[panel]", with: "panel")
    let findings = checkSite(yaml, file: "s").findings
    for line in [8, 18, 21, 23, 25] {
        #expect(findings.contains { $0.line == line }, "no finding in line \(line)")
    }
}
