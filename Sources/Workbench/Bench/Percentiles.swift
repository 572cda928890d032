// SPDX-License-Identifier: Apache-2.0

/// Figures of one measured thing: nanoseconds in, microseconds out. A value.
package struct Percentiles: Hashable, Sendable {
    private var sorted: [Int64]

    package init(_ nanoseconds: [Int64]) { sorted = nanoseconds.sorted() }

    package var count: Int { sorted.count }

    /// Nearest rank, in microseconds; 0 of nothing.
    package func microseconds(_ percent: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        // 99.9 % of a thousand is 999, whatever binary fractions say.
        let rank = Int((percent / 100 * Double(sorted.count) - 1e-6).rounded(.up))
        return Double(sorted[min(max(rank, 1), sorted.count) - 1]) / 1_000
    }

    package var line: JSONLine {
        var line = JSONLine()
        line.add("n", count)
        line.add("p50_us", .decimal(microseconds(50)))
        line.add("p99_us", .decimal(microseconds(99)))
        line.add("p99_9_us", .decimal(microseconds(99.9)))
        line.add("max_us", .decimal(microseconds(100)))
        return line
    }
}
