// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Paging
import Testing

/// A timetable followed through thousands of steps of the clock, restarts and interruptions.
struct TimetableChanceTests {
    private static let day: [Routine] = [
        Samples.routine("wake", "06:30", lasts: 90, late: 300),
        Samples.routine("roll", "06:50", lasts: 60, resume: .again),
        Samples.routine("music", "07:00", lasts: 3_000, rank: .background, resume: .inStep),
        Samples.routine("bell", "07:20", lasts: 10, late: 0, resume: .never),
        Samples.routine("night", "02:30", lasts: 30, change: .skip),
        Samples.routine("news", "19:00", lasts: 1_800, late: 60, resume: .inStep, ends: "19:29"),
        Samples.routine("lights", "22:00", lasts: 120, late: 1_200),
    ]

    /// 1 hour and 10 years either way, or a little.
    private static func jump(_ dice: inout Dice) -> Int64 {
        let spans: [Int64] = [3_600_000, 315_576_000_000, 90_000, 1_500]
        let sign: Int64 = Bool.random(using: &dice) ? 1 : -1
        return sign * spans.randomElement(using: &dice)!
    }

    @Test func units_areNeverBegunTwice_norLost_whateverTheClockDoes() throws {
        let isLong = getenv("WATCHPOST_LONG") != nil
        for seed in 1...(isLong ? 3_000 : 30) {
            var dice = Dice(UInt64(seed))
            var bench = Bench(Samples.plan(Self.day, offsets: Samples.berlin), Samples.monday, "05:00")
            let base = bench.wallMs
            for _ in 0..<40 {
                bench.run(seconds: Int.random(in: 1...5_000, using: &dice))
                switch Int.random(in: 0..<8, using: &dice) {
                case 0, 1: bench.step(ms: Self.jump(&dice))
                case 2: try bench.restart(afterSeconds: Int.random(in: 0...4_000, using: &dice))
                case 3:
                    bench.isKnown = false
                    try bench.restart(afterSeconds: 10)
                    bench.run(seconds: 100)
                    bench.isKnown = true
                case 4:
                    bench.yield(true)
                    bench.run(seconds: Int.random(in: 1...400, using: &dice))
                    bench.yield(false)
                default: break
                }
                if abs(bench.wallMs - base) > 700_000_000_000 { bench.wallMs = base }
                bench.tick()
            }
            inspect(bench, seed)
        }
    }

    /// One beginning for each; sounds alternate with silence; each beginning has one end, but for what is
    /// still under way; whatever the last look lies behind has a record or a span.
    private func inspect(_ bench: Bench, _ seed: Int) {
        var begun: Set<OccurrenceID> = []
        var ended: [OccurrenceID: Int] = [:]
        var told: Set<OccurrenceID> = []
        var spans: [Range<Int64>] = []
        var sounding: OccurrenceID?
        for (place, effect) in bench.effects.enumerated() {
            // A crash ends a sound without a word.
            if bench.crashes.contains(place) { sounding = nil }
            switch effect {
            case .play(let unit, let offset):
                #expect(sounding == nil && offset >= 0 && offset < Int64(unit.lasts) * 1_000, "seed \(seed)")
                sounding = unit.id
            case .stop(let id):
                #expect(sounding == id, "seed \(seed)")
                sounding = nil
            case .record(let id, let outcome):
                told.insert(id)
                switch outcome {
                case .began: #expect(begun.insert(id).inserted, "seed \(seed): \(id) began twice")
                case .played, .cut: ended[id, default: 0] += 1
                case .skipped: #expect(!begun.contains(id), "seed \(seed): \(id) skipped after it began")
                case .interrupted, .resumed: break
                }
            case .skippedSpan(let from, let to, _): spans.append(from..<to)
            case .clockKnown: break
            }
        }
        let open = Set(bench.machine.ledger.held.map(\.occurrence.id))
        for id in begun {
            #expect(ended[id, default: 0] == (open.contains(id) ? 0 : 1), "seed \(seed) \(id)")
        }
        guard let settled = bench.machine.ledger.settledMs, settled == bench.wallMs else { return }
        let from = max(Samples.wallMs(Samples.monday, "05:00"), settled - 3 * 86_400_000)
        guard from < settled else { return }
        for one in bench.machine.timetable.occurrences(
            Samples.ward, from: from / 1_000 + 1, to: settled / 1_000)
        where !told.contains(one.id) && !open.contains(one.id) {
            #expect(spans.contains { $0.contains(one.start * 1_000) }, "seed \(seed): \(one.id) was dropped")
        }
    }
}
