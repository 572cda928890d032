// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What changed in an alarm; every change raises the record's revision by one and is sent and journalled
/// whole.
package enum AlarmChange: UInt8, Sendable, CaseIterable, Hashable {
    case raised = 1
    case pressed = 2
    case annunciated = 3
    case acknowledged = 4
    case silenced = 5
    /// A pause of the sound ended unattended.
    case resounded = 6
    case escalated = 7
    case spoken = 8
    case attended = 9
    case cleared = 10
    /// Facts of another copy were taken in (after a restart, or after a post kept the alarm of a lost cell).
    case merged = 11
}

/// The life of one alarm, kept by whoever owns its truth: the terminal that raised it or, while that one is
/// lost, a post.
///
/// A value without clock or I/O; every input names its time and answers with what changed. Lives on the line
/// thread. Always true: an emergency is cleared only after attendance, a cell call also after two-way speech;
/// no sequence of inputs keeps an unattended alarm silent for more than `Limits.silenceMaxMs`; facts are
/// added, never taken away.
package struct AlarmMachine: Sendable {
    package internal(set) var record: AlarmRecord
    /// Owner's monotonic milliseconds at the raise. Negative when the alarm is older than this machine's
    /// uptime.
    private let raisedMs: Int64
    private let ladderMs: [Int]
    private var countedAtMs: Int
    private var hasUncounted = false
    /// Age at the last press seen by this machine; nil when it saw none.
    var lastPressMs: Int?
    var pause = SoundPause()
    var pauseReported = true
    /// The latest age at which `elapsed` was asked or a pause began.
    private var seenMs = 0

    /// A fresh alarm: `record.raised.uptime` is this machine's clock.
    package init(raising record: AlarmRecord, ladderMs: [Int]) {
        self.init(taking: record, ageMs: 0, now: record.raised.uptime, ladderMs: ladderMs)
        lastPressMs = 0
    }

    /// An alarm that is `ageMs` old now: rebuilt from a journal, or taken into custody.
    package init(taking record: AlarmRecord, ageMs: Int, now: Uptime, ladderMs: [Int]) {
        self.record = record
        // More steps than the record can count could never be taken.
        self.ladderMs = Array(ladderMs.prefix(Int(UInt8.max)))
        raisedMs = Self.ms(now) - Int64(max(0, ageMs))
        countedAtMs = 0
        guard let silenced = record.silenced else { return }
        if silenced.ground == .automatic {
            pause.end(at: Int(silenced.afterMs))
        } else if pause.grant(from: Int(silenced.afterMs)) {
            pauseReported = ageMs >= pause.untilMs
        }
    }

    private static func ms(_ time: Uptime) -> Int64 { Int64(time.nanoseconds / 1_000_000) }

    /// Milliseconds since the raise; never negative.
    package func ageMs(_ now: Uptime) -> Int { Int(max(0, Self.ms(now) - raisedMs)) }

    private func deed(_ now: Uptime, _ source: ActionSource, _ ground: Deed.Ground) -> Deed {
        Deed(
            afterMs: UInt32(clamping: ageMs(now)), terminal: source.post, officer: source.officer,
            ground: ground)
    }

    mutating func revised(_ change: AlarmChange) -> AlarmChange {
        record.revision &+= 1
        return change
    }
}

// MARK: - What the terminal sees

extension AlarmMachine {
    /// A further press while the alarm is open. Counted exactly; told to others at most every
    /// `pressUpdateMinMs`.
    package mutating func press(now: Uptime) -> AlarmChange? {
        guard record.isOpen else { return nil }
        record.presses = record.presses == .max ? .max : record.presses + 1
        hasUncounted = true
        lastPressMs = ageMs(now)
        return countIfDue(ageMs(now))
    }

    private mutating func countIfDue(_ age: Int) -> AlarmChange? {
        guard hasUncounted, record.isOpen, age >= countedAtMs + Limits.pressUpdateMinMs else { return nil }
        hasUncounted = false
        countedAtMs = age
        return revised(.pressed)
    }

