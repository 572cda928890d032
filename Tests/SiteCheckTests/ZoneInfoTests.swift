// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Paging
import Testing

@testable import SiteCheck

/// Every zone of this machine, each table once.
private enum Zones {
    static let all: [(name: String, offsets: ZoneOffsets)] = {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: ZoneInfo.directory)) ?? []
        var seen: Set<[ZoneOffsets.Transition]> = []
        return names.sorted().compactMap { name in
            guard !name.hasPrefix("posix/"), !name.hasPrefix("right/"),
                let offsets = ZoneInfo.offsets(name)
            else { return nil }
            return seen.insert(offsets.transitions).inserted || offsets.transitions.isEmpty
                ? (name, offsets) : nil
        }
    }()

    static let from = CivilDay(2020, 1, 1)!.localStart
    static let to = CivilDay(2038, 1, 1)!.localStart
}

struct ZoneInfoTests {
    @Test func zones_areAsFoundationHasThem_atEachTransition() throws {
        #expect(Zones.all.count > 100)
        for (name, offsets) in Zones.all {
            guard let zone = TimeZone(identifier: name) else { continue }
            for change in offsets.transitions where change.at > Zones.from && change.at < Zones.to {
                for second in [change.at - 1, change.at] {
                    let there = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
                    #expect(Int(offsets.offset(at: second)) == there, "\(name) \(second)")
                }
            }
            for month in 0..<216 {
                let second = Zones.from + Int64(month) * 2_629_800
                let there = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
                #expect(Int(offsets.offset(at: second)) == there, "\(name) \(second)")
            }
        }
    }

    @Test(arguments: ChangePolicy.allCases)
    func units_soundOnce_atEveryTransitionFrom2020To2037(policy: ChangePolicy) {
        var changes = 0
        for (name, offsets) in Zones.all {
            for change in offsets.transitions where change.at > Zones.from && change.at < Zones.to {
                changes += 1
                let local = offsets.local(change.at)
                let minutes = [-7_200, -3_600, -1_800, -1, 0, 1_800, 3_599, 3_600, 7_200].map { Int64($0) }
                inspect(offsets, minutes.map { local + $0 }, policy, "\(name) \(change.at)")
            }
        }
        #expect(changes > 1_000)
    }

    /// Each of these times of its day: once, at its own time, or as the policy says where there is none.
    private func inspect(
        _ offsets: ZoneOffsets, _ locals: [Int64], _ policy: ChangePolicy, _ place: String
    ) {
        let routines = Set(locals.map { Int32($0 - CivilDay(ofLocal: $0).localStart) }).sorted().map { at in
            Routine(
                id: RoutineID("r\(at)")!, title: "r", days: RoutineDays(weekdays: Set(Weekday.allCases)),
                at: ClockTime(seconds: at)!, unit: "r", lasts: 1, change: policy)
        }
        let timetable = Timetable(TimetablePlan(name: "x", offsets: offsets, routines: routines))
        let (from, to) = (locals[0] - 3 * 86_400, locals[0] + 3 * 86_400)
        var found: [OccurrenceID: [Occurrence]] = [:]
        for one in timetable.occurrences(ZoneID("z")!, from: from, to: to) {
            found[one.id, default: []].append(one)
        }
        for local in locals {
            let day = CivilDay(ofLocal: local)
            let at = ClockTime(seconds: Int32(local - day.localStart))!
            let id = OccurrenceID(routine: RoutineID("r\(at.seconds)")!, day: day, at: at)
            guard let one = found[id]?.first, found[id]?.count == 1 else {
                Issue.record("\(place): \(id) comes \(found[id]?.count ?? 0) times")
                continue
            }
            switch offsets.reading(of: local) {
            case .once(let second): #expect(one.start == second && !one.isLeftOut, "\(place)")
            case .twice(let first, let second):
                #expect(one.start == first && first < second && !one.isLeftOut, "\(place)")
            case .never(let gapEnd, let shifted):
                #expect(one.isLeftOut == (policy == .skip), "\(place)")
                #expect(one.start == (policy == .shift ? shifted : gapEnd), "\(place)")
                #expect(offsets.offset(at: gapEnd - 1) < offsets.offset(at: gapEnd), "\(place)")
            }
            #expect(one.isLeftOut || offsets.local(one.start) >= local, "\(place)")
        }
    }

    @Test func rules_goOn_afterTheTablesEnd() throws {
        let berlin = try #require(ZoneInfo.offsets("Europe/Berlin"))
        #expect(berlin.offset(at: CivilDay(2060, 7, 1)!.localStart) == 7_200)
        #expect(berlin.offset(at: CivilDay(2060, 12, 1)!.localStart) == 3_600)
        let shanghai = try #require(ZoneInfo.offsets("Asia/Shanghai"))
        #expect(shanghai.transitions.isEmpty && shanghai.first == 28_800)
    }

    @Test func names_andFiles_areRefused_whenTheyAreNone() throws {
        for name in ["../../etc/passwd", "/etc/passwd", "", "Asia", "Asia/", ".", "Nowhere/City", "zone.tab"]
        {
            #expect(ZoneInfo.offsets(name) == nil, "\(name)")
        }
        let bytes = [UInt8](
            try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Berlin")))
        for length in 0..<bytes.count {
            #expect(ZoneInfo.parse(Array(bytes.prefix(length)), name: "x") == nil)
        }
        for place in bytes.indices {
            var broken = bytes
            broken[place] ^= 0xff
            _ = ZoneInfo.parse(broken, name: "x")
        }
    }
}
