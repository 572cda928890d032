// SPDX-License-Identifier: Apache-2.0
package import Facility

/// How many alarms were raised in the last ten minutes, exact to a second, and whether that is a flood as
/// ANSI/ISA-18.2 defines it. A value without clock. Always true: its memory does not grow.
package struct FloodRate: Hashable, Sendable {
    /// One count for each second of the window, by the second modulo the window.
    private var counts = [Int](repeating: 0, count: Limits.floodWindowMs / 1_000)
    private var second: UInt64 = 0
    package private(set) var total = 0
    package private(set) var isFlood = false
    package let operators: Int

    package init(operators: Int = 1) { self.operators = max(1, operators) }

    package mutating func raised(now: Uptime) {
        elapsed(now: now)
        counts[Int(second % UInt64(counts.count))] += 1
        total += 1
        judge()
    }

    package mutating func elapsed(now: Uptime) {
        let reached = max(second, now.nanoseconds / 1_000_000_000)
        for gone in 0..<min(reached - second, UInt64(counts.count)) {
            let index = Int((reached - gone) % UInt64(counts.count))
            total -= counts[index]
            counts[index] = 0
        }
        second = reached
        judge()
    }

    /// Begins and ends at different rates, so that it does not flicker.
    private mutating func judge() {
        isFlood =
            isFlood
            ? total >= Limits.floodEndsCount * operators : total > Limits.floodBeginsCount * operators
    }
}
