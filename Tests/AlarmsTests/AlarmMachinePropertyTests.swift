// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

/// How many random lives are lived: all of them in an optimised build, fewer where each step is slow.
let isOptimised: Bool = {
    var isDebug = false
    assert(
        {
            isDebug = true
            return true
        }())
    return !isDebug
}()

/// Watches one alarm's sound over time; told at every instant at which it may change.
struct SilenceWatch {
    private var quietSinceMs: Int?

    /// False when it has been quiet, though it has to be heard, for longer than it may.
    mutating func see(_ nowMs: Int, mustBeHeardSoon: Bool, isHeard: Bool) -> Bool {
        guard mustBeHeardSoon, !isHeard else {
            quietSinceMs = nil
            return true
        }
        quietSinceMs = quietSinceMs ?? nowMs
        return nowMs - (quietSinceMs ?? nowMs) < 120_000
    }
}

extension AlarmRecord {
    /// Nobody is there, and nothing but a pause may keep it quiet.
    var mustBeHeardSoon: Bool { isOpen && attended == nil && !isMuted }

    /// Whether the rules allow it to be cleared with the facts it has.
    var isLawful: Bool {
        guard let cleared else { return true }
        if cleared.ground == .folded { return heldAtStart && presses == 1 }
        return switch alarmClass {
        case .officerDuress, .emergency: attended != nil
        case .cellCall: attended != nil || spokenMs >= 3_000
        case .trouble: cause.lasts == (cleared.ground == .automatic)
        }
    }

    /// What each fact may do from one moment to the next.
    func mayBecome(_ next: AlarmRecord) -> Bool {
        func kept(_ old: Deed?, _ new: Deed?) -> Bool { old == nil || old == new }
        return next.presses >= presses && next.revision >= revision && next.escalation >= escalation
            && next.spokenMs >= spokenMs && next.phase >= phase
            && (silenced.map { $0 <= next.silenced ?? $0 } ?? true)
            && (silenced == nil || next.silenced != nil) && kept(annunciated, next.annunciated)
            && kept(acknowledged, next.acknowledged) && kept(spoken, next.spoken)
            && kept(attended, next.attended) && kept(cleared, next.cleared)
    }
}

/// One random life of an alarm with one owner.
private struct Life {
    var random: SeededGenerator
    var machine: AlarmMachine
    var watch = SilenceWatch()
    var nowMs: Int
    var trouble: String?

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        nowMs = random.below(3) * 1_000_000
        let alarmClass = random.pick([AlarmClass.emergency, .emergency, .officerDuress, .cellCall, .trouble])
        machine = AlarmMachine(
            raising: makeRecord(
                alarmClass, cause: alarmClass == .trouble ? random.pick([.wireCut, .edgesLost]) : .press,
                raisedMs: nowMs, attendanceWired: random.chance(50), heldAtStart: random.chance(10)),
            ladderMs: Limits.ladderDefaultMs)
    }

    mutating func fail(_ what: String) {
        if trouble == nil { trouble = "\(what) at \(nowMs) ms: \(machine.record)" }
    }

    mutating func look() {
        let record = machine.record
        let isHeard = record.sounds(atAgeMs: machine.ageMs(.ms(nowMs)))
        if !watch.see(nowMs, mustBeHeardSoon: record.mustBeHeardSoon, isHeard: isHeard) {
            fail("silent too long")
        }
        if !record.isLawful { fail("cleared unattended") }
    }

    /// To `target`, asking the machine at every deadline; now and then the last ones are left to the input
    /// that follows.
    mutating func pass(to target: Int) {
        let lateMs = random.chance(20) ? random.below(50) : 0
        while let due = machine.deadline, due <= .ms(max(0, target - lateMs)) {
            nowMs = max(nowMs, Int(due.nanoseconds / 1_000_000))
            let changes = machine.elapsed(now: .ms(nowMs))
            if changes.isEmpty, let next = machine.deadline, next <= .ms(nowMs) { return fail("busy loop") }
            look()
            checkLadder()
        }
        nowMs = target
        look()
    }

    mutating func checkLadder() {
        let record = machine.record
        let age = machine.ageMs(.ms(nowMs))
        guard record.alarmClass != .trouble, record.mustBeHeardSoon else { return }
        let isHeard = record.sounds(atAgeMs: age)
        // A step waits for one pause at most, and for the timer that came late before it.
        let due = Limits.ladderDefaultMs.filter { $0 <= (isHeard ? age : age - 120_050) }.count
        if Int(record.escalation) < due { fail("the ladder stands at \(record.escalation) of \(due)") }
    }

    mutating func act() {
        let now = Uptime.ms(nowMs)
        let source = random.pick([ActionSource.officer, .key])
        switch random.below(21) {
        case 20: _ = machine.pauseAbandoned(at: .cell, now: now)
        case 0...2: _ = machine.press(now: now)
        case 3: _ = machine.confirm(by: .postA, now: now)
        case 4: if random.chance(10) { _ = machine.attendanceLine(at: .cell, now: now) }
        case 5: _ = machine.speech(ms: random.below(2_000), source: source, now: now)
        case 6: if random.chance(20) { _ = machine.conditionEnded(at: .cell, now: now) }
        case 7: _ = machine.fold(at: .cell, now: now)
        case 8: _ = machine.merge(machine.record, now: now)
        case 9:
            // A restart from the journal.
            machine = AlarmMachine(
                taking: machine.record, ageMs: machine.ageMs(now), now: now, ladderMs: Limits.ladderDefaultMs)
        case 10: if random.chance(20) { _ = try? machine.perform(.attend, source: source, now: now) }
        case 11...13: _ = try? machine.perform(.clear, source: source, now: now)
        case 14...16: _ = try? machine.perform(.acknowledge, source: source, now: now)
        default: _ = try? machine.perform(.silence, source: source, now: now)
        }
    }

    /// Mostly short, often to the very edge of what is bounded.
    mutating func pauseMs() -> Int {
        switch random.below(8) {
        case 0: 0
        case 1...3: random.below(1_500)
        case 4: random.below(30_000)
        case 5: random.pick([4_999, 5_000, 30_000, 60_000])
        case 6: random.pick([119_999, 120_000, 120_001, 125_000])
        default: random.below(200_000)
        }
    }

    mutating func live(steps: Int) {
        for _ in 0..<steps {
            pass(to: nowMs + pauseMs())
            let before = machine.record
            act()
            if !before.mayBecome(machine.record) { fail("a fact was taken back") }
            if !before.isOpen, machine.record != before { fail("a cleared alarm changed") }
            look()
            if trouble != nil { return }
        }
    }
}

struct AlarmMachinePropertyTests {
    @Test func rules_hold_whenLivesAreRandom() {
        for seed in 0..<UInt64(isOptimised ? 40_000 : 4_000) {
            var life = Life(seed: seed)
            life.live(steps: 40)
            if let trouble = life.trouble {
                Issue.record("seed \(seed): \(trouble)")
                return
            }
        }
    }

    /// The watch itself must be able to fail, or the test above proves nothing.
    @Test func watch_complains_whenItIsQuietFor120s() {
        var watch = SilenceWatch()
        let answers = [(0, false), (119_999, false), (120_000, false), (120_001, true), (230_000, false)].map
        {
            watch.see($0.0, mustBeHeardSoon: true, isHeard: $0.1)
        }
        #expect(answers == [true, true, false, true, true])
    }
}
