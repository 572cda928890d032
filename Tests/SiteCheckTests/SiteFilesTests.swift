// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import SiteCheck
import Testing

@Test func check_findsNothing_whenSiteAndBoardsAreSound() throws {
    let files = try TemporaryFiles()
    #expect(check(files: [files.path("site.yaml")]).isEmpty)
    #expect(check(files: [files.path("site.yaml"), files.path("cell.yaml")]).isEmpty)
    #expect(check(files: [files.path("post.yaml")]).isEmpty)
}

@Test func check_namesTheFile_whenABoardThatTheSiteNamesHasAMistake() throws {
    let files = try TemporaryFiles()
    try files.put(Samples.board.replacing("bias: pull-up", with: "bias: up"), "cell.yaml")
    let findings = check(files: [files.path("site.yaml")])
    #expect(findings.count == 1 && findings[0].file == files.path("cell.yaml") && findings[0].line == 9)
}

@Test func check_namesTheLineOfTheSite_whenABoardIsMissing() throws {
    let files = try TemporaryFiles(["site.yaml": Samples.site, "cell.yaml": Samples.board])
    let findings = check(files: [files.path("site.yaml")])
    #expect(findings.names("'post.yaml' of post-a is not there", line: 20))
}

@Test func check_namesBothSorts_whenAFileIsNeither() throws {
    let files = try TemporaryFiles(["x.yaml": "schedule: 6\n", "y.yaml": "", "z.yaml": "a: [\n"])
    #expect(check(files: [files.path("x.yaml")]).names("neither site, board"))
    #expect(check(files: [files.path("y.yaml")]).names("the file is empty"))
    #expect(check(files: [files.path("z.yaml")]).names("YAML syntax"))
    #expect(check(files: []).names("no file was named"))
}

@Test func check_isAMistake_whenAFileCannotBeRead() throws {
    let files = try TemporaryFiles([:])
    #expect(check(files: [files.path("none.yaml")]).names("cannot be read"))
    #expect(check(files: [files.directory]).names("cannot be read"))
}

@Test func check_namesTheLine_whenTheTextIsNoUTF8() throws {
    let files = try TemporaryFiles([:])
    try Data(Array("site: x\nzones:\n  ".utf8) + [0xc4, 0xe3, 0xba]).write(
        to: URL(fileURLWithPath: files.path("gbk.yaml")))
    #expect(check(files: [files.path("gbk.yaml")]).names("no UTF-8", line: 3))
}

@Test(arguments: [
    ("emergency-button", "duress-button", "cell.yaml", "has no alarm button", 13),
    ("assurance-lamp", "clear-key", "cell.yaml", "has the officers' key 'clear-key'", 13),
    ("duty: buzzer", "duty: alarm-lamp", "post.yaml", "has no buzzer", 20),
])
func check_isAMistake_whenABoardCannotServeItsTerminal(
    old: String, new: String, file: String, words: String, line: Int
) throws {
    let files = try TemporaryFiles()
    let text = file == "cell.yaml" ? Samples.board : Samples.postBoard
    try files.put(text.replacing(old, with: new), file)
    #expect(check(files: [files.path("site.yaml")]).names(words, line: line))
}
