// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct TimetableTests {
    private func starts(_ routine: Routine, _ day: String) -> [Int64] {
        let start = CivilDay(day)!.localStart
        return Timetable(Samples.plan([routine], offsets: Samples.berlin))
            .occurrences(Samples.ward, from: start - 3_600, to: start + 82_800)
            .filter { !$0.isLeftOut }.map(\.start)
    }

    @Test(arguments: ChangePolicy.allCases)
    func unit_isPlayedByItsPolicy_whenTheClocksGoForward(policy: ChangePolicy) {
        let found = starts(Samples.routine("a", "02:30", change: policy), "2026-03-29")
        switch policy {
        case .skip: #expect(found == [])
        case .shift: #expect(found == [1_774_747_800], "03:30 by the clock")
        case .once: #expect(found == [1_774_746_000], "03:00 by the clock")
        }
    }

    @Test(arguments: ChangePolicy.allCases)
    func unit_isPlayedOnce_whenTheClocksGoBack(policy: ChangePolicy) {
        #expect(starts(Samples.routine("a", "02:30", change: policy), "2026-10-25") == [1_792_888_200])
    }

    @Test func leapDay_isADay_whenItComes() {
        let day = CivilDay(2028, 2, 29)!
        var routine = Samples.routine("a", "12:00")
        routine.days = RoutineDays(on: [day])
        let found = Timetable(Samples.plan([routine]))
            .occurrences(Samples.ward, from: 1_800_000_000, to: 1_900_000_000)
        #expect(found.map(\.id.day) == [day])
    }

    @Test func sounding_isTheMostUrgent_thenTheLatest() {
        let timetable = Timetable(
            Samples.plan([
                Samples.routine("music", "14:00", lasts: 7_200, rank: .background),
                Samples.routine("call", "14:30", lasts: 600), Samples.routine("bell", "14:35", lasts: 10),
            ]))
        func at(_ time: String) -> String {
            let now = Samples.wallMs(Samples.monday, time) / 1_000
            return timetable.sounding(Samples.ward, at: now).map { "\($0.occurrence.unit) \($0.offset)" }
                ?? "-"
        }
        #expect(at("13:59:59") == "-" && at("14:00") == "music 0" && at("14:29:59") == "music 1799")
        #expect(at("14:30") == "call 0" && at("14:35:05") == "bell 5" && at("14:36") == "call 360")
        #expect(at("15:00") == "music 3600" && at("16:00") == "-")
    }

    @Test func ends_cutAcrossMidnight_whenTheyLieBeforeTheStart() {
        let timetable = Timetable(
            Samples.plan([Samples.routine("night", "23:50", lasts: 3_600, ends: "00:10")]))
        let start = Samples.wallMs(Samples.monday, "23:50") / 1_000
        let found = timetable.occurrences(Samples.ward, from: start, to: start + 1)
        #expect(found.map { $0.end - $0.start } == [1_200])
    }

    @Test func zones_hearTheirOwn_andWhatIsForAll() {
        var mine = Samples.routine("mine", "08:00")
        mine.zones = [Samples.ward]
        var other = Samples.routine("other", "08:01")
        other.zones = [ZoneID("ward-2")!]
        let found = Timetable(Samples.plan([mine, other, Samples.routine("all", "08:02")])).occurrences(
            Samples.ward, from: Samples.monday.localStart, to: Samples.monday.localStart + 86_400)
        #expect(found.map(\.unit) == ["mine", "all"])
    }

    @Test func windows_makeUpTheWhole_howeverTheyAreCut() {
        let plan = Samples.plan(
            (0..<24).map { Samples.routine("h\($0)", "\($0):30") }, offsets: Samples.berlin)
        let timetable = Timetable(plan)
        let from = CivilDay(2026, 3, 27)!.localStart
        let whole = timetable.occurrences(Samples.ward, from: from, to: from + 5 * 86_400)
        var dice = Dice(3)
        var (parts, place): ([Occurrence], Int64) = ([], from)
        while place < from + 5 * 86_400 {
            let next = min(place + Int64.random(in: 1...5_000, using: &dice), from + 5 * 86_400)
            parts += timetable.occurrences(Samples.ward, from: place, to: next)
            place = next
        }
        #expect(parts == whole && whole.count == 121)
    }
}
