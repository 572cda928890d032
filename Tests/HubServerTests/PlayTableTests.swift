// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
import Facility
import NIOHTTP1
import Paging
import Testing

@testable import HubServer

/// The stream `page` over TLS, and the day that the console then shows: planned against real.
struct PlayTableTests {
    private static let ward: ZoneID = name("ward-1")
    /// In the future by any clock: what nobody told of is still planned.
    private static let day = CivilDay(2027, 1, 15)!

    private static func id(_ routine: String, _ at: String) -> OccurrenceID {
        OccurrenceID(routine: RoutineID(routine)!, day: day, at: ClockTime(at)!)
    }

    private static func plan() throws -> [UInt8] {
        let times = [
            ("wake-up", "06:30"), ("roll-call", "08:00"), ("meal", "11:30"), ("study", "14:00"),
            ("news", "15:00"), ("sleep", "21:30"),
        ]
        return PlanBytes.encode(
            TimetablePlan(
                name: "Test",
                offsets: try #require(ZoneOffsets(name: "Asia/Shanghai", first: 8 * 3_600, transitions: [])),
                routines: times.map { routine, at in
                    Routine(
                        id: RoutineID(routine)!, title: routine.uppercased(),
                        days: RoutineDays(weekdays: Set(Weekday.allCases)), at: ClockTime(at)!,
                        unit: routine, lasts: 60)
                }))
    }

    private static func proof(_ id: OccurrenceID, _ heard: PlayHeard, _ level: String) -> [UInt8] {
        PlayEntry(.proved, id, zone: ward, [("heard", "\(heard)"), ("levelDb", level)]).payload
    }

    private static func entry(_ id: OccurrenceID, _ outcome: PlayOutcome) -> [UInt8] {
        PlayEntry(id, outcome, zone: ward).payload
    }

    @Test(arguments: StoreKind.available) func day_isPlannedAgainstReal_andSaysWhatWasNotHeard(
        _ kind: StoreKind
    ) async throws {
        try await TestHub.run(kind) { hub in
            try await hub.account("lead", .supervisor)
            try await hub.account("wang", .officer, areas: [name("ward-2")])
            try await hub.parts.bundles.publish(.timetable, try Self.plan(), terminal: nil, atMs: 1)
            let cell = try TestTerminal(hub, "cell-101")
            var journal = TestJournal("cell-101", .page)
            let (wake, roll, meal) = (
                Self.id("wake-up", "06:30"), Self.id("roll-call", "08:00"), Self.id("meal", "11:30")
            )
            // Of an older terminal, of a later one, and of none of ours: all stand in the record.
            let strange = [[0xff, 0], Array("step=unheard-of\nroutine=news".utf8)]
            let payloads =
                [
                    Self.entry(wake, .began(lateMs: 0, offsetMs: 0)),
                    PlayEntry(.listening, wake, zone: Self.ward).payload, Self.proof(wake, .heard, "-0.4"),
                    Self.entry(wake, .played), Self.entry(roll, .began(lateMs: 0, offsetMs: 0)),
                    Self.proof(roll, .notHeard, "-31.5"), Self.proof(roll, .unsure, "-3"),
                    Self.entry(roll, .played), Self.entry(meal, .began(lateMs: 0, offsetMs: 0)),
                    Self.entry(meal, .cut(.yielded, atMs: 5)), Self.entry(Self.id("old", "09:00"), .played),
                    PlayEntry(
                        .skippedSpan, zone: Self.ward,
                        [("fromMs", "1799992000000"), ("toMs", "1799994000000"), ("why", "notRunning")]
                    ).payload,
                ] + strange
            let events = TestRecording.events(payloads, of: cell, &journal)
            #expect(try await cell.send(events).status == 200)
            #expect(try await cell.send(events).status == 200, "a repeat is one")

            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("lead")
            let answer = try await browser.ask(.GET, "/api/day?zone=ward-1&day=2027-01-15")
            guard case .list(let strips) = answer["strips"], case .object(let strip)? = strips.first,
                case .list(let units)? = strip["units"], case .list(let terminals)? = strip["terminals"],
                case .object(let own)? = terminals.first(where: { one in
                    if case .object(let place) = one { place["id"] == .text("cell-101") } else { false }
                })
            else {
                Issue.record("\(answer.body)")
                return
            }
            #expect(answer["day"] == .text("2027-01-15") && strips.count == 1 && units.count == 7)
            let states = ["heard", "notHeard", "cut", "skipped", "planned", "planned", "played"]
            #expect(own["states"] == .list(states.map { .text($0) }), "\(answer.body)")
            #expect(answer.body.contains("-31.5") && answer.body.contains("a call, a page or an alarm"))
            let csv = try await browser.ask(.GET, "/api/day.csv?day=2027-01-15")
            #expect(csv.body.contains("未听到 not heard") && csv.body.contains("被截断 cut"))
            #expect(try await browser.ask(.GET, "/api/day?day=2027-02-30").status == 400)
            let before = try await browser.ask(.GET, "/api/day?day=2026-01-14")
            #expect(!before.body.contains("notHeard") && before.body.contains("untold"))
            _ = try await browser.signIn("wang")
            #expect(!(try await browser.ask(.GET, "/api/day").body.contains("cell-101")), "another ward's")
            #expect(try await browser.ask(.GET, "/api/day?zone=ward-1").status == 404)
            try await browser.close()
            try await cell.close()
        }
    }

