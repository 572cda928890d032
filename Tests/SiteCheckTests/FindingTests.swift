// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SiteCheck

@Test func finding_isPrintedInBothLanguages_whenRendered() {
    let text = Samples.board("bias: pull-up", "bias: up").rendered()
    #expect(text.contains("board.yaml:9:") && text.contains("mistake: ") && text.contains("错误："))
    #expect(text.contains("1 mistakes, 0 warnings"))
}

@Test func findings_areASentenceWithPlace_whenPrinted() {
    let finding = Finding(
        file: "a.yaml", line: 3, column: nil, severity: .warning, what: Wording("it is odd", "不寻常"),
        remedy: Wording("Look", "请看"))
    #expect(finding.text(.english) == "a.yaml:3: warning: it is odd. Look.")
    #expect(finding.text(.chinese) == "a.yaml:3：警告：不寻常。请看。")
    #expect(![finding].hasMistakes && [Finding]().rendered([.english]) == "0 mistakes, 0 warnings")
}
