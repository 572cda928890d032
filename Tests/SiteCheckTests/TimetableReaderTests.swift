// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Paging
import Testing

@testable import SiteCheck

enum TimetableSamples {
    static let yaml = """
        timetable: Test
        time-zone: Europe/Berlin
        day-types:
          film-night: 电影日
        dates:
          2026-12-24..2026-12-26: holiday
          2026-12-31: film-night
        routines:
          - id: wake-up
            title: 起床
            at: ["06:30", "07:30"]
            days: [weekday, sat]
            lasts: 90s
            late: 5m
          - id: news
            at: 19:00
            days: all
            lasts: 30m
            resume: in-step
            ends: 19:30
            time-change: once
          - id: film
            at: 20:00
            days: film-night
            zones: [ward-1]
            unit: film-of-the-year
            lasts: 2h
            priority: background
          - id: oath
            at: 10:00
            on: [2026-06-26]
            lasts: 5m
        """

    static func check(_ old: String = "", _ new: String = "") -> Checked<TimetablePlan> {
        let text = old.isEmpty ? yaml : yaml.replacing(old, with: new, maxReplacements: 1)
        return checkTimetable(text, file: "day.yaml")
    }
}

struct TimetableReaderTests {
    @Test func timetable_isRead_withItsDefaults() throws {
        let checked = TimetableSamples.check()
        let plan = try #require(checked.value, "\(checked.findings.rendered([.english]))")
        #expect(checked.findings.isEmpty)
        #expect(
            plan.routines.map { "\($0.id) \($0.at)" } == [
                "wake-up 06:30", "wake-up 07:30", "news 19:00", "film 20:00", "oath 10:00",
            ])
        #expect(plan.routines[2].ends == ClockTime("19:30") && plan.routines[2].change == .once)
        #expect(plan.routines[0].days.weekdays == [.saturday] && plan.routines[0].late == 300)
        #expect(plan.routines[3].unit == "film-of-the-year" && plan.routines[3].lasts == 7_200)
        #expect(plan.routines[4].days.weekdays.isEmpty && plan.routines[4].late == 60)
        #expect(plan.type(of: CivilDay(2026, 12, 25)!) == DayTypes.holiday)
    }

    @Test(arguments: [
        ("Europe/Berlin", "Europe/Berlni", 2, "no time zone"), ("19:00", "24:00", 15, "no time of the day"),
        ("lasts: 90s", "lasts: 90", 13, "no length"), ("lasts: 90s", "last: 90s", 13, "unknown key"),
        ("resume: in-step", "resume: instep", 18, "Did you mean"),
        ("film-night\n    zones", "film\n    zones", 23, "cannot be"),
        ("2026-12-31", "2026-02-30", 7, "no day"), ("2026-12-31", "2026-12-25", 7, "already"),
        ("[2026-06-26]", "[2026-06-26..2026-06-01]", 30, "no span"),
        ("id: oath", "id: news", 28, "stands already"),
        ("late: 5m", "late: 5m\n    late: 6m", 15, "given"), ("late: 5m", "late: 1500ms", 14, "no length"),
        ("at: 10:00", "at: 19:10\n    days: all", 28, "begins while"),
        ("ends: 19:30", "ends: x", 19, "no time"),
    ])
    func mistake_isNamed_withItsLine(old: String, new: String, line: Int, words: String) {
        let checked = TimetableSamples.check(old, new)
        #expect(checked.value == nil)
        let text = checked.findings.rendered([.english])
        #expect(
            checked.findings.contains {
                abs($0.line - line) <= 1 && ($0.what.english + $0.remedy.english).contains(words)
            }, "\(text)")
    }

    @Test func night_isRead_writtenAgain_andRefusedWhenItIsNone() throws {
        func read(_ night: String) -> Checked<TimetablePlan> {
            checkTimetable(
                TimetableSamples.yaml.replacing("time-zone:", with: night + "\ntime-zone:"), file: "t.yaml")
        }
        let plan = try #require(read("night: {from: 22:00, until: 06:30, cap: -18}").value)
        #expect(plan.night == NightCap(from: ClockTime("22:00")!, until: ClockTime("06:30")!, capDb: -18))
        #expect(checkTimetable(TimetableText.yaml(plan), file: "again").value?.night == plan.night)
        for wrong in [
            "22:00, until: 22:00, cap: -18", "22:00, until: 06:30, cap: -60", "x, until: y, cap: z",
        ] {
            #expect(read("night: {from: \(wrong)}").findings.hasMistakes)
        }
    }

    @Test func template_isPatched_byTheHouse() throws {
        let local = """
            timetable: House
            template: province.yaml
            without: [film]
            dates:
              2027-01-05: film-night
            routines:
              - {id: news, at: "19:30", days: [film-night], lasts: 10m}
            """
        func check(_ text: String) -> Checked<TimetablePlan> {
            checkTimetable(text, file: "house.yaml") { name in
                name == "province.yaml" ? (name, TimetableSamples.yaml) : nil
            }
        }
        let plan = try #require(check(local).value, "\(check(local).findings.rendered())")
        #expect(plan.name == "House" && plan.offsets.name == "Europe/Berlin")
        #expect(plan.routines.map(\.id.text) == ["wake-up", "wake-up", "news", "oath"])
        #expect(plan.routines[2].lasts == 600)
        #expect(check(local.replacing("province", with: "nowhere")).findings.names("cannot be read", line: 2))
        #expect(check(local.replacing("[film-night]", with: "[film]")).findings.names("cannot be"))
        #expect(
            check(local.replacing("[film]\n", with: "[x]\n")).findings.names("no routine", severity: .warning)
        )
    }

    @Test func anything_isAnswered_whenTheTextIsBroken() {
        let bytes = Array(TimetableSamples.yaml.utf8)
        var state: UInt64 = 9
        for _ in 0..<30 {
            var broken = bytes
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[Int(state >> 33) % broken.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = checkTimetable(String(decoding: broken, as: UTF8.self), file: "day.yaml")
        }
    }
}
