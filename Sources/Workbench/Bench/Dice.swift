// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility

/// Chance that a seed gives again (SplitMix64). A value.
package struct Dice: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    package mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    package mutating func within(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    package mutating func pick<Element>(_ all: [Element]) -> Element {
        all[Int.random(in: all.indices, using: &self)]
    }
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// What is to be done at which instant, while something else is waited for. On the thread that waits.
package struct Agenda {
    private var items: [(at: Uptime, act: () -> Void)] = []

    package init() {}

    package var isEmpty: Bool { items.isEmpty }

    package mutating func add(at: Uptime, _ act: @escaping () -> Void) {
        items.append((at, act))
        items.sort { $0.at < $1.at }
    }

    /// Does what is due.
    package mutating func doDue() {
        while let first = items.first, first.at <= .now {
            items.removeFirst()
            first.act()
        }
    }

    /// Does everything up to that instant, each at its own.
    package mutating func run(until end: Uptime) {
        while true {
            doDue()
            let now = Uptime.now
            guard now < end else { return }
            let next = min(items.first?.at ?? end, end)
            var none: [Int16] = []
            if next > now { _ = wp_poll([], &none, 0, Int64(next.nanoseconds - now.nanoseconds)) }
        }
    }
}

extension Uptime {
    func advanced(us: Int) -> Uptime { Uptime(nanoseconds: nanoseconds + UInt64(max(0, us)) * 1_000) }

    func us(since earlier: Uptime) -> Int {
        nanoseconds > earlier.nanoseconds ? Int((nanoseconds - earlier.nanoseconds) / 1_000) : 0
    }
}
