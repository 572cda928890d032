// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

/// What an input led to.
enum Outcome: Hashable, Sendable {
    case change(AlarmChange)
    case refusal(AlarmRefusal)
    case nothing

    static func of(_ body: () throws(AlarmRefusal) -> AlarmChange) -> Outcome {
        do { return .change(try body()) } catch { return .refusal(error) }
    }
}

/// A kind of alarm whose rows of the table differ.
enum Kind: CaseIterable, Sendable {
    case duress, emergency, cellCall, spokenCall, standingTrouble, passingTrouble

    var record: AlarmRecord {
        switch self {
        case .duress: makeRecord(.officerDuress)
        case .emergency: makeRecord(.emergency)
        case .cellCall, .spokenCall: makeRecord(.cellCall)
        case .standingTrouble: makeRecord(.trouble, cause: .wireCut)
        case .passingTrouble: makeRecord(.trouble, cause: .edgesLost)
        }
    }

    /// An alarm that was brought into `phase`; nil where it cannot be.
    func machine(in phase: AlarmPhase) -> AlarmMachine? {
        var record = self.record
        let isTrouble = record.alarmClass == .trouble
        if self == .spokenCall { record.spokenMs = UInt32(Limits.spokenMinMs) }
        if phase >= .annunciated { record.annunciated = makeDeed(10, ground: .automatic) }
        if phase >= .acknowledged { (record.acknowledged, record.silenced) = (makeDeed(900), makeDeed(900)) }
        if phase >= .attended, !isTrouble { record.attended = makeDeed(950, .cell, ground: .line) }
        if phase == .attended, isTrouble { return nil }
        if phase == .cleared { record.cleared = makeDeed(980) }
        return AlarmMachine(taking: record, ageMs: 1_000, now: .ms(1_000), ladderMs: Limits.ladderDefaultMs)
    }
}

/// One cell of the machine's table.
struct Cell: Sendable, CustomTestStringConvertible {
    let kind: Kind
    let phase: AlarmPhase
    let action: OfficerAction
    let outcome: Outcome

    var testDescription: String { "\(kind), \(phase): \(action) → \(outcome)" }

    private static func row(
        _ kind: Kind, _ phases: [AlarmPhase], _ acknowledge: Outcome, _ silence: Outcome, _ attend: Outcome,
        _ clear: Outcome
    ) -> [Cell] {
        phases.flatMap { phase in
            zip(OfficerAction.allCases, [acknowledge, silence, attend, clear]).map {
                Cell(kind: kind, phase: phase, action: $0, outcome: $1)
            }
        }
    }

    private static func rows(_ kind: Kind, attend: Outcome, clear: Outcome) -> [Cell] {
        let over = Outcome.refusal(.alreadyCleared)
        let there = Outcome.refusal(.alreadyAttended)
        let canBeAttended = attend == .change(.attended)
        return row(kind, [.raised, .annunciated], .change(.acknowledged), .change(.silenced), attend, clear)
            + row(
                kind, [.acknowledged], .refusal(.alreadyAcknowledged), .refusal(.alreadySilenced), attend,
                clear)
            + (canBeAttended ? row(kind, [.attended], there, there, there, .change(.cleared)) : [])
            + row(kind, [.cleared], over, over, over, over)
    }

    static let all: [Cell] =
        rows(.duress, attend: .change(.attended), clear: .refusal(.notAttended))
        + rows(.emergency, attend: .change(.attended), clear: .refusal(.notAttended))
        + rows(.cellCall, attend: .change(.attended), clear: .refusal(.notSpokenNorAttended))
        + rows(.spokenCall, attend: .change(.attended), clear: .change(.cleared))
        + rows(.standingTrouble, attend: .refusal(.nobodyCalls), clear: .refusal(.conditionStands))
        + rows(.passingTrouble, attend: .refusal(.nobodyCalls), clear: .change(.cleared))
}

struct AlarmMachineTests {
    @Test func table_isComplete_whenEveryReachablePhaseIsCounted() {
        let reachable = Kind.allCases.flatMap { kind in
            AlarmPhase.allCases.filter { kind.machine(in: $0) != nil }
        }
        #expect(Cell.all.count == reachable.count * OfficerAction.allCases.count)
    }

