// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What a contact did, as `Debounce` concludes it.
package enum ContactEvent: Hashable, Sendable {
    /// `at` is the first active edge of the burst; `heldAtStart`: it was closed when we first looked.
    case pressed(at: Uptime, heldAtStart: Bool)
    case released(at: Uptime)
    /// `nil`: edges are missing and nobody can say how many.
    case edgesLost(count: Int?)
}

/// Turns the edges and levels of one contact into presses. A value without a clock; one for every kind of
/// bank.
///
/// It judges by the edges' own times, so that a press is found also when the process was stopped while it
/// happened. Always true: a contact closed without a break for `Limits.pressMinMs` is one press, a shorter
/// one is none; where edges are missing, what may have lasted `pressSureMs` counts as a press.
///
/// Each turn feeds it the edges first, then the level, then `elapsed`. A level that contradicts the edges is
/// a *doubt*: the edge may still be on its way. Nothing is concluded until it came or `pressMinMs` passed
/// without it.
package struct Debounce: Sendable {
    /// The contact's level as the edges tell it; `nil` before the first look and while the line is gone.
    package private(set) var isClosed: Bool?
    /// A press stands.
    package private(set) var isPressed = false

    /// The level has stood without a break since then.
    private var solidSince = Uptime(nanoseconds: 0)
    /// The last time that the level was seen to be what we hold it for.
    private var provenAt = Uptime(nanoseconds: 0)
    /// First active edge since the contact was solidly open.
    private var burst: Uptime?
    private var heldAtStart = false
    private var doubt: (isClosed: Bool, at: Uptime)?
    private var lastSequence: UInt32 = 0
    /// Lost edges already reported from levels, so that the gap in the numbers does not report them again.
    private var repairs = 0
    /// Edges without numbers since the last look at the level: this many fill the kernel's buffer.
    private var unnumbered = 0

    package init() {}

    /// When `elapsed` has something to conclude.
    package var deadline: Uptime? {
        if let doubt { return doubt.at.advanced(ms: Limits.pressMinMs) }
        switch isClosed {
        case true? where !isPressed: return solidSince.advanced(ms: Limits.pressMinMs)
        case false? where isPressed: return solidSince.advanced(ms: Limits.releaseMinMs)
        case true?, false?, nil: return nil
        }
    }

    /// When the level should be looked at once more after an edge: it may be the last of a bounce of which
    /// the kernel dropped the rest, and the level poll comes too late to tell two presses from one.
    package var lookAgainAt: Uptime? {
        let due = solidSince.advanced(ms: Limits.levelAgainMs)
        return isClosed != nil && provenAt < due ? due : nil
    }

    /// One edge, in the order in which the kernel gave them.
    package mutating func edge(
        active: Bool, at: Uptime, sequence: UInt32?, into events: inout [ContactEvent]
    ) {
        let missing = missingEdges(before: sequence)
        if let doubt {
            if doubt.isClosed == active {
                self.doubt = nil
            } else if at > doubt.at {
                // Contiguous numbers prove that nothing was lost: the contact moved between two looks of the
                // kernel.
                if sequence == nil { events.append(.edgesLost(count: nil)) }
                settle(doubt, into: &events)
            }
        }
        let at = isClosed == nil ? at : max(at, solidSince)
        if missing == 0 {
            conclude(until: at, into: &events)
        } else {
            events.append(.edgesLost(count: missing))
            if isClosed == false, !active { assumeClosed(until: at, into: &events) }
            concludeUnproven(until: at, into: &events)
        }
        move(active: active, at: at)
    }

    /// The level as read at `now`, after the edges were read.
    package mutating func level(active: Bool, now: Uptime, into events: inout [ContactEvent]) {
        // As many as the kernel keeps: whether more came after them, nobody can say.
        if unnumbered == Limits.edgeBufferUnnumberedCount { events.append(.edgesLost(count: nil)) }
        unnumbered = 0
        guard let isClosed else {
            self.isClosed = active
            solidSince = now
            provenAt = now
            doubt = nil
            if active, burst == nil {
                burst = now
                heldAtStart = true
            }
            return
        }
        if active == isClosed {
            doubt = nil
            provenAt = max(provenAt, now)
        } else if doubt == nil {
            doubt = (active, max(now, solidSince))
        }
        elapsed(now: now, into: &events)
    }

    /// Time passed and no edge before `now` waits to be read.
    package mutating func elapsed(now: Uptime, into events: inout [ContactEvent]) {
        if let doubt {
            guard now >= doubt.at.advanced(ms: Limits.pressMinMs) else { return }
            events.append(.edgesLost(count: nil))
            repairs += 1
            settle(doubt, into: &events)
        }
        conclude(until: now, into: &events)
    }

    /// The line is gone. A standing press stands until the line is back and seen open; edge numbers begin
    /// anew.
    package mutating func lost() {
        isClosed = nil
        doubt = nil
        lastSequence = 0
        repairs = 0
        unnumbered = 0
        if !isPressed { burst = nil }
    }

    /// A press that was proven elsewhere (a shorted pair).
    package mutating func force(at: Uptime, into events: inout [ContactEvent]) {
        if !isPressed { press(at: burst ?? at, into: &events) }
    }

    /// Edges between the last one and this, beyond those that levels already told of; `nil` when there may be
    /// some.
    private mutating func missingEdges(before sequence: UInt32?) -> Int? {
        guard let sequence else {
            unnumbered += 1
            return unnumbered == Limits.edgeBufferUnnumberedCount + 1 ? nil : 0
        }
        // Numbers that begin anew belong to a line that was opened anew.
        let gap = sequence > lastSequence ? Int(sequence - lastSequence) - 1 : Int(sequence) - 1
        lastSequence = sequence
        defer { repairs = 0 }
        return max(0, gap - repairs)
    }

    /// The edge that closed the contact is missing: it may have been closed ever since it was last proven
    /// open.
    private mutating func assumeClosed(until at: Uptime, into events: inout [ContactEvent]) {
        conclude(until: provenAt, into: &events)
        if burst == nil { burst = at }
        isClosed = true
        solidSince = provenAt
    }

    /// Takes a level for an edge whose own edge never came.
    private mutating func settle(_ found: (isClosed: Bool, at: Uptime), into events: inout [ContactEvent]) {
        doubt = nil
        let at = max(found.at, solidSince)
        concludeUnproven(until: at, into: &events)
        move(active: found.isClosed, at: at)
    }

    /// The level changed somewhere between `provenAt` and `time`. What may have been a press that we owe is
    /// one; what may have been an opening only counts when nobody looked for longer than the level poll
    /// allows.
    private mutating func concludeUnproven(until time: Uptime, into events: inout [ContactEvent]) {
        let isLong =
            isClosed == true
            ? time.ms(since: solidSince) >= Limits.pressSureMs
            : time.ms(since: provenAt) >= 2 * Limits.levelPollMs
        conclude(until: isLong ? time : provenAt, into: &events)
    }

    /// An edge to the level that already stands is a break too short for the kernel to see both sides of.
    private mutating func move(active: Bool, at: Uptime) {
        if burst == nil, active || isClosed != nil {
            burst = at
            heldAtStart = false
        }
        isClosed = active
        solidSince = at
        provenAt = at
    }

    /// What the level that stands since `solidSince` means if it still stood at `time`.
    private mutating func conclude(until time: Uptime, into events: inout [ContactEvent]) {
        switch isClosed {
        case true?:
            if !isPressed, time >= solidSince.advanced(ms: Limits.pressMinMs) {
                press(at: burst ?? solidSince, into: &events)
            }
        case false?:
            guard time >= solidSince.advanced(ms: Limits.releaseMinMs) else { return }
            burst = nil
            heldAtStart = false
            if isPressed {
                isPressed = false
                events.append(.released(at: solidSince))
            }
        case nil: return
        }
    }

    private mutating func press(at: Uptime, into events: inout [ContactEvent]) {
        isPressed = true
        events.append(.pressed(at: at, heldAtStart: heldAtStart))
    }
}
