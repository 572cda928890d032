// SPDX-License-Identifier: Apache-2.0
import Facility
import SiteCheck
import Testing

@Test func board_isRead_whenItHasNoMistake() throws {
    let checked = checkBoard(Samples.board, file: "board.yaml")
    #expect(checked.findings.isEmpty)
    let board = try #require(checked.value)
    #expect(board.name == "Cell" && board.kind == .gpiod && board.duties.count == 3)
    let button = board.duties[0]
    #expect(button.line.activeLow && button.line.bias == .pullUp && button.line.direction == .input)
    #expect(button.duty == .emergencyButton && button.partner == PointName("nc"))
    #expect(board.duties[2].line.direction == .output && board.duties[2].line.bias == .asIs)
}

@Test func simulatedBoard_needsNoChip_whenLinesAreNamed() throws {
    let board = try #require(checkBoard(Samples.postBoard, file: "p").value)
    #expect(board.duties[0].line.chip == "simulated" && board.duties[0].line.line == "buzzer")
}

@Test(arguments: [
    ("kind: gpiod", "kind: gpio", "'gpiod'", 2),
    ("duty: emergency-button", "duty: emergency", "cannot be 'emergency'", 7),
    ("bias: pull-up", "baias: pull-up", "Did you mean 'bias'", 9),
    ("active: low", "active: maybe", "cannot be 'maybe'", 8),
    ("name: button", "name: two words", "no valid name", 4),
    ("name: button", "name: a23456789012345678", "no valid name", 4),
    ("    chip: gpio0\n", "", "has no 'chip'", 4), ("name: lamp", "name: nc", "already that of line 11", 15),
    ("line: LAMP", "line: NC", "as is 'nc'", 17),
    ("supervised-by: nc", "supervised-by: nx", "perhaps 'nc'", 10),
    ("duty: supervision", "duty: tamper", "has not the duty 'supervision'", 10),
    ("    supervised-by: nc\n", "", "supervises no button", 10),
    ("duty: assurance-lamp", "duty: assurance-lamp\n    bias: pull-up", "has no pull", 19),
    ("duty: assurance-lamp", "duty: assurance-lamp\n    direction: input", "direction does not fit", 19),
    ("duty: assurance-lamp", "duty: assurance-lamp\n    supervised-by: nc", "only an alarm button", 19),
    ("line: LAMP", "line: [LAMP]", "has to be a text", 17), ("chip: gpio0", "chip:", "is empty", 5),
    ("board: Cell", "board: Cell\nboard: Again", "already given in line 1", 2),
    ("lines:\n", "lines: 7\nmore:\n", "has to be a list", 3),
    ("bias: pull-up", "bias: pull-up\n    bias: none", "already given", 10),
    ("    line: LAMP\n", "", "has no 'line'", 15), ("line: LAMP", "line: '#7'", "write 'offset: 3'", 17),
    ("line: LAMP", "line: LAMP\n    offset: 7", "both 'line' and 'offset'", 18),
    ("line: LAMP", "offset: seven", "no number of a line", 17), ("line: LAMP", "offset: -1", "0 to 1023", 17),
    ("line: LAMP", "offset: 1024", "0 to 1023", 17),
])
func board_namesMistakeAndLine_when(old: String, new: String, words: String, line: Int) {
    let findings = Samples.board(old, new)
    #expect(findings.names(words, line: line), "\(findings.rendered([.english]))")
    #expect(
        findings.allSatisfy {
            !$0.remedy.english.isEmpty && !$0.remedy.chinese.isEmpty && $0.file == "board.yaml"
        })
}

@Test func line_isFoundByItsNumber_whenItsChipHasNoNames() throws {
    let yaml = Samples.board.replacing("line: LAMP", with: "offset: 07").replacing(
        "line: NC", with: "offset: 0")
    let checked = checkBoard(yaml, file: "b")
    let board = try #require(checked.value)
    #expect(board.duties.map(\.line.line) == ["BUTTON", BoardLine.nameless(0), BoardLine.nameless(7)])
    #expect(checked.findings.count == 1 && checked.findings[0].severity == .warning, "once for the chip")
    let twice = yaml.replacing("offset: 07", with: "offset: 0")
    #expect(checkBoard(twice, file: "b").findings.names("as is 'nc'", line: 17))
}

@Test func board_namesEveryMistake_whenThereAreSeveral() {
    let yaml = Samples.board.replacing("kind: gpiod", with: "kind: real\nspeed: 9")
        .replacing("bias: pull-up", with: "bias: up").replacing("line: NC", with: "line: BUTTON")
        .replacing("duty: assurance-lamp", with: "duty: lamp")
    let checked = checkBoard(yaml, file: "b")
    #expect(checked.value == nil)
    #expect(checked.findings.count >= 5)
    #expect(checked.findings.map(\.line) == checked.findings.map(\.line).sorted())
}

@Test func board_isRefused_whenItHasTooManyLines() {
    let lines = (0...Limits.linesMaxCount).map { "  - {name: l\($0), duty: tamper}" }.joined(separator: "\n")
    #expect(
        checkBoard("board: B\nkind: simulated\nlines:\n\(lines)\n", file: "b").findings.names("has 129 lines")
    )
}
