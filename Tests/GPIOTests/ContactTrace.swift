// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO

/// A small seeded generator (SplitMix64), so that a failing trace can be run again.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// What a contact truly did, in microseconds, and how the kernel and the agent came to see it.
struct ContactTrace {
    /// Alternating: closed, open, closed, …
    var changes: [UInt64] = []
    /// First closing of each contact that is owed as a press.
    var owed: [UInt64] = []
    private var clock: UInt64 = 1_000_000

    /// A contact of `solid` µs with up to `bounce` µs of chatter before and after.
    mutating func contact(solid: UInt64, bounce: UInt64, using random: inout SplitMix64) {
        owed.append(clock)
        changes.append(clock)
        chatter(bounce, using: &random)
        clock += solid
        changes.append(clock)
        chatter(bounce, using: &random)
    }

    /// One short contact, owed as nothing.
    mutating func glitch(_ length: UInt64) {
        changes.append(clock)
        clock += length
        changes.append(clock)
    }

    mutating func rest(_ length: UInt64) { clock += length }

    /// Leaves the contact as it found it.
    private mutating func chatter(_ length: UInt64, using random: inout SplitMix64) {
        let end = clock + UInt64.random(in: 0...length, using: &random)
        while true {
            let first = UInt64.random(in: 20...6_000, using: &random)
            let second = UInt64.random(in: 20...6_000, using: &random)
            guard clock + first + second < end else { return }
            changes.append(clock + first)
            changes.append(clock + first + second)
            clock += first + second
        }
    }

    func isClosed(at time: UInt64) -> Bool {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low % 2 == 1
    }

    var end: UInt64 { clock + 1_000_000 }
}

/// How a trace reaches the agent.
struct Delivery {
    /// An edge can be read this long after it happened.
    var latencyMax: UInt64 = 0
    var isNumbered = true
    /// Of a thousand edges, so many never arrive.
    var lossPerMille = 0
    /// The agent stands still in these spans and reads all at once afterwards.
    var stops: [ClosedRange<UInt64>] = []

    /// Runs a debounce over `trace` as the line thread would: woken by edges, deadlines and the level poll.
    func run(_ trace: ContactTrace, using random: inout SplitMix64) -> [ContactEvent] {
        var pending: [(due: UInt64, edge: EdgeEvent)] = []
        for (index, change) in trace.changes.enumerated() {
            if Int.random(in: 0..<1_000, using: &random) < lossPerMille { continue }
            let due = max(pending.last?.due ?? 0, change + UInt64.random(in: 0...latencyMax, using: &random))
            let edge = EdgeEvent(
                line: 0, active: index % 2 == 0, at: uptime(change),
                sequence: isNumbered ? UInt32(index + 1) : nil)
            pending.append((due, edge))
        }
        var debounce = Debounce()
        var events: [ContactEvent] = []
        var next = 0
        var poll: UInt64 = 0
        var now: UInt64 = 0
        while now < trace.end {
            while next < pending.count, pending[next].due <= now {
                let edge = pending[next].edge
                debounce.edge(active: edge.active, at: edge.at, sequence: edge.sequence, into: &events)
                next += 1
            }
            debounce.level(active: trace.isClosed(at: now), now: uptime(now), into: &events)
            debounce.elapsed(now: uptime(now), into: &events)
            poll = now + UInt64(Limits.levelPollMs) * 1_000
            var wake = min(poll, next < pending.count ? pending[next].due : .max)
            if let again = debounce.lookAgainAt { wake = min(wake, (again.nanoseconds + 999) / 1_000) }
            if let deadline = debounce.deadline { wake = min(wake, (deadline.nanoseconds + 999) / 1_000) }
            wake = max(wake, now + 1)
            for stop in stops where stop.contains(wake) { wake = stop.upperBound }
            now = wake
        }
        return events
    }

    private func uptime(_ microseconds: UInt64) -> Uptime { Uptime(nanoseconds: microseconds * 1_000) }
}

extension [ContactEvent] {
    /// Times of the presses, in microseconds.
    var presses: [UInt64] {
        compactMap { if case .pressed(let at, _) = $0 { at.nanoseconds / 1_000 } else { nil } }
    }
    var releases: Int { count { if case .released = $0 { true } else { false } } }
    var losses: Int { count { if case .edgesLost = $0 { true } else { false } } }
}
