// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// A record that changed and has to reach its posts and the journal.
package struct Published: Hashable, Sendable {
    package let record: AlarmRecord
    package let change: AlarmChange
    package let ageMs: Int
}

/// The alarms of which this terminal owns the truth: its own buttons, its own troubles.
///
/// A value on the line thread, without clock or I/O. Always true: a press is never refused; a point has at
/// most one open alarm that is not yet attended; ids are never used twice, whatever disk and clock do.
package struct AlarmDesk: Sendable {
    package let terminal: TerminalID
    package let run: UInt64
    private let ladderMs: [Int]
    package private(set) var machines: [EventID: AlarmMachine] = [:] { didSet { isDeadlineStale = true } }
    private var isDeadlineStale = false
    private var soonest: Uptime?
    /// Last records of alarms that ended here, for a post that comes back and still lists them.
    private var ended: [EventID: AlarmRecord] = [:]
    /// Their ids as a ring, so that the oldest gives way.
    private var endedOrder: [EventID] = []
    private var oldestEnded = 0
    private var sequences: [Stream: UInt64] = [:]

    package init(terminal: TerminalID, run: UInt64, ladderMs: [Int]) {
        self.terminal = terminal
        self.run = run
        self.ladderMs = ladderMs
    }

    /// The next id of this run; used for alarms and for journal entries alike.
    package mutating func mint(_ stream: Facility.Stream) -> EventID {
        sequences[stream, default: 0] += 1
        return EventID(terminal: terminal, stream: stream, run: run, sequence: sequences[stream, default: 0])
    }

    // MARK: - Raising

    /// Adds the press to the point's open alarm, or raises one. A press after attendance is a new alarm: the
    /// officer who attended may have left, and an attended alarm no longer sounds.
    package mutating func press(_ press: Press, at raised: Moment, now: Uptime) -> Published? {
        if let id = open(at: press.point, for: press) {
            // The contact was closed when we started: that press is this alarm's own.
            if press.heldAtStart { return nil }
            guard let change = machines[id]?.press(now: now) else { return nil }
            return published(id, change, now)
        }
        return raise(press, at: raised)
    }

    private func open(at point: AlarmPoint, for press: Press) -> EventID? {
        var attended: EventID?
        for (id, machine) in machines
        where machine.record.point == point && machine.record.alarmClass == press.alarmClass {
            if machine.record.attended == nil { return id }
            attended = id
        }
        return machines.count < Limits.openAlarmsMaxCount ? nil : attended
    }

    private mutating func raise(_ press: Press, at raised: Moment) -> Published {
        let record = AlarmRecord(
            id: mint(press.alarmClass == .trouble ? .health : .alarm), point: press.point,
            alarmClass: press.alarmClass, cause: press.cause, raised: raised, silentAtOrigin: press.isSilent,
            attendanceWired: press.attendanceWired, heldAtStart: press.heldAtStart)
        machines[record.id] = AlarmMachine(raising: record, ladderMs: ladderMs)
        return Published(record: record, change: .raised, ageMs: 0)
    }

    /// A trouble begins; nil when the same one already stands (a momentary one is counted).
    package mutating func trouble(_ cause: AlarmCause, at point: AlarmPoint, now: Moment) -> Published? {
        let press = Press(point: point, alarmClass: .trouble, cause: cause)
        guard let id = standing(cause, at: point) else { return raise(press, at: now) }
        guard !cause.lasts, let change = machines[id]?.press(now: now.uptime) else { return nil }
        return published(id, change, now.uptime)
    }

    /// The condition of a trouble ended.
    package mutating func ended(_ cause: AlarmCause, at point: AlarmPoint, now: Uptime) -> Published? {
        guard let id = standing(cause, at: point),
            case let here = terminal, let change = machines[id]?.conditionEnded(at: here, now: now)
        else { return nil }
        return published(id, change, now)
    }

    private func standing(_ cause: AlarmCause, at point: AlarmPoint) -> EventID? {
        machines.first { $0.value.record.cause == cause && $0.value.record.point == point }?.key
    }

    // MARK: - What happens to an open alarm

    package mutating func confirmed(_ id: EventID, by post: TerminalID, now: Uptime) -> Published? {
        guard let change = machines[id]?.confirm(by: post, now: now) else { return nil }
        return published(id, change, now)
    }

    /// The attendance line of the terminal closed: an officer is at the door, for all its open alarms.
    package mutating func attended(now: Uptime) -> [Published] {
        let here = terminal
        return machines.keys.sorted(by: Self.older).compactMap { id in
            guard let change = machines[id]?.attendanceLine(at: here, now: now) else { return nil }
            return published(id, change, now)
        }
    }

    package mutating func spoken(_ id: EventID, ms: Int, source: ActionSource, now: Uptime) -> Published? {
        guard let change = machines[id]?.speech(ms: ms, source: source, now: now) else { return nil }
        return published(id, change, now)
    }

    package mutating func perform(
        _ action: OfficerAction, on id: EventID, source: ActionSource, now: Uptime
    ) throws(AlarmRefusal) -> Published {
        guard machines[id] != nil else {
            throw ended[id] != nil ? .alreadyCleared : .unknownAlarm
        }
        guard let change = try machines[id]?.perform(action, source: source, now: now) else {
            throw .unknownAlarm
        }
        return published(id, change, now)
    }

    /// Alarms whose sound is paused, and where that was asked for, `ms` ago or longer.
    package func paused(for ms: Int, now: Uptime) -> [(id: EventID, at: TerminalID)] {
        machines.keys.sorted(by: Self.older).compactMap { id in
            machines[id]?.pausedAt(for: ms, now: now).map { (id, $0) }
        }
    }

    /// Nothing is heard any more of the post where its sound was paused.
    package mutating func pauseAbandoned(_ id: EventID, now: Uptime) -> Published? {
        let here = terminal
        guard let change = machines[id]?.pauseAbandoned(at: here, now: now) else { return nil }
        return published(id, change, now)
    }

    package mutating func elapsed(now: Uptime) -> [Published] {
        machines.keys.sorted(by: Self.older).flatMap { id in
            (machines[id]?.elapsed(now: now) ?? []).map { published(id, $0, now) }
        }
    }

    /// When `elapsed` wants to be asked next; looked up anew only after something changed.
    package mutating func deadline() -> Uptime? {
        if isDeadlineStale {
            soonest = machines.values.lazy.compactMap(\.deadline).min()
            isDeadlineStale = false
        }
        return soonest
    }

    // MARK: - Copies

    /// A copy that a post kept, a journal held or a killed process left behind. Answers with what everybody
    /// has to hear: the merged record, or the ended one when the copy is of an alarm that is over.
    package mutating func restore(_ copy: AlarmRecord, ageMs: Int, now: Uptime) -> [Published] {
        if let over = ended[copy.id] {
            return copy.isOpen ? [Published(record: over, change: .cleared, ageMs: ageMs)] : []
        }
        if machines[copy.id] != nil { return merge(copy, now) }
        guard copy.isOpen else {
            remember(copy)
            return [Published(record: copy, change: .merged, ageMs: ageMs)]
        }
        if let repeated = foldRepeated(copy, ageMs) { return [repeated] }
        machines[copy.id] = AlarmMachine(taking: copy, ageMs: ageMs, now: now, ladderMs: ladderMs)
        // A lasting trouble of a run before was watched by that run; if it is still so, this run says it
        // anew.
        if copy.alarmClass == .trouble, copy.cause.lasts, copy.id.run != run,
            case let here = terminal, let change = machines[copy.id]?.conditionEnded(at: here, now: now)
        {
            return [published(copy.id, change, now)]
        }
        return [Published(record: copy, change: .merged, ageMs: ageMs)]
    }

    /// A momentary trouble of a run before that this run has noticed again: the newer one stands for both. A
    /// terminal that dies every second would else fill every list with the same sentence.
    private mutating func foldRepeated(_ copy: AlarmRecord, _ ageMs: Int) -> Published? {
        guard copy.alarmClass == .trouble, !copy.cause.lasts, copy.id.run != run,
            let id = standing(copy.cause, at: copy.point), id.run == run
        else { return nil }
        var over = copy
        over.cleared = Deed(
            afterMs: UInt32(clamping: ageMs), terminal: terminal, officer: nil, ground: .folded)
        over.revision &+= 1
        remember(over)
        return Published(record: over, change: .cleared, ageMs: ageMs)
    }

    private mutating func merge(_ copy: AlarmRecord, _ now: Uptime) -> [Published] {
        guard let change = machines[copy.id]?.merge(copy, now: now), let machine = machines[copy.id] else {
            return []
        }
        let merged = published(copy.id, change, now)
        guard !merged.record.isOpen, machine.wasPressedAfterClear else { return [merged] }
        // A post cleared it while we were lost, and the button was pressed since: that press is a new alarm.
        let raised = merged.record.raised
        let press = Press(
            point: merged.record.point, alarmClass: merged.record.alarmClass, cause: merged.record.cause,
            isSilent: merged.record.silentAtOrigin, attendanceWired: merged.record.attendanceWired)
        let moment = Moment(
            uptime: now, wallMs: raised.wallMs + Int64(merged.ageMs), uncertaintyMs: raised.uncertaintyMs)
        return [merged, raise(press, at: moment)]
    }

    /// Alarms of this run that are, in truth, the still closed contact of an older open alarm of the same
    /// point. Beside an attended one it stays: whether the contact was released since, nobody knows, and an
    /// attended alarm is silent.
    package mutating func foldHeld(now: Uptime) -> [Published] {
        let here = terminal
        return machines.values.map(\.record).filter { $0.heldAtStart && $0.id.run == run }.compactMap {
            held in
            let isDoubled = machines.values.contains {
                $0.record.id != held.id && $0.record.point == held.point && $0.record.id.run != run
                    && $0.record.alarmClass == held.alarmClass && $0.record.attended == nil
            }
            guard isDoubled, let change = machines[held.id]?.fold(at: here, now: now) else { return nil }
            return published(held.id, change, now)
        }
    }

    private mutating func published(_ id: EventID, _ change: AlarmChange, _ now: Uptime) -> Published {
        guard let machine = machines[id] else { preconditionFailure("only a machine that is there changes") }
        if !machine.record.isOpen {
            machines[id] = nil
            remember(machine.record)
        }
        return Published(record: machine.record, change: change, ageMs: machine.ageMs(now))
    }

    private mutating func remember(_ record: AlarmRecord) {
        guard ended.updateValue(record, forKey: record.id) == nil else { return }
        if endedOrder.count < Limits.openAlarmsMaxCount {
            endedOrder.append(record.id)
        } else {
            ended[endedOrder[oldestEnded]] = nil
            endedOrder[oldestEnded] = record.id
            oldestEnded = (oldestEnded + 1) % endedOrder.count
        }
    }

    private static func older(_ a: EventID, _ b: EventID) -> Bool {
        (a.stream.rawValue, a.sequence, a.run) < (b.stream.rawValue, b.sequence, b.run)
    }

    /// Of an alarm that is over: its age when it ended.
    package func ageMs(_ id: EventID, now: Uptime) -> Int {
        machines[id]?.ageMs(now) ?? Int(ended[id]?.cleared?.afterMs ?? 0)
    }

    package func record(_ id: EventID) -> AlarmRecord? {
        machines[id]?.record ?? ended[id]
    }
}

/// One press, or the beginning of a trouble: everything of it but when.
package struct Press: Hashable, Sendable {
    package var point: AlarmPoint
    package var alarmClass: AlarmClass
    package var cause: AlarmCause
    package var isSilent = false
    package var attendanceWired = false
    package var heldAtStart = false
}
