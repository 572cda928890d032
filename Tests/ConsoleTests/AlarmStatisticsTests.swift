// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct AlarmStatisticsTests {
    private func november(_ alarms: [DatedAlarm]) throws -> AlarmStatistics {
        AlarmStatistics(of: try #require(LocalMonth("2026-11")), alarms: alarms, time: .china)
    }

    /// Five calls: attended after 60 s, 300 s and 300.001 s, one by nobody, one cell call settled by speech.
    @Test func figures_areThoseOfTheHand_forFiveCalls() throws {
        let minute: Int64 = 60_000
        let statistics = try november([
            makeAlarm(1) { $0.attended = makeDeed(60_000) },
            makeAlarm(2, raisedAtMs: beginMs + minute) { $0.attended = makeDeed(300_000) },
            makeAlarm(3, .cellCall, raisedAtMs: beginMs + 1_440 * minute) { $0.attended = makeDeed(300_001) },
            makeAlarm(4, .officerDuress),
            makeAlarm(5, .cellCall) { $0.cleared = makeDeed(9_000, ground: .speech) },
            makeAlarm(6, .trouble) { $0.cleared = makeDeed(9_000) },
            makeAlarm(7) { $0.cleared = makeDeed(9_000, ground: .folded) },
        ])
        #expect(statistics.alarms == 5 && statistics.attended == 3 && statistics.settledBySpeech == 1)
        #expect(statistics.p50Ms == 300_000 && statistics.p95Ms == 300_001)
        #expect(statistics.within300s == 0.5)
        #expect(statistics.byDay.map(\.day) == ["2026-11-22", "2026-11-23"])
        #expect(statistics.byDay.map(\.alarms) == [4, 1])
        #expect(statistics.byDay[1].within300s == 0 && statistics.byDay[1].p50Ms == 300_001)
        #expect(statistics.byClass.map(\.alarmClass) == ["officerDuress", "emergency", "cellCall"])
        #expect(statistics.byClass[0].p50Ms == nil && statistics.byClass[0].within300s == 0)
        #expect(
            statistics.csv.split(separator: "\r\n").last == "2026-11,5,3,1,300000,300001,0.5000")
    }

    @Test func month_isTheFacilitysOwn_atItsEdges() throws {
        let first = LocalTime.china.span(of: try #require(LocalMonth("2026-11")))
        let edges = [first.lowerBound - 1, first.lowerBound, first.upperBound - 1, first.upperBound]
        let statistics = try november(
            edges.enumerated().map { makeAlarm(UInt64($0.offset), raisedAtMs: $0.element) })
        #expect(statistics.alarms == 2)
        #expect(statistics.byDay.map(\.day) == ["2026-11-01", "2026-11-30"])
    }

    @Test func nothing_hasNoFigures_inAQuietMonth() throws {
        let quiet = try november([])
        #expect(quiet.alarms == 0 && quiet.p50Ms == nil && quiet.within300s == nil && quiet.byDay.isEmpty)
        #expect(try json(quiet).contains(#""within300s":null"#))
    }

    /// A7: a thousand seeded alarms, and the same figures computed a plainer way.
    @Test(arguments: [1, 2, 3] as [UInt64]) func figures_equalAPlainComputation_forAThousandAlarms(
        seed: UInt64
    ) throws {
        var dice = SeededGenerator(seed: seed)
        var plain = Plain()
        var alarms: [DatedAlarm] = []
        for number in 0..<1_000 {
            let alarmClass = dice.pick([AlarmClass.cellCall, .emergency, .emergency, .officerDuress])
            let day = dice.below(30)
            // Any time of that day in China; the month begins at 16:00 UTC of 31 October.
            let raisedAt = 1_793_462_400_000 + Int64(day) * 86_400_000 + Int64(dice.below(86_400_000))
            let attendedMs = dice.chance(90) ? dice.below(400_000) : nil
            let isSpoken = alarmClass == .cellCall && attendedMs == nil && dice.chance(50)
            plain.add(day: day + 1, alarmClass, attendedMs, isSpoken: isSpoken)
            alarms.append(
                makeAlarm(UInt64(number), alarmClass, raisedAtMs: raisedAt) { record in
                    record.attended = attendedMs.map { makeDeed($0) }
                    if isSpoken { record.cleared = makeDeed(5_000, ground: .speech) }
                })
        }
        let statistics = try november(alarms)
        #expect(statistics.alarms == 1_000 && statistics.attended == plain.all.times.count)
        #expect(statistics.p50Ms == plain.all.percentile(0.50))
        #expect(statistics.p95Ms == plain.all.percentile(0.95))
        #expect(statistics.within300s == plain.all.within)
        for day in statistics.byDay {
            let expected = try #require(plain.days[Int(day.day.suffix(2)) ?? 0])
            #expect(day.p50Ms == expected.percentile(0.50) && day.p95Ms == expected.percentile(0.95))
            #expect(day.within300s == expected.within && day.alarms == expected.calls)
        }
        #expect(statistics.byDay.count == plain.days.count)
        for line in statistics.byClass {
            let expected = try #require(plain.classes[line.alarmClass])
            #expect(line.p95Ms == expected.percentile(0.95) && line.within300s == expected.within)
        }
    }
}

/// The same figures, counted up one by one, percentiles by walking up the sorted list.
private struct Plain {
    struct Heap {
        var calls = 0
        var should = 0
        var inTime = 0
        var times: [Int] = []

        /// The first value at or below which lie at least this part of all.
        func percentile(_ part: Double) -> Int? {
            times.sorted().first { value in
                Double(times.count { $0 <= value }) + 1e-9 >= part * Double(times.count)
            }
        }

        var within: Double? {
            should == 0 ? nil : (Double(inTime) / Double(should) * 10_000 + 1e-9).rounded(.down) / 10_000
        }
    }
    var all = Heap()
    var days: [Int: Heap] = [:]
    var classes: [String: Heap] = [:]

    mutating func add(day: Int, _ alarmClass: AlarmClass, _ attendedMs: Int?, isSpoken: Bool) {
        func grow(_ heap: inout Heap) {
            heap.calls += 1
            if !isSpoken { heap.should += 1 }
            if let attendedMs {
                heap.times.append(attendedMs)
                if attendedMs <= 300_000 { heap.inTime += 1 }
            }
        }
        grow(&all)
        grow(&days[day, default: Heap()])
        grow(&classes["\(alarmClass)", default: Heap()])
    }
}
