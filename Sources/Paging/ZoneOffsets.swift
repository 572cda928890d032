// SPDX-License-Identifier: Apache-2.0

/// The wall clock of one time zone, as a table that the tool compiled: no daemon reads zone files. A value;
/// any thread. Always true: transitions rise.
package struct ZoneOffsets: Hashable, Sendable {
    /// From this second of UTC on, the wall clock shows so many seconds more than UTC.
    package struct Transition: Hashable, Sendable {
        package var at: Int64
        package var offset: Int32

        package init(at: Int64, offset: Int32) {
            self.at = at
            self.offset = offset
        }
    }

    /// When a time of the wall clock is.
    package enum Reading: Hashable, Sendable {
        case once(Int64)
        /// The clock went back: it shows this time at both.
        case twice(Int64, Int64)
        /// The clock went forward over it: the first second after the gap, and where the time lies when one
        /// counts on by the clock from before it.
        case never(gapEnd: Int64, shifted: Int64)
    }

    /// `Asia/Shanghai`.
    package var name: String
    /// Before the first transition.
    package var first: Int32
    package let transitions: [Transition]

    /// nil: the transitions do not rise, or an offset is longer than 26 hours.
    package init?(name: String, first: Int32, transitions: [Transition]) {
        let offsets = [first] + transitions.map(\.offset)
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0.at < $1.at }),
            offsets.allSatisfy({ abs($0) <= Self.longest }),
            transitions.allSatisfy({ abs($0.at) < 1 << 40 })
        else { return nil }
        self.name = name
        self.first = first
        self.transitions = transitions
    }

    private static let longest: Int32 = 26 * 3_600

    package static let utc = ZoneOffsets(unchanging: "Etc/UTC", 0)

    private init(unchanging name: String, _ offset: Int32) {
        self.name = name
        first = offset
        transitions = []
    }

    /// Transitions at or before this second.
    private func count(until utc: Int64) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= utc { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func offset(after count: Int) -> Int32 { count == 0 ? first : transitions[count - 1].offset }

    package func offset(at utc: Int64) -> Int32 { offset(after: count(until: utc)) }
    package func local(_ utc: Int64) -> Int64 { utc + Int64(offset(at: utc)) }

    /// `local`: seconds of the wall clock since its 1970-01-01 00:00.
    package func reading(of local: Int64) -> Reading {
        let span = Int64(Self.longest)
        let from = count(until: local - span)
        let to = count(until: local + span)
        var found: [Int64] = []
        for index in from...to {
            let utc = local - Int64(offset(after: index))
            let begin = index == 0 ? Int64.min : transitions[index - 1].at
            let end = index == transitions.count ? Int64.max : transitions[index].at
            if begin <= utc, utc < end { found.append(utc) }
        }
        if let first = found.first, let last = found.last {
            return first == last ? .once(first) : .twice(first, last)
        }
        for index in from..<to {
            let change = transitions[index]
            let before = Int64(offset(after: index))
            if change.at + before <= local, local < change.at + Int64(change.offset) {
                return .never(gapEnd: change.at, shifted: local - before)
            }
        }
        // Every time is shown or skipped; were it neither, the clock in force is as good as any.
        return .once(local - Int64(offset(at: local)))
    }
}
