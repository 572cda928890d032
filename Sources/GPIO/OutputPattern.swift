// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What a lamp or a buzzer shows.
package enum OutputPattern: UInt8, Sendable, CaseIterable {
    case off = 0
    case steady = 1
    case fastBlink = 2
    case slowBlink = 3
    /// Short, with long pauses: a trouble, not an alarm.
    case chirp = 4

    /// How long it is lit in each period; `nil` when it does not blink.
    var cycle: (on: UInt64, period: UInt64)? {
        switch self {
        case .off, .steady: nil
        case .fastBlink: Self.cycle(onMs: Limits.fastBlinkHalfMs, periodMs: 2 * Limits.fastBlinkHalfMs)
        case .slowBlink: Self.cycle(onMs: Limits.slowBlinkHalfMs, periodMs: 2 * Limits.slowBlinkHalfMs)
        case .chirp: Self.cycle(onMs: Limits.chirpOnMs, periodMs: Limits.chirpPeriodMs)
        }
    }

    private static func cycle(onMs: Int, periodMs: Int) -> (on: UInt64, period: UInt64) {
        (UInt64(onMs) * 1_000_000, UInt64(periodMs) * 1_000_000)
    }
}

/// One switching of an output that the bank is asked for. A value.
package struct OutputWrite: Hashable, Sendable {
    package var line: Int
    package var active: Bool

    package init(line: Int, active: Bool) {
        self.line = line
        self.active = active
    }
}

/// Says when which output is to be switched. A value without a clock; on the line thread its writes go to the
/// bank.
///
/// Always true: a pattern that is not off lights at once; afterwards all lines with that pattern light
/// together, on the same grid of the machine's uptime, so that many lamps cost one waking; nothing blinks, no
/// waking.
package struct PatternDriver: Sendable {
    private struct Shown {
        var pattern: OutputPattern
        var active: Bool
        /// Nanoseconds of uptime; nil for a pattern that does not blink.
        var switchAt: UInt64?

        /// Lit now. It goes out at the next end of a lit part that leaves it lit for at least half of one.
        init(_ pattern: OutputPattern, now: Uptime) {
            self.pattern = pattern
            active = pattern != .off
            guard let (on, period) = pattern.cycle else { return }
            let rest = now.nanoseconds % period
            switchAt = now.nanoseconds + (rest + on / 2 <= on ? on - rest : on)
        }

        mutating func toggle(now: Uptime) {
            guard let (on, period) = pattern.cycle else { return }
            let begin = now.nanoseconds / period * period
            active.toggle()
            let end = begin + on
            switchAt = active && end > now.nanoseconds ? end : active ? now.nanoseconds + on : begin + period
        }
    }

    private var shown: [Int: Shown] = [:]

    package init() {}

    /// When `elapsed` has something to switch; `nil` when nothing blinks.
    package var deadline: Uptime? {
        shown.values.compactMap(\.switchAt).min().map(Uptime.init(nanoseconds:))
    }

    /// What `line` shows; `nil` when it was never told.
    package func pattern(of line: Int) -> OutputPattern? { shown[line]?.pattern }

    /// Writes nothing when the pattern is already shown. With `reassert` it lights again at once and is
    /// written: the line may have forgotten, and a new alarm is heard without waiting for the next blink.
    package mutating func show(
        _ pattern: OutputPattern, on line: Int, now: Uptime, reassert: Bool = false
    ) -> [OutputWrite] {
        let before = shown[line]
        if let before, before.pattern == pattern, !reassert { return [] }
        let next = Shown(pattern, now: now)
        shown[line] = next
        if before?.active == next.active, !reassert { return [] }
        return [OutputWrite(line: line, active: next.active)]
    }

    package mutating func elapsed(now: Uptime) -> [OutputWrite] {
        var writes: [OutputWrite] = []
        for (line, state) in shown {
            guard let at = state.switchAt, now.nanoseconds >= at else { continue }
            shown[line]?.toggle(now: now)
            writes.append(OutputWrite(line: line, active: !state.active))
        }
        return writes
    }
}
