// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Samples from one thread to another without a lock: one writes, one reads. Always true: nobody waits; what
/// does not fit is refused, what is not there is not read.
package final class FrameRing: Sendable {
    // SAFETY: written by the one writer between `taken` and `taken + capacity`, read by the one reader
    // between `taken` and `given`; the atomics order both.
    private nonisolated(unsafe) let memory: Samples
    private let mask: Int
    private let given = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)

    /// Holds at least `capacity` samples.
    package init(_ capacity: Int) {
        var size = 64
        while size < capacity { size *= 2 }
        mask = size - 1
        // A sample is read after it was written: seconds of zeros would only cost a call its time.
        memory = Samples.allocate(capacity: size)
    }

    deinit { memory.deallocate() }

    package var capacity: Int { mask + 1 }
    /// Samples that can be read now.
    package var count: Int { given.load(ordering: .acquiring) - taken.load(ordering: .acquiring) }

    /// The writer's. False, and nothing written, when it does not fit.
    package func write(_ samples: Samples, count: Int) -> Bool {
        let at = given.load(ordering: .relaxed)
        guard at + count - taken.load(ordering: .acquiring) <= capacity else { return false }
        let first = min(count, capacity - at & mask)
        (memory + (at & mask)).update(from: samples, count: first)
        memory.update(from: samples + first, count: count - first)
        given.store(at + count, ordering: .releasing)
        return true
    }

    /// The reader's. False, and nothing read, when there are fewer.
    package func read(_ samples: Samples, count: Int) -> Bool {
        let at = taken.load(ordering: .relaxed)
        guard given.load(ordering: .acquiring) - at >= count else { return false }
        let first = min(count, capacity - at & mask)
        samples.update(from: memory + (at & mask), count: first)
        (samples + first).update(from: memory, count: count - first)
        taken.store(at + count, ordering: .releasing)
        return true
    }

    /// The reader's: passes over what it does not want.
    package func skip(_ count: Int) {
        let at = taken.load(ordering: .relaxed)
        taken.store(at + min(count, given.load(ordering: .acquiring) - at), ordering: .releasing)
    }
}
