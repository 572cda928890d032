// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct TimetableYearTests {
    @Test func year_soundsAsPreviewed_withItsLeapDay() throws {
        let routines = (0..<12).map { Samples.routine("h\($0)", "\($0 * 2):15", lasts: 60) }
        let plan = Samples.plan(routines, offsets: Samples.berlin)
        var bench = Bench(plan, try #require(CivilDay(2028, 1, 1)), "00:00")
        let from = bench.wallMs / 1_000
        bench.run(seconds: 366 * 86_400)
        let planned = bench.machine.timetable.occurrences(Samples.ward, from: from, to: bench.wallMs / 1_000)
        let played = bench.effects.compactMap {
            if case .play(let unit, 0) = $0 { return unit }
            return nil
        }
        #expect(played == planned && planned.count == 366 * 12)
        #expect(planned.contains { $0.id.day.description == "2028-02-29" })
    }
}
