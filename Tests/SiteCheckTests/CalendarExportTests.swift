// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

@testable import SiteCheck

struct CalendarExportTests {
    @Test func export_saysRulesExceptionsAndExtras_inRFC5545() throws {
        let plan = try #require(TimetableSamples.check().value)
        let text = CalendarExport.text(plan, from: CivilDay(2026, 11, 23)!)
        for part in [
            "DTSTART;TZID=Europe/Berlin:20261123T063000\r\n", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA\r\n",
            "EXDATE;TZID=Europe/Berlin:20261224T063000,20261225T063000", "BEGIN:DAYLIGHT\r\n",
            "TZOFFSETTO:+0200\r\n", "RRULE:FREQ=DAILY\r\n", "DURATION:PT1800S", "X-WATCHPOST-ENDS:19:30",
            "DTSTART;TZID=Europe/Berlin:20261231T200000\r\n",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
        #expect(!text.contains("oath"), "it lies before")
    }

    /// Chance routines: what the file says, read again, is the same day by day.
    @Test func roundTrip_keepsEveryOccurrence_forChancePlans() throws {
        var dice = SystemRandomNumberGenerator()
        let start = CivilDay(2026, 11, 20)!
        let base = try #require(TimetableSamples.check().value)
        for _ in 0..<60 {
            var plan = base
            func day() -> CivilDay { start.advanced(by: Int32.random(in: -5...80, using: &dice)) }
            plan.dates = [:]
            for _ in 0..<8 { plan.dates[day()] = [DayTypes.holiday, DayTypes.visitDay].randomElement() }
            plan.until = Bool.random() ? day() : nil
            plan.routines = (0..<6).map { place in
                var routine = base.routines[place % base.routines.count]
                routine.id = RoutineID("r\(place)")!
                routine.at = ClockTime(seconds: Int32.random(in: 0..<86_400))!
                routine.change = .shift
                routine.days = RoutineDays(
                    types: Set(
                        [DayTypes.weekday, DayTypes.holiday, DayTypes.sunday].filter { _ in .random() }),
                    weekdays: Set(Weekday.allCases.filter { _ in Int.random(in: 0..<4) == 0 }),
                    on: Set((0..<3).map { _ in day() }), except: Set((0..<3).map { _ in day() }),
                    from: Bool.random() ? day() : nil, until: Bool.random() ? day() : nil)
                return routine
            }
            let text = CalendarExport.text(plan, from: start)
            let read = CalendarImport.read(text, file: "x.ics")
            let (from, to) = (start.localStart, start.localStart + 120 * 86_400)
            let zone = ZoneID("ward-1")!
            let planned = Timetable(plan).occurrences(zone, from: from, to: to)
            guard let again = read.value else {
                #expect(planned.isEmpty, "\(read.findings.rendered([.english]))\n\(text)")
                continue
            }
            let back = Timetable(again).occurrences(zone, from: from, to: to)
            #expect(back == planned.filter { $0.id.day >= start }, "\(TimetableText.yaml(plan))\n\(text)")
            #expect(CalendarExport.text(again, from: start) == text)
        }
    }
}