    /// A post's receipt attests its list and its buzzer. Only the first is a fact of the record.
    package mutating func confirm(by post: TerminalID, now: Uptime) -> AlarmChange? {
        guard record.isOpen, record.annunciated == nil else { return nil }
        record.annunciated = deed(now, ActionSource(post: post, officer: nil), .automatic)
        return revised(.annunciated)
    }

    /// Where the pause of the sound that runs now was asked for, `ms` ago or longer.
    package func pausedAt(for ms: Int, now: Uptime) -> TerminalID? {
        guard record.isOpen, record.attended == nil, !record.isMuted, let silenced = record.silenced,
            silenced.ground != .automatic, case let age = ageMs(now), pause.contains(age),
            age >= Int(silenced.afterMs) + max(1, ms)
        else { return nil }
        return silenced.terminal
    }

    /// Nothing is heard any more of the post where the sound was paused: nobody there has the alarm, so it is
    /// heard again.
    package mutating func pauseAbandoned(at terminal: TerminalID, now: Uptime) -> AlarmChange? {
        guard pausedAt(for: 0, now: now) != nil else { return nil }
        record.silenced = deed(now, ActionSource(post: terminal, officer: nil), .automatic)
        pause.end(at: ageMs(now))
        pauseReported = true
        seenMs = max(seenMs, ageMs(now))
        return revised(.resounded)
    }

    /// The attendance line at the point closed. Attendance of a closed or attended alarm changes nothing.
    package mutating func attendanceLine(at terminal: TerminalID, now: Uptime) -> AlarmChange? {
        guard record.isOpen, record.attended == nil, record.alarmClass != .trouble else { return nil }
        record.attended = deed(now, ActionSource(post: terminal, officer: nil), .line)
        return revised(.attended)
    }

    /// A talk with the cell has lasted `ms` so far, both ways. The longest counts: three short words are no
    /// talk.
    package mutating func speech(ms: Int, source: ActionSource, now: Uptime) -> AlarmChange? {
        guard record.isOpen, ms > 0 else { return nil }
        record.spokenMs = max(record.spokenMs, UInt32(clamping: ms))
        if record.spoken == nil { record.spoken = deed(now, source, .officer) }
        return revised(.spoken)
    }

    /// The condition behind a trouble ended: it clears itself, recorded. What was only noticed once waits for
    /// an officer.
    package mutating func conditionEnded(at terminal: TerminalID, now: Uptime) -> AlarmChange? {
        guard record.isOpen, record.alarmClass == .trouble, record.cause.lasts else { return nil }
        record.cleared = deed(now, ActionSource(post: terminal, officer: nil), .automatic)
        return revised(.cleared)
    }

    /// This alarm was raised from a contact that was closed at start, and the point's alarm of the run before
    /// is open: it is that press. It ends here; the older one goes on. An alarm that was pressed again is
    /// more than that press.
    package mutating func fold(at terminal: TerminalID, now: Uptime) -> AlarmChange? {
        guard record.isOpen, record.heldAtStart, record.presses == 1 else { return nil }
        record.cleared = deed(now, ActionSource(post: terminal, officer: nil), .folded)
        return revised(.cleared)
    }
}

// MARK: - What an officer does

extension AlarmMachine {
    /// `lineReachable`: whether the point's attendance line could be used now; it cannot while its terminal
    /// is lost.
    package mutating func perform(
        _ action: OfficerAction, source: ActionSource, lineReachable: Bool = true, now: Uptime
    ) throws(AlarmRefusal) -> AlarmChange {
        guard record.isOpen else { throw .alreadyCleared }
        let ground: Deed.Ground = source.officer == nil ? .line : .officer
        switch action {
        case .acknowledge:
            return try acknowledge(deed(now, source, ground), ageMs(now))
        case .silence:
            try pause(deed(now, source, ground), ageMs(now))
            return revised(.silenced)
        case .attend:
            if record.attended != nil { throw .alreadyAttended }
            if record.alarmClass == .trouble { throw .nobodyCalls }
            if record.attendanceWired && lineReachable { throw .attendanceNeedsLine }
            record.attended = deed(now, source, .declared)
            return revised(.attended)
        case .clear:
            record.cleared = deed(now, source, try groundToClear(ground))
            return revised(.cleared)
        }
    }