    @Test func preview_isWhatWillPlay_andNamesWhatTheLibraryLacks() async throws {
        try await TestHub.run { hub in
            try await hub.account("lead", .supervisor)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("lead")
            let empty = try await browser.ask(.GET, "/api/day/preview?zone=ward-1")
            #expect(empty.status == 200 && empty["days"] == .list([]) && empty["name"] == .null)
            try await hub.parts.bundles.publish(.timetable, try Self.plan(), terminal: nil, atMs: 1)
            let answer = try await browser.ask(.GET, "/api/day/preview?zone=ward-1")
            guard case .list(let days) = answer["days"], case .object(let first)? = days.first,
                case .list(let units)? = first["units"], case .object(let unit)? = units.first
            else {
                Issue.record("\(answer.body)")
                return
            }
            #expect(days.count == 7 && first["kind"] != nil && units.count == 6)
            #expect(unit["at"] == .text("06:30") && unit["isLacking"] == .bool(true))
            #expect(unit["seconds"] == .int(60) && unit["title"] == .text("WAKE-UP"))
            try await browser.close()
        }
    }

    @Test func timetable_isCheckedShownAndPublished_asPeopleWriteIt() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            try await hub.account("wang", .officer)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("li")
            #expect(try await browser.ask(.GET, "/api/timetable")["yaml"] == .null)
            try await hub.parts.bundles.publish(.timetable, try Self.plan(), terminal: nil, atMs: 1)
            let text = """
                timetable: "New"
                time-zone: Asia/Shanghai
                routines:
                  - {id: count, title: "Count", at: 07:00, days: [all], unit: count, lasts: 60s}

                """
            let asked = { (text: String) -> JSONValue in
                .object(["text": .text(text), "zone": .text("ward-1")])
            }
            let wrong = try await browser.ask(
                .POST, "/api/timetable/check", asked("timetable: x\nroutine: 1"))
            #expect(wrong.status == 200 && wrong["isGood"] == .bool(false), "\(wrong.body)")
            #expect(wrong.body.contains("timetable:2") && wrong["days"] == .list([]))
            let refused = try await browser.ask(.POST, "/api/timetable", .object(["text": .text("x: 1")]))
            #expect(refused.status == 400 && refused.body.contains("badTimetable"))
            let good = try await browser.ask(.POST, "/api/timetable/check", asked(text))
            #expect(good["isGood"] == .bool(true) && good.body.contains("\"at\":\"07:00\""), "\(good.body)")
            // Checked is not published.
            #expect(try await browser.ask(.GET, "/api/timetable")["name"] == .text("Test"))
            let made = try await browser.ask(.POST, "/api/timetable", .object(["text": .text(text)]))
            #expect(made.status == 200 && made["version"] == .int(2), "\(made.body)")
            let now = try await browser.ask(.GET, "/api/timetable")
            #expect(now["name"] == .text("New") && now.body.contains("Asia/Shanghai"))
            let cell = try TestTerminal(hub, "cell-101")
            let manifest = try await hub.parts.bundles.list(for: name("cell-101"), .cell).first
            let seal = try BundleSeal(authority: hub.parts.authority.certificateText, at: "authority")
            #expect(manifest.map { seal.holds($0) && $0.version == 2 } == true, "signed as any bundle")
            _ = try await browser.signIn("wang")
            #expect(try await browser.ask(.GET, "/api/timetable").status == 403)
            try await browser.close()
            try await cell.close()
        }
    }
}