    @Test(arguments: Cell.all)
    func action_hasItsOutcome_whenPhaseAndClassAre(_ cell: Cell) throws {
        var machine = try #require(cell.kind.machine(in: cell.phase))
        let before = machine.record
        #expect(before.phase == cell.phase)
        let outcome = Outcome.of { () throws(AlarmRefusal) in
            try machine.perform(cell.action, source: .officer, now: .ms(1_000))
        }
        #expect(outcome == cell.outcome)
        if case .change = outcome {
            #expect(machine.record.revision == before.revision + 1)
        } else {
            #expect(machine.record == before, "a refusal changes nothing")
        }
    }

    @Test(arguments: Kind.allCases, AlarmPhase.allCases)
    func inputsOfTheTerminal_changeWhatTheyMay_whenPhaseAndClassAre(_ kind: Kind, _ phase: AlarmPhase) {
        guard let start = kind.machine(in: phase) else { return }
        let isOpen = phase != .cleared
        let isTrouble = start.record.alarmClass == .trouble
        func outcome(_ input: (inout AlarmMachine) -> AlarmChange?) -> Outcome {
            var machine = start
            guard let change = input(&machine) else { return .nothing }
            #expect(machine.record.revision == start.record.revision + 1)
            return .change(change)
        }
        func expected(_ change: AlarmChange, _ condition: Bool) -> Outcome {
            condition ? .change(change) : .nothing
        }
        let now = Uptime.ms(1_000)

        #expect(outcome { $0.press(now: now) } == expected(.pressed, isOpen))
        #expect(outcome { $0.confirm(by: .postA, now: now) } == expected(.annunciated, phase == .raised))
        #expect(
            outcome { $0.attendanceLine(at: .cell, now: now) }
                == expected(.attended, phase < .attended && !isTrouble))
        #expect(outcome { $0.speech(ms: 500, source: .officer, now: now) } == expected(.spoken, isOpen))
        #expect(outcome { $0.speech(ms: 0, source: .officer, now: now) } == .nothing)
        #expect(
            outcome { $0.conditionEnded(at: .cell, now: now) }
                == expected(.cleared, isOpen && kind == .standingTrouble))
        #expect(outcome { $0.fold(at: .cell, now: now) } == .nothing)
        if !isOpen { #expect(start.deadline == nil) }
    }

    @Test func attend_needsTheLine_whenItIsWiredAndReachable() throws {
        var machine = AlarmMachine(raising: makeRecord(attendanceWired: true), ladderMs: [])
        #expect(throws: AlarmRefusal.attendanceNeedsLine) {
            try machine.perform(.attend, source: .officer, now: .ms(5_000))
        }
        #expect(machine.record.attended == nil)
        #expect(machine.attendanceLine(at: .cell, now: .ms(6_000)) == .attended)
        #expect(machine.record.attended == makeDeed(6_000, .cell, ground: .line))
    }

    @Test func attend_isDeclared_whenTheLineIsUnwiredOrOutOfReach() throws {
        for isWired in [false, true] {
            var machine = AlarmMachine(raising: makeRecord(attendanceWired: isWired), ladderMs: [])
            _ = try machine.perform(.attend, source: .officer, lineReachable: !isWired, now: .ms(5_000))
            #expect(machine.record.attended?.ground == .declared)
        }
    }

    @Test func deeds_nameOfficerPlaceAndTime_whenDone() throws {
        var machine = AlarmMachine(raising: makeRecord(raisedMs: 500), ladderMs: [])
        _ = machine.confirm(by: .postB, now: .ms(520))
        _ = try machine.perform(.acknowledge, source: .officer, now: .ms(4_500))
        _ = try machine.perform(.attend, source: .officer, now: .ms(60_500))
        _ = try machine.perform(.clear, source: .key, now: .ms(61_500))
        let record = machine.record
        let officer = ActionSource.officer.officer
        #expect(record.annunciated == makeDeed(20, .postB, ground: .automatic))
        #expect(record.acknowledged == makeDeed(4_000, officer: officer))
        #expect(record.attended == makeDeed(60_000, officer: officer, ground: .declared))
        #expect(record.cleared == makeDeed(61_000, .postB, ground: .line))
        #expect(record.revision == 5)
    }

    @Test func confirm_keepsTheFirstPost_whenTwoConfirm() {
        var machine = AlarmMachine(raising: makeRecord(), ladderMs: [])
        #expect(machine.confirm(by: .postA, now: .ms(30)) == .annunciated)
        #expect(machine.confirm(by: .postB, now: .ms(31)) == nil)
        #expect(machine.record.annunciated?.terminal == .postA)
    }

    @Test func acknowledge_hasOneWinner_whenTwoPostsAnswerTogether() throws {
        var machine = AlarmMachine(raising: makeRecord(), ladderMs: [])
        _ = try machine.perform(.acknowledge, source: .key, now: .ms(2_000))
        #expect(throws: AlarmRefusal.alreadyAcknowledged) {
            try machine.perform(.acknowledge, source: .officer, now: .ms(2_000))
        }
        #expect(
            machine.record.acknowledged?.terminal == ActionSource.key.post, "the other post reads who has it")
    }

    @Test func clear_needsThreeSeconds_whenACallIsOnlySpokenWith() throws {
        var machine = AlarmMachine(raising: makeRecord(.cellCall), ladderMs: [])
        _ = machine.speech(ms: Limits.spokenMinMs - 1, source: .officer, now: .ms(5_000))
        #expect(throws: AlarmRefusal.notSpokenNorAttended) {
            try machine.perform(.clear, source: .officer, now: .ms(6_000))
        }
        _ = machine.speech(ms: Limits.spokenMinMs, source: .officer, now: .ms(7_000))
        #expect(try machine.perform(.clear, source: .officer, now: .ms(8_000)) == .cleared)
        #expect(machine.record.cleared?.ground == .speech)
        #expect(machine.record.spoken?.afterMs == 5_000)
    }

    @Test func clear_staysRefused_whenAnEmergencyIsOnlySpokenWith() {
        for alarmClass in [AlarmClass.emergency, .officerDuress] {
            var machine = AlarmMachine(raising: makeRecord(alarmClass), ladderMs: [])
            _ = machine.speech(ms: 600_000, source: .officer, now: .ms(601_000))
            #expect(throws: AlarmRefusal.notAttended) {
                try machine.perform(.clear, source: .officer, now: .ms(602_000))
            }
        }
    }

    @Test func speech_saturates_whenItIsAbsurdlyLong() {
        var machine = AlarmMachine(raising: makeRecord(.cellCall), ladderMs: [])
        for _ in 1...3 { _ = machine.speech(ms: .max, source: .officer, now: .ms(1)) }
        #expect(machine.record.spokenMs == .max)
    }

    @Test func fold_endsOnlyThePressThatWasHeld_whenTheContactWasClosedAtStart() {
        var held = AlarmMachine(raising: makeRecord(heldAtStart: true), ladderMs: [])
        #expect(held.fold(at: .cell, now: .ms(200)) == .cleared)
        #expect(held.record.cleared?.ground == .folded)

        var pressedAgain = AlarmMachine(raising: makeRecord(heldAtStart: true), ladderMs: [])
        _ = pressedAgain.press(now: .ms(150))
        #expect(
            pressedAgain.fold(at: .cell, now: .ms(200)) == nil, "a further press is not the older alarm's")

        var fresh = AlarmMachine(raising: makeRecord(), ladderMs: [])
        #expect(fresh.fold(at: .cell, now: .ms(200)) == nil, "no emergency is cleared by a word of ours")
        #expect(fresh.record.isOpen)
    }

    @Test func conditionEnded_leavesItToAnOfficer_whenTheTroubleWasOnlyNoticedOnce() {
        for cause in AlarmCause.allCases where cause.rawValue >= AlarmCause.wireCut.rawValue {
            var machine = AlarmMachine(raising: makeRecord(.trouble, cause: cause), ladderMs: [])
            #expect(
                machine.conditionEnded(at: .cell, now: .ms(1)) == (cause.lasts ? .cleared : nil), "\(cause)")
        }
    }
}