    private mutating func acknowledge(_ deed: Deed, _ age: Int) throws(AlarmRefusal) -> AlarmChange {
        if record.attended != nil { throw .alreadyAttended }
        let isFirst = record.acknowledged == nil
        if !isFirst && !sounds(age) { throw .alreadyAcknowledged }
        // The first acknowledgement always counts; it never lengthens a pause that runs.
        if isFirst {
            record.acknowledged = deed
            if sounds(age), pauseAllowed(age) { begin(pause: deed, age) }
            return revised(.acknowledged)
        }
        try pause(deed, age)
        return revised(.silenced)
    }

    private mutating func pause(_ deed: Deed, _ age: Int) throws(AlarmRefusal) {
        if record.attended != nil { throw .alreadyAttended }
        guard sounds(age) else { throw .alreadySilenced }
        guard pauseAllowed(age) else { throw .mustSoundFirst }
        begin(pause: deed, age)
    }

    private mutating func begin(pause deed: Deed, _ age: Int) {
        record.silenced = deed
        pauseReported = !pause.grant(from: age)
        seenMs = max(seenMs, age)
    }

    private func pauseAllowed(_ age: Int) -> Bool {
        record.silenced == nil || age >= pause.untilMs + Limits.resoundMinMs
    }

    private func groundToClear(_ ground: Deed.Ground) throws(AlarmRefusal) -> Deed.Ground {
        switch record.alarmClass {
        case .officerDuress, .emergency:
            if record.attended == nil { throw .notAttended }
            return ground
        case .cellCall:
            if record.attended != nil { return ground }
            if record.spokenMs >= UInt32(Limits.spokenMinMs) { return .speech }
            throw .notSpokenNorAttended
        case .trouble:
            if record.cause.lasts { throw .conditionStands }
            return ground
        }
    }
}

// MARK: - What time does

extension AlarmMachine {
    /// Asked at `deadline` or later; answers with everything that came due, in order.
    package mutating func elapsed(now: Uptime) -> [AlarmChange] {
        guard record.isOpen else { return [] }
        let age = ageMs(now)
        seenMs = max(seenMs, age)
        var changes: [AlarmChange] = []
        if let counted = countIfDue(age) { changes.append(counted) }
        if let end = pauseEndMs, age >= end {
            pauseReported = true
            changes.append(revised(.resounded))
        }
        if escalates, sounds(age) {
            let due = ladderMs.prefix { $0 <= age }.count
            if due > Int(record.escalation) {
                record.escalation = UInt8(clamping: due)
                changes.append(revised(.escalated))
            }
        }
        return changes
    }

    /// When `elapsed` has to be asked next; nil = not before another input.
    package var deadline: Uptime? {
        guard record.isOpen else { return nil }
        var first = Int.max
        if hasUncounted { first = countedAtMs + Limits.pressUpdateMinMs }
        if let end = pauseEndMs { first = min(first, end) }
        if escalates, Int(record.escalation) < ladderMs.count {
            // While it is paused the ladder waits for the end of the pause, also with a step that was due
            // before it.
            let step = ladderMs[Int(record.escalation)]
            first = min(first, pause.contains(max(step, seenMs)) ? pause.untilMs : step)
        }
        if first == .max { return nil }
        return Uptime(nanoseconds: UInt64(max(0, raisedMs + Int64(first))) * 1_000_000)
    }

    private var pauseEndMs: Int? {
        pauseReported || record.attended != nil || record.isMuted ? nil : pause.untilMs
    }

    /// As the record says, but never quiet for longer than one pause, whatever was merged.
    private func sounds(_ age: Int) -> Bool {
        record.isOpen && record.attended == nil && !record.isMuted && !pause.contains(age)
    }

    private var escalates: Bool { record.alarmClass != .trouble && record.attended == nil }
}
