// SPDX-License-Identifier: Apache-2.0
import Facility

/// How late the frames of one stream came lately: each frame's arrival against its timestamp, as a distance
/// from the first one's. A value, memory made once. Always true: `late` is the lateness that only
/// `Limits.jitterLateCount` of a full window exceed.
package struct DelayWindow {
    private var distances: [Int32]
    private var worst: [Int32]
    private var next = 0
    private var count = 0
    private var base: Int64?
    private var untilCounted = 0
    /// µs against the first frame; nil: nothing came yet.
    package private(set) var late: Int?
    /// Of the quickest ones: what the network takes at least.
    package private(set) var early: Int?

    package init() {
        distances = Array(repeating: 0, count: Limits.jitterWindowCount)
        worst = Array(repeating: 0, count: Limits.jitterLateCount)
    }

    /// Where lateness counts from: µs of arrival less µs of the timestamp.
    package mutating func add(arrivalUs: Int64, timestampUs: Int64, lateCount: Int = Limits.jitterLateCount) {
        let transit = arrivalUs - timestampUs
        let start = base ?? transit
        base = start
        let distance = Int32(clamping: transit - start)
        distances[next] = distance
        next = (next + 1) % distances.count
        count = min(count + 1, distances.count)
        if late.map({ Int(distance) > $0 }) ?? true { untilCounted = 0 }
        untilCounted -= 1
        if untilCounted < 0 {
            recount(lateCount)
            untilCounted = Limits.jitterRecountCount
        }
    }

    /// The moment, in µs of arrival, at which a frame that is as late as the window allows is there.
    package func dueUs(timestampUs: Int64) -> Int64? {
        guard let base, let late else { return nil }
        return base + timestampUs + Int64(late)
    }

    package mutating func clear() {
        (next, count, base, late, early, untilCounted) = (0, 0, nil, nil, nil, 0)
    }

    private mutating func recount(_ lateCount: Int) {
        let kept = max(1, min(worst.count, count * lateCount / distances.count))
        for index in 0..<kept { worst[index] = .min }
        var least = Int32.max
        for index in 0..<count {
            let distance = distances[index]
            least = min(least, distance)
            guard distance > worst[kept - 1] else { continue }
            var at = kept - 1
            while at > 0, worst[at - 1] < distance {
                worst[at] = worst[at - 1]
                at -= 1
            }
            worst[at] = distance
        }
        late = Int(worst[kept - 1])
        early = Int(least)
    }
}
