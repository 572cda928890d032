// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct TimetablePreviewTests {
    @Test func preview_showsEachDayWithItsUnits_byTheClockThere() {
        let plan = Samples.plan(
            [Samples.routine("a", "02:30"), Samples.routine("b", "23:59:59")], offsets: Samples.berlin)
        let lines = TimetablePreview(plan, zone: Samples.ward).lines(CivilDay(2026, 3, 28)!, days: 2)
        let text = lines.map { line in
            switch line {
            case .day(let day, let type): "\(day) \(type)"
            case .unit(let time, let unit): "\(time) \(unit.unit)"
            }
        }
        #expect(
            text == [
                "2026-03-28 saturday", "02:30 a", "23:59:59 b", "2026-03-29 sunday", "03:30 a", "23:59:59 b",
            ])
    }
}
