// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
package import GPIO

/// What a lamp or a buzzer has really been doing, read from the changes that its board saw. A value.
///
/// Always true: a pattern is named only when the changes prove it; too short a look is nil, never a guess.
package struct OutputReading: Sendable {
    package let active: Bool
    /// Oldest first, of this one line, since the look began.
    package let changes: [SimulatedBoard.OutputChange]
    package let changedAt: Uptime
    package let now: Uptime

    package init(active: Bool, changedAt: Uptime, changes: [SimulatedBoard.OutputChange], now: Uptime) {
        self.active = active
        self.changedAt = changedAt
        // A lamp that is told again what it shows has not changed.
        var last: Bool?
        self.changes = changes.filter { change in
            defer { last = change.active }
            return change.active != last
        }
        self.now = now
    }

    package init(_ board: SimulatedBoard, line: PointName, since index: UInt64) throws(Fault) {
        let output = try board.output(line.text)
        let lines = board.lines
        self.init(
            active: output.active, changedAt: output.changedAt,
            changes: board.outputChanges(since: index).filter { lines[$0.line].name == line }, now: .now)
    }

    /// First time that it went on since the look began; what was on already counts from then.
    package var litAt: Uptime? { changes.first { $0.active }?.at ?? (active ? changedAt : nil) }

    package var pattern: OutputPattern? {
        let quiet = now.ms(since: changedAt)
        if let half = half(matching: Limits.fastBlinkHalfMs), quiet < Limits.fastBlinkHalfMs * 3 {
            return half
        }
        if let half = half(matching: Limits.slowBlinkHalfMs), quiet < Limits.slowBlinkHalfMs * 3 / 2 {
            return half
        }
        if active, quiet > Limits.slowBlinkHalfMs * 5 / 4 { return .steady }
        if !active, quiet > Limits.slowBlinkHalfMs * 5 / 4 { return .off }
        return nil
    }

    /// The last two whole halves lasted about this long.
    private func half(matching length: Int) -> OutputPattern? {
        let times = changes.suffix(3).map(\.at)
        guard times.count == 3 else { return nil }
        let gaps = zip(times, times.dropFirst()).map { $1.ms(since: $0) }
        guard gaps.allSatisfy({ abs($0 - length) <= length * 2 / 5 }) else { return nil }
        return length == Limits.fastBlinkHalfMs ? .fastBlink : .slowBlink
    }
}
