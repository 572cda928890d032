// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

@testable import SiteCheck

struct CalendarImportTests {
    private let lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "SUMMARY:Wake\\, up",
        "DTSTART;TZID=Europe/Berlin:20261123T063000", "DTEND;TZID=Europe/Berlin:20261123T063130",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231T225959Z", "EXDATE;TZID=Europe/Berlin:20261125T063000",
        "RDATE;TZID=Europe/Berlin:20261129T063000", "END:VEVENT", "END:VCALENDAR",
    ]

    private func read(_ place: Int? = nil, _ new: String = "") -> Checked<TimetablePlan> {
        var lines = lines
        if let place { lines[place - 1] = new }
        return CalendarImport.read(lines.joined(separator: "\r\n"), file: "x.ics")
    }

    @Test func event_isRead_withItsDays() throws {
        let plan = try #require(read().value, "\(read().findings.rendered([.english]))")
        let routine = try #require(plan.routines.first)
        #expect(routine.title == "Wake, up" && routine.lasts == 90 && routine.at == ClockTime("06:30"))
        #expect(routine.days.weekdays == [.monday, .wednesday])
        #expect(routine.days.until == CivilDay(2026, 12, 31) && routine.days.from == CivilDay(2026, 11, 23))
        #expect(
            routine.days.on == [CivilDay(2026, 11, 29)!] && routine.days.except == [CivilDay(2026, 11, 25)!])
    }

    @Test(arguments: [
        (8, "RRULE:FREQ=MONTHLY;BYDAY=1MO"), (8, "RRULE:FREQ=DAILY;COUNT=5"),
        (8, "RRULE:FREQ=DAILY;INTERVAL=2"),
        (8, "RRULE:FREQ=WEEKLY;BYDAY=2MO"), (6, "DTSTART;VALUE=DATE:20261123"),
        (6, "DTSTART;TZID=Mars/Base:20261123T063000"),
        (9, "EXDATE;TZID=Europe/Berlin:20261125T070000"), (10, "RECURRENCE-ID:20261129T063000"),
        (7, "DTEND;TZID=Europe/Berlin:20261122T063130"), (4, "no property"), (11, "END:VTODO"),
        (9, "EXDATE;TZID=Asia/Shanghai:20261125T063000"), (1, "BEGIN:VCARD"),
        (8, "RRULE:FREQ=DAILY;UNTIL=soon"),
    ])
    func whatCannotBeKept_isRefused_withItsLine(place: Int, new: String) {
        let checked = read(place, new)
        #expect(checked.value == nil)
        #expect(checked.findings.contains { $0.line == place }, "\(checked.findings.rendered([.english]))")
    }

    @Test func others_areLeftOut_withAWarning() {
        let text = (lines.dropLast() + ["BEGIN:VTODO", "SUMMARY:x", "END:VTODO", "END:VCALENDAR"])
            .joined(separator: "\n")
        let checked = CalendarImport.read(text, file: "x.ics")
        #expect(checked.value?.routines.count == 1 && checked.findings.names("VTODO", severity: .warning))
    }

    @Test func anything_isAnswered_whenTheTextIsBroken() {
        let bytes = Array(lines.joined(separator: "\r\n").utf8)
        var state: UInt64 = 5
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[Int(state >> 33) % broken.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = CalendarImport.read(String(decoding: broken, as: UTF8.self), file: "x.ics")
        }
    }
}
