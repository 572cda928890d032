// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import SiteCheck
import Testing

struct RulePackReaderTests {
    private static let yaml = """
        rules: house-2026
        title: 本所规则
        from: 2026-01-01
        until: 2027-12-31
        parts:
          - {id: order, title: 纪律, english: order, bonus: 50%, floor: 0}
        profiles:
          - {id: held, title: 在押, base: {order: 100}}
        special: {once: 50}
        cycle: 600
        grades:
          - {id: good, title: 良好, from: 90.5}
        terms: {publication: 5, week-signatures: 3}
        contest: {base: 100, mean: 50%}
        items:
          - {id: tidy, part: order, title: 整洁, points: 2}
          - {id: fights, part: order, title: 打架, points: -20..-5, evidence: yes, signatures: 2,
              by: [supervisor]}
          - {id: hero, counts: special-unbounded, title: 见义勇为, points: 100}
        holidays: [2026-10-01..2026-10-07]
        workdays: [2026-10-10]
        """

    private func check(_ old: String = "", _ new: String = "") -> Checked<RulePack> {
        let text = old.isEmpty ? Self.yaml : Self.yaml.replacing(old, with: new, maxReplacements: 1)
        return checkRulePack(text, file: "rules.yaml")
    }

    @Test func pack_isRead_withItsDefaults() throws {
        let checked = check()
        let pack = try #require(checked.value, "\(checked.findings.rendered([.english]))")
        #expect(checked.findings.isEmpty && pack.title == Phrase("本所规则", "本所规则"))
        #expect(pack.items.map(\.signaturesCount) == [1, 2, 1] && pack.items[1].roles == [.supervisor])
        #expect(pack.items[1].points == Points(-20)...Points(-5) && pack.items[1].needsEvidence)
        #expect(pack.items[2].kind == .special(isUnbounded: true) && pack.special.yearMax == nil)
        #expect(pack.terms.publicationDays == 5 && pack.terms.objectionDays == 3)
        #expect(pack.terms.weekSignaturesCount == 3 && pack.calendar.holidays.count == 7)
        #expect(pack.parts[0].floor == .zero && pack.grades[0].atLeast.description == "90.5")
    }

    @Test(arguments: [
        ("from: 2026-01-01", "from: 2026-13-01", 3, "no day"),
        ("until: 2027-12-31", "until: 2025-12-31", 4, "ends before it begins"),
        ("bonus: 50%", "bonus: half", 6, "no share"),
        ("base: {order: 100}", "base: {ordre: 100}", 8, "cannot be 'ordre'"),
        ("once: 50", "once: 1.234", 9, "no points"),
        ("publication: 5", "publication: 5000", 13, "not between"),
        ("part: order, title: 整洁", "title: 整洁", 16, "where the item counts"),
        ("points: -20..-5", "points: -5..-20", 17, "no points"),
        ("points: -20..-5", "points: -5..5", 17, "no points"),
        ("by: [supervisor]", "by: [sergeant]", 17, "cannot be 'sergeant'"),
        ("id: hero", "id: tidy", 15, "stands 2 times"),
        ("holidays: [2026-10-01..2026-10-07]", "holidays: [october]", 19, "no day"),
        ("cycle: 600", "cycles: 600", 10, "unknown key"),
    ])
    func mistake_isNamed_withItsLine(old: String, new: String, line: Int, words: String) throws {
        let checked = check(old, new)
        #expect(checked.value == nil)
        let finding = try #require(
            checked.findings.first { $0.what.english.contains(words) },
            "\(checked.findings.rendered([.english]))")
        #expect(abs(finding.line - line) <= 1, "\(finding.line)")
    }

    @Test func anyCut_isRefused_withoutATrap() {
        for count in stride(from: 0, to: Self.yaml.count, by: 7) {
            _ = checkRulePack(String(Self.yaml.prefix(count)), file: "rules.yaml")
        }
    }
}
