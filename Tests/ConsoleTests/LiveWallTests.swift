// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct LiveWallTests {
    var wall = LiveWall(book: makeBook(zones: 2), version: 1)

    private func terminal(_ id: TerminalID, _ now: Moment) -> TerminalView? {
        wall.view(now: now).zones.flatMap(\.terminals).first { $0.id == id.text }
    }

    // MARK: Proofs

    @Test mutating func terminal_isLateThenLost_whenItFallsSilent() {
        #expect(terminal(cell1, at(0))?.proof == .never)
        #expect(wall.heard(cell1, now: at(0))?.proof == .alive)
        #expect(wall.elapsed(now: at(Limits.proofLateMs - 1)).isEmpty)
        #expect(wall.elapsed(now: at(Limits.proofLateMs)).map(\.proof) == [.late])
        #expect(terminal(cell1, at(5_000))?.proofAgeMs == 5_000)
        let lost = wall.elapsed(now: at(Limits.peerLostMs))
        #expect(lost == [ProofChange(terminal: cell1, proof: .lost, lastHeardAtMs: beginMs)])
        #expect(wall.heard(cell1, now: at(9_000))?.lastHeardAtMs == beginMs)
        #expect(terminal(cell1, at(9_000))?.proof == .alive)
    }

    @Test mutating func proof_doesNotAgeWithTheClock_whenThatSteps() {
        _ = wall.heard(cell1, now: at(0))
        var stepped = at(1_000)
        stepped.wallMs += 86_400_000
        #expect(wall.elapsed(now: stepped).isEmpty)
        #expect(terminal(cell1, stepped)?.proofAgeMs == 1_000)
    }

    @Test mutating func heartbeats_areNoNews_whileTheyGoOn() {
        _ = wall.heard(cell1, now: at(0))
        let version = wall.version
        for second in 1...60 { _ = wall.heard(cell1, now: at(second * 1_000)) }
        #expect(wall.version == version)
        #expect(wall.proofAges(now: at(60_300))[cell1.text] == 300)
    }

    // MARK: Alarms

    @Test mutating func alarm_standsOnTheWall_untilItIsCleared() throws {
        #expect(wall.alarm(makeAlarm(1), ageMs: 0, isHistory: false, now: at(0)) == .listed)
        #expect(terminal(cell1, at(0))?.alarmClass == "emergency")
        #expect(wall.view(now: at(100)).alarms.map(\.sounding) == [true])
        let version = wall.version
        let cleared = makeAlarm(1) {
            $0.attended = makeDeed(50)
            $0.cleared = makeDeed(60)
            $0.revision = 9
        }
        #expect(wall.alarm(cleared, ageMs: 60, isHistory: false, now: at(60)) == .ended)
        #expect(wall.view(now: at(60)).alarms.isEmpty && terminal(cell1, at(60))?.alarm == nil)
        let changes = try #require(wall.changes(after: version, now: at(60)))
        #expect(changes.alarms.map(\.phase) == ["cleared"] && changes.alarms[0].ageMs == 60)
        #expect(changes.terminals.map(\.id) == [cell1.text])
    }

    @Test mutating func lateOlderRecord_bringsNothingBack_afterTheClear() {
        _ = wall.alarm(makeAlarm(1), ageMs: 0, isHistory: false, now: at(0))
        _ = wall.alarm(makeAlarm(1) { $0.cleared = makeDeed(60) }, ageMs: 60, isHistory: false, now: at(60))
        #expect(wall.alarm(makeAlarm(1), ageMs: 70, isHistory: false, now: at(70)) == .known)
        #expect(wall.view(now: at(70)).alarms.isEmpty)
    }

    @Test mutating func order_isByClassThenAge_onTheWall() {
        _ = wall.alarm(makeAlarm(1, .trouble), ageMs: 9_000, isHistory: false, now: at(0))
        _ = wall.alarm(makeAlarm(2, .cellCall), ageMs: 50, isHistory: false, now: at(0))
        _ = wall.alarm(makeAlarm(3), ageMs: 10, isHistory: false, now: at(0))
        _ = wall.alarm(makeAlarm(4), ageMs: 20, isHistory: false, now: at(0))
        #expect(wall.view(now: at(0)).alarms.map { $0.id.last } == ["4", "3", "2", "1"])
        #expect(terminal(cell1, at(0))?.alarm?.last == "4")
        #expect(terminal(cell1, at(0))?.faults.map(\.cause) == ["wireCut"])
    }

    @Test mutating func eightHoursOfHistory_soundNothing_whenTheyArrive() {
        for number in 1...500 {
            let age = number * 57_600
            let alarm = makeAlarm(UInt64(number), raisedAtMs: beginMs - Int64(age))
            _ = wall.alarm(alarm, ageMs: age, isHistory: true, now: at(0))
            _ = wall.elapsed(now: at(number))
            #expect(wall.sounding(now: at(number)) == nil)
        }
        let view = wall.view(now: at(500))
        #expect(view.alarms.count == 500 && !view.alarms.contains { $0.sounding || !$0.history })
        #expect(wall.flood(now: at(500)).rate10min == 0)
    }

    @Test mutating func history_becomesLive_whenTheAlarmGoesOn() {
        _ = wall.alarm(makeAlarm(1), ageMs: 60_000, isHistory: true, now: at(0))
        #expect(wall.sounding(now: at(0)) == nil)
        let escalated = makeAlarm(1) { $0.escalation = 2 }
        _ = wall.alarm(escalated, ageMs: 61_000, isHistory: false, now: at(1_000))
        #expect(wall.sounding(now: at(1_000)) == .emergency)
        _ = wall.alarm(makeAlarm(1), ageMs: 62_000, isHistory: true, now: at(2_000))
        #expect(wall.sounding(now: at(2_000)) == .emergency, "a late repeat makes nothing history again")
    }

    @Test mutating func pause_endsByItself_andIsTold() throws {
        _ = wall.alarm(
            makeAlarm(1) { $0.silenced = makeDeed(0) }, ageMs: 0, isHistory: false, now: at(0))
        _ = wall.elapsed(now: at(0))
        let version = wall.version
        #expect(wall.view(now: at(30_000)).alarms.map(\.quietForMs) == [90_000])
        _ = wall.elapsed(now: at(Limits.silenceMaxMs - 1))
        #expect(try #require(wall.changes(after: version, now: at(0))).isEmpty)
        _ = wall.elapsed(now: at(Limits.silenceMaxMs))
        let changes = try #require(wall.changes(after: version, now: at(Limits.silenceMaxMs)))
        #expect(changes.alarms.map(\.sounding) == [true])
    }

    @Test mutating func alarm_isCellLost_whileItsTerminalIs() {
        _ = wall.heard(cell1, now: at(0))
        _ = wall.alarm(makeAlarm(1), ageMs: 0, isHistory: false, now: at(0))
        _ = wall.elapsed(now: at(Limits.peerLostMs))
        #expect(wall.view(now: at(8_000)).alarms.map(\.cellLost) == [true])
        #expect(wall.sounding(now: at(8_000)) == .emergency)
        _ = wall.heard(cell1, now: at(9_000))
        #expect(wall.view(now: at(9_000)).alarms.map(\.cellLost) == [false])
    }

    // MARK: Areas, shelves, healing

    @Test mutating func areas_showNothingElse_anywhere() throws {
        let other = TerminalID.named("cell-2001")
        let version = wall.version
        _ = wall.alarm(makeAlarm(1, at: other), ageMs: 0, isHistory: false, now: at(0))
        let mine: Set = [ward1]
        #expect(wall.view(areas: mine, now: at(0)).zones.map(\.id) == ["ward-1"])
        #expect(wall.view(areas: mine, now: at(0)).alarms.isEmpty)
        #expect(try #require(wall.changes(after: version, areas: mine, now: at(0))).isEmpty)
        #expect(wall.flood(areas: mine, now: at(0)).lines.isEmpty)
        #expect(wall.sounding(areas: mine, now: at(0)) == nil && wall.sounding(now: at(0)) == .emergency)
        _ = wall.alarm(
            makeAlarm(1, at: other) { $0.cleared = makeDeed(9) }, ageMs: 9, isHistory: false, now: at(9))
        #expect(try #require(wall.changes(after: version, areas: mine, now: at(9))).isEmpty)
    }

    @Test mutating func shelved_isQuietButListed_untilItsTime() throws {
        _ = wall.alarm(makeAlarm(1, .cellCall), ageMs: 0, isHistory: false, now: at(0))
        let key = FloodKey(.cellCall, nil, ward1)
        _ = try wall.shelve(key, minutes: 1, reason: "演练", by: .named("P2"), now: at(0))
        let view = wall.view(now: at(59_999))
        #expect(view.alarms.map(\.sounding) == [false])
        #expect(view.alarms.map(\.shelvedUntil) == [beginMs + 60_000])
        _ = wall.elapsed(now: at(60_000))
        #expect(wall.view(now: at(60_000)).alarms.map(\.sounding) == [true])
    }

    @Test mutating func changes_areTheWholeWall_whenTheClientIsOfAnotherRun() {
        #expect(wall.changes(after: 0, now: at(0)) != nil)
        #expect(wall.changes(after: -1, now: at(0)) == nil)
        #expect(wall.changes(after: wall.version + 1, now: at(0)) == nil)
    }

    @Test mutating func changes_areTheWholeWall_whenAnEndIsForgotten() {
        let version = wall.version
        for number in 1...UInt64(Limits.wallEndedCount + 1) {
            _ = wall.alarm(makeAlarm(number), ageMs: 0, isHistory: false, now: at(0))
            _ = wall.alarm(
                makeAlarm(number) { $0.cleared = makeDeed(1) }, ageMs: 1, isHistory: false, now: at(1))
        }
        #expect(wall.changes(after: version, now: at(1)) == nil)
        #expect(wall.changes(after: wall.version - 10, now: at(1)) != nil)
    }

    /// A client that applies changes, misses some and heals, shows what the wall shows.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func client_showsTheWall_whateverItMissed(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var wall = LiveWall(book: makeBook(zones: 2), version: 1)
        var shown: [String: AlarmView] = [:]
        var terminals: [String: TerminalView] = [:]
        var version: Int64 = 0
        var records: [AlarmRecord] = []
        for step in 0..<600 {
            let now = at(step * 700)
            switch dice.below(6) {
            case 0: records.append(makeAlarm(UInt64(step), dice.pick(AlarmClass.allCases)).record)
            case 1: _ = wall.heard(dice.pick([cell1, cell2]), now: now)
            case 2: wall.use(dice.pick(Use.allCases), of: dice.pick([cell1, cell2]))
            case 3 where !records.isEmpty:
                records[dice.below(records.count)].acknowledged = makeDeed(step)
            case 4 where !records.isEmpty: records[dice.below(records.count)].cleared = makeDeed(step)
            default: break
            }
            if !records.isEmpty {
                let record = dice.pick(records)
                _ = wall.alarm(
                    DatedAlarm(record, raisedAtMs: beginMs), ageMs: step * 700, isHistory: dice.chance(20),
                    now: now)
            }
            _ = wall.elapsed(now: now)
            guard dice.chance(20) else { continue }
            let changes = try #require(wall.changes(after: version, now: now))
            for alarm in changes.alarms { shown[alarm.id] = alarm.phase == "cleared" ? nil : alarm }
            for terminal in changes.terminals { terminals[terminal.id] = terminal }
            version = changes.version
            let view = wall.view(now: now)
            #expect(Set(shown.keys) == Set(view.alarms.map(\.id)))
            for alarm in view.alarms {
                #expect(shown[alarm.id]?.phase == alarm.phase && shown[alarm.id]?.sounding == alarm.sounding)
            }
            for terminal in view.zones.flatMap(\.terminals) {
                let known = terminals[terminal.id]
                #expect(known?.proof == terminal.proof && known?.use == terminal.use)
                #expect(known?.alarm == terminal.alarm && known?.faults == terminal.faults)
            }
        }
    }

    @Test func troubles_giveWay_andClientsStartAnew_whenTheListIsFull() {
        var wall = LiveWall(book: makeBook(), version: 1)
        for number in 1...UInt64(Limits.wallAlarmsMaxCount) {
            _ = wall.alarm(makeAlarm(number, .trouble), ageMs: 0, isHistory: false, now: at(0))
        }
        let version = wall.version
        let last = UInt64(Limits.wallAlarmsMaxCount) + 1
        #expect(wall.alarm(makeAlarm(last), ageMs: 0, isHistory: false, now: at(0)) == .listed)
        #expect(wall.changes(after: version, now: at(0)) == nil)
        #expect(wall.view(now: at(0)).alarms.count == Limits.wallAlarmsMaxCount)
    }
}
