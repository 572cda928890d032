// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What happened on a line of the board. `line` is the index into `LineBank.lines`.
package enum LineEvent: Hashable, Sendable {
    case pressed(line: Int, at: Uptime, heldAtStart: Bool)
    case released(line: Int, at: Uptime)
    case edgesLost(line: Int, count: Int?)
    /// Held for `Limits.stuckAfterMs`; once per press.
    case stuck(line: Int, since: Uptime)
    case unstuck(line: Int)
    /// The supervised point's wire; `line` is its normally open contact.
    case cut(line: Int)
    case short(line: Int)
    case wireRestored(line: Int)
    case lineFault(line: Int, Fault)
    case lineRestored(line: Int)
}

/// Watches every line of a bank: presses, stuck contacts, cut wires, missing lines. A value without a clock;
/// on the line thread it is fed each turn with what the bank read: `edges`, `levels`, `elapsed`, with the
/// same `now`.
///
/// Always true: each trouble is told once when it begins and once when it ends. The normally closed contact
/// of a supervised pair never yields a press of its own.
package struct LineWatch: Sendable {
    private struct Line {
        var isInput: Bool
        var isPartner = false
        var contact = Debounce()
        var pressedAt: Uptime?
        var isStuck = false
        var isFaulty = false
        /// The normally closed contact's line, and what both tell.
        var partner: Int?
        var pair = SupervisedPair()
    }

    private var lines: [Line]
    /// Reused between calls, so that a quiet line allocates nothing.
    private var found: [ContactEvent] = []

    /// `partners`: normally open line → its normally closed line.
    package init(lines: [BoardLine], partners: [Int: Int] = [:]) {
        precondition(lines.count <= Limits.linesMaxCount, "the configuration is checked before")
        self.lines = lines.map { Line(isInput: $0.direction == .input) }
        for (open, closed) in partners {
            precondition(open != closed && self.lines[open].isInput && self.lines[closed].isInput)
            self.lines[open].partner = closed
            self.lines[closed].isPartner = true
        }
    }

    /// When `elapsed` has something to tell.
    package var deadline: Uptime? {
        var first: Uptime?
        for line in lines where line.isInput {
            first = earlier(first, line.contact.deadline)
            first = earlier(first, line.pair.deadline)
            if let at = line.pressedAt, !line.isStuck, line.contact.isClosed != nil {
                first = earlier(first, at.advanced(ms: Limits.stuckAfterMs))
            }
        }
        return first
    }

    /// When levels should be looked at although nothing is concluded then; nil while nothing moves.
    package var lookAgainAt: Uptime? {
        lines.reduce(nil) { $1.isInput ? earlier($0, $1.contact.lookAgainAt) : $0 }
    }

    /// A press of this line stands.
    package func isPressed(_ line: Int) -> Bool { lines[line].contact.isPressed }

    package mutating func edges(_ edges: [EdgeEvent], now: Uptime, into events: inout [LineEvent]) {
        for edge in edges where lines[edge.line].isInput {
            lines[edge.line].contact.edge(
                active: edge.active, at: edge.at, sequence: edge.sequence, into: &found)
            tell(edge.line, into: &events)
        }
        if !edges.isEmpty { judgePairs(now: now, into: &events) }
    }

    /// `levels` and `faults` as the bank has them after the edges were read.
    package mutating func levels(
        _ levels: [LineLevel], faults: [Int: Fault] = [:], now: Uptime, into events: inout [LineEvent]
    ) {
        for (index, level) in levels.enumerated() where index < lines.count {
            judgeFault(index, level: level, fault: faults[index], into: &events)
            guard lines[index].isInput else { continue }
            switch level {
            case .active: lines[index].contact.level(active: true, now: now, into: &found)
            case .inactive: lines[index].contact.level(active: false, now: now, into: &found)
            case .unknown: lines[index].contact.lost()
            }
            tell(index, into: &events)
        }
        judgePairs(now: now, into: &events)
    }

    package mutating func elapsed(now: Uptime, into events: inout [LineEvent]) {
        for index in lines.indices where lines[index].isInput {
            lines[index].contact.elapsed(now: now, into: &found)
            tell(index, into: &events)
            judgeStuck(index, now: now, into: &events)
        }
        judgePairs(now: now, into: &events)
    }

    private mutating func tell(_ index: Int, into events: inout [LineEvent]) {
        if found.isEmpty { return }
        for event in found {
            switch event {
            case .edgesLost(let count): events.append(.edgesLost(line: index, count: count))
            case .pressed(let at, let held) where !lines[index].isPartner:
                lines[index].pressedAt = at
                events.append(.pressed(line: index, at: at, heldAtStart: held))
            case .released(let at) where !lines[index].isPartner:
                // A process that was stopped reads press and release at once: the contact was stuck all the
                // same.
                if let since = lines[index].pressedAt, !lines[index].isStuck,
                    at.ms(since: since) >= Limits.stuckAfterMs
                {
                    lines[index].isStuck = true
                    events.append(.stuck(line: index, since: since))
                }
                lines[index].pressedAt = nil
                events.append(.released(line: index, at: at))
                if lines[index].isStuck { events.append(.unstuck(line: index)) }
                lines[index].isStuck = false
            case .pressed, .released: break
            }
        }
        found.removeAll(keepingCapacity: true)
    }

    private mutating func judgeStuck(_ index: Int, now: Uptime, into events: inout [LineEvent]) {
        let line = lines[index]
        guard let since = line.pressedAt, !line.isStuck, line.contact.isClosed == true,
            now >= since.advanced(ms: Limits.stuckAfterMs)
        else { return }
        lines[index].isStuck = true
        events.append(.stuck(line: index, since: since))
    }

    private mutating func judgeFault(
        _ index: Int, level: LineLevel, fault: Fault?, into events: inout [LineEvent]
    ) {
        let isFaulty = level == .unknown || fault != nil
        guard isFaulty != lines[index].isFaulty else { return }
        lines[index].isFaulty = isFaulty
        if isFaulty {
            let unread = Fault(
                "read level", at: "line \(index)", cause: "the line gives no level",
                hint: "Look at the board's other lines; if they are well, replace this line's wiring.")
            events.append(.lineFault(line: index, fault ?? unread))
        } else {
            events.append(.lineRestored(line: index))
        }
    }

    private mutating func judgePairs(now: Uptime, into events: inout [LineEvent]) {
        for index in lines.indices {
            guard let partner = lines[index].partner else { continue }
            lines[index].pair.contacts(
                openOne: lines[index].contact.isClosed, closedOne: lines[partner].contact.isClosed, now: now)
            switch lines[index].pair.elapsed(now: now) {
            case .cut?: events.append(.cut(line: index))
            case .shorted?:
                events.append(.short(line: index))
                lines[index].contact.force(at: now, into: &found)
                tell(index, into: &events)
            case .whole?: events.append(.wireRestored(line: index))
            case nil: break
            }
        }
    }

    private func earlier(_ a: Uptime?, _ b: Uptime?) -> Uptime? {
        guard let a else { return b }
        guard let b else { return a }
        return min(a, b)
    }
}
