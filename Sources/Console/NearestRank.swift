// SPDX-License-Identifier: Apache-2.0

/// Percentiles and shares as every report of the console computes them, so that anybody can do it again by
/// hand. Functions; any thread.
///
/// The p-th percentile of n values is the value with rank ⌈p·n/100⌉ when they are sorted upward, counted
/// from 1 (*nearest rank*): always a value that occurred, never one between two. The median is the 50th
/// percentile. A share is rounded down to four digits, so that 1 means all of them.
package enum NearestRank {
    package static func percentile(_ percent: Int, of values: [Int]) -> Int? {
        guard !values.isEmpty else { return nil }
        let rank = (percent * values.count + 99) / 100
        return values.sorted()[max(rank, 1) - 1]
    }

    package static func median(_ values: [Int]) -> Int? { percentile(50, of: values) }

    package static func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part * 10_000 / whole) / 10_000 : nil
    }
}
