// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Testing
import Workbench

private let cell = TestSite.cell(1)
private let closedAt = Uptime(nanoseconds: 5_000_000_000)

private func press(_ before: BenchPress.Before, owed: BenchPress.Owed?) -> BenchPress {
    var press = BenchPress(cell: cell, line: TestSite.button, before: before, closedAt: closedAt)
    press.openedAt = closedAt.advanced(ms: 60)
    press.owed = owed
    return press
}

private func alarm(_ sequence: UInt64, at raised: Uptime) -> StandingAlarm {
    let record = AlarmRecord(
        id: EventID(terminal: cell, stream: .alarm, run: 1, sequence: sequence),
        point: AlarmPoint(terminal: cell, name: TestSite.button), alarmClass: .emergency, cause: .press,
        raised: Moment(uptime: raised, wallMs: 0, uncertaintyMs: Limits.wallUnknownMs))
    return StandingAlarm(record: record, ageMs: 0, custodian: cell, isCellLost: false)
}

private func list(_ alarms: StandingAlarm...) -> [EventID: StandingAlarm] {
    Dictionary(uniqueKeysWithValues: alarms.map { ($0.record.id, $0) })
}

private let own = alarm(1, at: closedAt)
private let older = alarm(2, at: closedAt.advanced(ms: -4_000))

/// Lost and doubled after one round.
private func judged(
    _ press: BenchPress, before: [EventID: StandingAlarm] = [:], after: [EventID: StandingAlarm],
    mayEnd: Set<EventID> = []
) -> [Int] {
    var ledger = KillLedger()
    ledger.judge([press], before: before, after: after, mayEnd: mayEnd)
    return [ledger.lost, ledger.doubled]
}

@Test func press_isLost_whenItWasOwedAndNothingStands() {
    #expect(judged(press(.nothing, owed: .lamp), after: list(own)) == [0, 0])
    #expect(judged(press(.nothing, owed: .lamp), after: [:]) == [1, 0])
    #expect(judged(press(.nothing, owed: nil), after: [:]) == [0, 0])
    #expect(judged(press(.attended, owed: .held), before: list(older), after: list(older)) == [1, 0])
}

@Test func press_isDoubled_whenTwoAlarmsStandForIt() {
    let second = alarm(3, at: closedAt.advanced(ms: 5))
    #expect(judged(press(.nothing, owed: .seen), after: list(own, second)) == [0, 1])
    #expect(judged(press(.unattended, owed: .seen), before: list(older), after: list(older, own)) == [0, 1])
    #expect(judged(press(.unattended, owed: .seen), before: list(older), after: list(older)) == [0, 0])
}

@Test func alarm_isLostOrInvented_whenNobodyClearedOrPressedIt() {
    #expect(judged(press(.nothing, owed: nil), before: list(older), after: [:]) == [1, 0])
    #expect(
        judged(press(.nothing, owed: nil), before: list(older), after: [:], mayEnd: [older.record.id]) == [
            0, 0,
        ])
    #expect(judged(press(.nothing, owed: nil), after: list(older)) == [0, 1])
}

@Test func alarm_ofAShortPress_mayAppearAfterItsRound() {
    var ledger = KillLedger()
    ledger.judge([press(.nothing, owed: nil)], before: [:], after: [:], mayEnd: [])
    ledger.judge([], before: [:], after: list(own), mayEnd: [])
    #expect([ledger.lost, ledger.doubled] == [0, 0])
}

@Test func journals_areComparedWithTheLists_whenAllIsOver() {
    var ledger = KillLedger()
    ledger.judge([press(.nothing, owed: .seen)], before: [:], after: list(own), mayEnd: [])
    var forgotten = ledger
    var doubled = ledger
    ledger.audit([own.record.id: own.record], standing: list(own))
    #expect([ledger.lost, ledger.doubled] == [0, 0])
    forgotten.audit([own.record.id: own.record], standing: [:])
    #expect([forgotten.lost, forgotten.doubled] == [1, 0])
    var second = alarm(3, at: closedAt.advanced(ms: 5)).record
    second.cleared = Deed(afterMs: 1, terminal: cell, officer: nil, ground: .officer)
    doubled.audit([own.record.id: own.record, second.id: second], standing: list(own))
    #expect([doubled.lost, doubled.doubled] == [0, 1])
}
