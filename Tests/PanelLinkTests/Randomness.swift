// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility

@testable import PanelLink

/// The same numbers for the same seed, so that a failing test fails again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func some<Number: FixedWidthInteger>() -> Number { Number(truncatingIfNeeded: next()) }

    mutating func one<Value: CaseIterable>(of: Value.Type = Value.self) -> Value {
        Value.allCases.randomElement(using: &self)!
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in some() } }

    mutating func identifier<Kind>() -> Identifier<Kind> {
        let letters = Array("ABCXYZabcxyz0189-_.".utf8)
        let count = Int.random(in: 1...16, using: &self)
        return Identifier(bytes: (0..<count).map { _ in letters.randomElement(using: &self)! })!
    }

    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { chance(50) ? make(&self) : nil }

    mutating func eventID() -> EventID {
        EventID(terminal: identifier(), stream: one(), run: some(), sequence: some())
    }

    mutating func deed() -> Deed {
        Deed(afterMs: some(), terminal: identifier(), officer: maybe { $0.identifier() }, ground: one())
    }

    mutating func record() -> AlarmRecord {
        let raised = Moment(uptime: Uptime(nanoseconds: some()), wallMs: some(), uncertaintyMs: some())
        var record = AlarmRecord(
            id: eventID(), point: AlarmPoint(terminal: identifier(), name: identifier()), alarmClass: one(),
            cause: one(), raised: raised, silentAtOrigin: chance(50), attendanceWired: chance(50),
            heldAtStart: chance(50), revision: some(), presses: some())
        record.escalation = some()
        record.spokenMs = some()
        record.annunciated = maybe { $0.deed() }
        record.acknowledged = maybe { $0.deed() }
        record.silenced = maybe { $0.deed() }
        record.spoken = maybe { $0.deed() }
        record.attended = maybe { $0.deed() }
        record.cleared = maybe { $0.deed() }
        return record
    }

    mutating func annunciation() -> Annunciation {
        Annunciation(record: record(), ageMs: some(), custodian: identifier())
    }

    mutating func source() -> ActionSource {
        ActionSource(post: identifier(), officer: maybe { $0.identifier() })
    }

    mutating func message(_ kind: MessageKind) -> Message {
        switch kind {
        case .annunciation: .annunciation(annunciation())
        case .receipt: .receipt(Receipt(id: eventID(), revision: some(), listed: chance(50), sounding: one()))
        case .heartbeat:
            .heartbeat(
                Heartbeat(
                    number: some(), heardYouMs: some(), uptimeMs: some(), wallMs: some(), standing: some(),
                    journalHealthy: chance(50), linesHealthy: chance(50), configVersion: some()))
        case .challenge: .challenge(Challenge(echoRun: some(), echoSequence: some(), session: some()))
        case .action:
            .action(ActionRequest(actionID: some(), alarm: eventID(), action: one(), source: source()))
        case .actionReply:
            .actionReply(ActionReply(actionID: some(), refusal: maybe { $0.one() }, revision: some()))
        case .spoken: .spoken(SpokenReport(alarm: eventID(), ms: some(), source: source()))
        case .query: .query(Query(token: some(), what: one()))
        case .listed: .listed(token: some(), annunciation(), lost: chance(50))
        case .peer:
            .peer(token: some(), PeerStatus(terminal: identifier(), state: one(), lastHeardMs: some()))
        case .status: .status(token: some(), status())
        case .fault: .fault(token: some(), Fault("打开", at: "gpio-cell", cause: "忙", hint: "Look for it."))
        case .end: .end(token: some(), count: some())
        case .buzzerTest: .buzzerTest(token: some())
        case .sound: .sound(SoundState(isWorking: chance(50), isMicrophoneOpen: chance(50)))
        }
    }

    mutating func status() -> TerminalStatus {
        TerminalStatus(
            terminal: identifier(), role: one(), run: some(), uptimeMs: some(), readyMs: some(),
            journal: one(), linesHealthy: chance(50), configVersion: some(), standing: some(),
            presses: some(), edgesLost: maybe { $0.some() }, refused: some())
    }
}

func at(ms: Int) -> Uptime { Uptime(nanoseconds: 1_000_000_000).advanced(ms: ms) }

let cell = TerminalID("cell-101")!
let postA = TerminalID("post-a")!
let postB = TerminalID("post-b")!
let postC = TerminalID("post-c")!

func alarm(_ sequence: UInt64 = 1) -> EventID {
    EventID(terminal: cell, stream: .alarm, run: 7, sequence: sequence)
}
