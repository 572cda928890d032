// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What a lamp or a buzzer shows.
package enum OutputPattern: UInt8, Sendable, CaseIterable {
    case off = 0
    case steady = 1
    case fastBlink = 2
    case slowBlink = 3

    /// Half a period; `nil` when it does not blink.
    var half: UInt64? {
        switch self {
        case .off, .steady: nil
        case .fastBlink: UInt64(Limits.fastBlinkHalfMs) * 1_000_000
        case .slowBlink: UInt64(Limits.slowBlinkHalfMs) * 1_000_000
        }
    }
}

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
/// Always true: a pattern that is not off lights at once; all blinking lines switch together, on the same
/// grid of the machine's uptime, so that many lamps cost one waking; nothing blinks, no waking.
package struct PatternDriver: Sendable {
    private struct Shown {
        var pattern: OutputPattern
        var active: Bool
        /// The half of the grid last looked at. The one a pattern begins in is lit, whichever it is.
        var half: UInt64
    }

    private var shown: [Int: Shown] = [:]

    package init() {}

    /// When `elapsed` has something to switch; `nil` when nothing blinks.
    package var deadline: Uptime? {
        var first: UInt64?
        for line in shown.values {
            guard let half = line.pattern.half else { continue }
            first = min(first ?? .max, (line.half + 1) * half)
        }
        return first.map(Uptime.init(nanoseconds:))
    }

    /// What `line` shows; `nil` when it was never told.
    package func pattern(of line: Int) -> OutputPattern? { shown[line]?.pattern }

    /// Writes nothing when the pattern is already shown, unless `reassert` (the line may have forgotten).
    package mutating func show(
        _ pattern: OutputPattern, on line: Int, now: Uptime, reassert: Bool = false
    ) -> [OutputWrite] {
        if let current = shown[line], current.pattern == pattern {
            return reassert ? [OutputWrite(line: line, active: current.active)] : []
        }
        let half = pattern.half.map { now.nanoseconds / $0 } ?? 0
        let before = shown[line]?.active
        let active = pattern != .off
        shown[line] = Shown(pattern: pattern, active: active, half: half)
        return before == active && !reassert ? [] : [OutputWrite(line: line, active: active)]
    }

    package mutating func elapsed(now: Uptime) -> [OutputWrite] {
        var writes: [OutputWrite] = []
        for (line, state) in shown {
            guard let length = state.pattern.half else { continue }
            let half = now.nanoseconds / length
            guard half > state.half else { continue }
            let active = half % 2 == 0
            shown[line]?.half = half
            guard active != state.active else { continue }
            shown[line]?.active = active
            writes.append(OutputWrite(line: line, active: active))
        }
        return writes
    }
}
