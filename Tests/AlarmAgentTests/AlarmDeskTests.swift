// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import TestBoard
import Testing

private let point = AlarmPoint(terminal: .cell, name: .named("configuration"))
private let now = Moment(uptime: .ms(60_000), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs)

private func desk(run: UInt64) -> AlarmDesk {
    AlarmDesk(terminal: .cell, run: run, ladderMs: Limits.ladderDefaultMs)
}

@Suite struct AlarmDeskTests {
    @Test func momentaryTrouble_standsOnce_whenEveryRunNoticesItAnew() throws {
        var last: AlarmRecord?
        for run in UInt64(1)...50 {
            var desk = desk(run: run)
            let news = desk.trouble(.crashLoop, at: point, now: now)
            let noticed = try #require(news)
            let over = last.map { desk.restore($0, ageMs: 1_000, now: now.uptime) } ?? []
            #expect(over.allSatisfy { $0.record.cleared?.ground == .folded && $0.change == .cleared })
            #expect(over.count == (last == nil ? 0 : 1))
            #expect(Array(desk.machines.keys) == [noticed.record.id])
            last = noticed.record
        }
    }

    @Test func momentaryTrouble_isCounted_whenTheOlderOneIsKnownFirst() throws {
        var first = desk(run: 1)
        let news = first.trouble(.crashLoop, at: point, now: now)
        let old = try #require(news).record
        var second = desk(run: 2)
        _ = second.restore(old, ageMs: 2_000, now: now.uptime)
        let repeated = second.trouble(.crashLoop, at: point, now: now)
        let again = try #require(repeated)
        #expect(again.record.id == old.id)
        #expect(again.record.presses == 2)
        #expect(second.machines.count == 1)
    }

    @Test func momentaryTrouble_staysBesideAnother_whenItsPointIsAnotherOne() throws {
        var first = desk(run: 1)
        let other = AlarmPoint(terminal: .cell, name: .named("button"))
        let news = first.trouble(.edgesLost, at: other, now: now)
        let old = try #require(news).record
        var second = desk(run: 2)
        _ = second.trouble(.edgesLost, at: point, now: now)
        #expect(second.restore(old, ageMs: 2_000, now: now.uptime).first?.record.isOpen == true)
        #expect(second.machines.count == 2)
    }
}
