// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import TestBoard
import Testing

/// Months with frauds sown into them: found, and nearly nothing else.
struct FraudLampsTests {
    private struct Month {
        var book = Book()
        var sown: [FraudLamp.Kind: Set<OfficerID>] = [:]
        var entered: [EventID: CivilDay] = [:]
    }

    private static let words = [
        "folded the bedding", "helped a neighbour", "spoke up in class", "late for roll-call",
        "loud at night",
        "cleaned the yard", "kept the rules", "argued over the bench", "wrote an essay", "left food",
    ]

    /// Eight honest officers, and with each seed some who are not.
    private static func month(_ seed: UInt64) -> Month {
        var dice = SeededGenerator(seed: seed)
        var month = Month()
        let officers = (1...8).map { OfficerID("P\($0)")! }
        let people = (1...30).map { LedgerEntry.Subject.resident(ResidentID("R\($0)")!) }
        func note(_ dice: inout SeededGenerator) -> String {
            (0..<4).map { _ in dice.pick(words) }.joined(separator: ", ")
        }
        func enter(_ officer: OfficerID, _ item: String, _ points: Int64, _ text: String, late: Int32 = 0) {
            let day = 1 + dice.below(24)
            let score = Sample.score(
                item, points, on: "2026-03-" + (day < 10 ? "0\(day)" : "\(day)"), of: dice.pick(people),
                by: officer, note: text)
            let id = month.book.add(.scored(score))
            month.entered[id] = score.day.advanced(by: late > 0 ? late : Int32(dice.below(3)))
        }
        for officer in officers {
            for _ in 0..<40 {
                let text = note(&dice)
                if dice.chance(70) {
                    enter(officer, "helps", Int64(1 + dice.below(5)), text)
                } else {
                    enter(officer, "quarrel", -5, text)
                }
            }
        }
        let copier = dice.pick(officers)
        let same = note(&dice)
        for number in 0..<6 { enter(copier, "helps", 2, same + " \(number)") }
        month.sown[.copiedText] = [copier]
        let dater = dice.pick(officers)
        enter(dater, "helps", 3, note(&dice), late: 9)
        month.sown[.backDating] = [dater]
        let harsh = OfficerID("P66")!
        for _ in 0..<40 { enter(harsh, "idle", -10, note(&dice)) }
        month.sown[.unusualOfficer] = [harsh]
        return month
    }

    @Test func sownFrauds_areFound_andHonestOfficersLeftAlone() {
        var (sown, found, wrong, honest) = (0, 0, 0, 0)
        for seed in UInt64(1)...20 {
            let month = Self.month(seed)
            let lamps = month.book.ledger.lamps(in: Sample.month("2026-03")) { month.entered[$0] }
            for (kind, officers) in month.sown {
                sown += officers.count
                found += officers.count { officer in
                    lamps.contains { $0.kind == kind && $0.officer == officer }
                }
            }
            honest += month.book.posted.count
            wrong += lamps.count { month.sown[$0.kind]?.contains($0.officer) != true }
        }
        #expect(Double(found) >= 0.9 * Double(sown), "\(found) of \(sown)")
        #expect(Double(wrong) <= 0.05 * Double(sown), "\(wrong) wrong in \(honest) entries")
    }

    @Test func evidence_isNotUsedTwice_forOnePerson() {
        var book = Book()
        let proof = Evidence(kind: .picture, source: nil, sha256: [UInt8](repeating: 1, count: 32))
        for date in ["2026-03-02", "2026-03-09"] {
            book.add(.scored(Sample.score("helps", 2, on: date, evidence: [proof])))
        }
        // One act of two people is one picture.
        let other = Evidence(kind: .picture, source: nil, sha256: [UInt8](repeating: 2, count: 32))
        for person in ["R1", "R2"] {
            let whom = LedgerEntry.Subject.resident(ResidentID(person)!)
            book.add(.scored(Sample.score("helps", 2, on: "2026-03-02", of: whom, evidence: [other])))
        }
        let lamps = book.ledger.lamps(in: Sample.month("2026-03")) { _ in nil }
        #expect(lamps.map(\.kind) == [.sameEvidence] && lamps.first?.entries.count == 2)
    }
}
