// SPDX-License-Identifier: Apache-2.0
import Conduct
import Facility
import TestBoard
import Testing

struct EntryTextTests {
    static let event = EventID(terminal: Sample.terminal, stream: .conduct, run: 9, sequence: 4)
    static let names = [OfficerID("P1")!, OfficerID("P2")!]
    static let all: [ConductEntry] = [
        .placed(
            Placement(
                resident: Sample.person, cell: Sample.cell, profile: Sample.working,
                from: Sample.day("2026-01-01"), isEnd: true)),
        .scored(
            Sample.score(
                "tidy", 2, on: "2026-03-09", note: "一\n二\\n=三",
                evidence: [
                    Evidence(kind: .recording, source: event, sha256: [UInt8](repeating: 0xa5, count: 32)),
                    Evidence(kind: .note, source: nil, sha256: [UInt8](0..<32)),
                ])),
        .scored(Sample.score("clean-cell", 2, on: "2026-03-09", of: .cell(Sample.cell))),
        .reversed(
            Reversal(entry: event, day: Sample.day("2026-03-09"), officer: names[0], reason: "why")),
        .signed(Signature(entry: event, day: Sample.day("2026-03-09"), officer: names[1])),
        .objected(
            Objection(
                entry: event, resident: Sample.person, stage: .secondReview, day: Sample.day("2026-03-09"),
                officer: names[0], text: "不是我")),
        .answered(
            Answer(
                objection: event, isUpheld: true, day: Sample.day("2026-03-09"), officers: names,
                reason: "seen")),
        .reviewed(
            WeeklyReview(week: Sample.day("2026-03-09"), day: Sample.day("2026-03-15"), officers: names)),
        .closed(
            MonthClose(
                month: Sample.month("2026-03"), day: Sample.day("2026-04-01"), officers: names,
                covers: [Sample.terminal: 17, TerminalID("cell-101")!: 2])),
        .published(
            Publication(
                month: Sample.month("2026-03"), cell: Sample.cell, day: Sample.day("2026-04-02"),
                officer: names[0])),
    ]

    @Test(arguments: all) func entry_comesBack_fromItsOneSpelling(entry: ConductEntry) {
        #expect(ConductEntry(kind: entry.kind, payload: entry.payload) == entry)
    }

    @Test func score_isReadable_byAnybody() {
        let text = String(decoding: Self.all[1].payload, as: UTF8.self)
        #expect(
            text.hasPrefix("resident=R1\npack=prison-2021\nitem=tidy\npoints=2\nday=2026-03-09\nofficer=P1\n")
        )
        #expect(text.hasSuffix("note=一\\n二\\\\n=三\n"))
    }

    /// Cut, flipped, doubled: none, or something that says itself again to the byte.
    @Test(arguments: 1...4) func damage_neverTraps_norHasTwoSpellings(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let entry = dice.pick(Self.all)
            var bytes = entry.payload
            switch dice.below(4) {
            case 0: bytes = Array(bytes.prefix(dice.below(bytes.count)))
            case 1: bytes[dice.below(bytes.count)] = UInt8(dice.below(256))
            case 2: bytes.insert(UInt8(dice.below(256)), at: dice.below(bytes.count))
            case _: bytes += dice.pick(Self.all).payload
            }
            let kind = dice.chance(90) ? entry.kind : UInt16(dice.below(150))
            guard let read = ConductEntry(kind: kind, payload: bytes) else { continue }
            #expect(read.payload == bytes, "seed \(seed)")
        }
    }
}
