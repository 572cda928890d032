// SPDX-License-Identifier: Apache-2.0
import Facility

/// How large the next batch may be, learnt from the ones before. A value, one for each class.
///
/// Always true: between `syncBatchMinBytes` and `syncBodyMaxBytes`, and never more than twice what was last
/// carried, so that a path that became slow is not flooded.
struct SyncPace: Hashable {
    /// What was too large for the hub or a proxy before it.
    private var ceilingBytes = Limits.syncBodyMaxBytes
    private var targetBytes = Limits.syncBatchFirstBytes
    /// The quickest answer to an empty batch: what an answer takes whatever it carries.
    private var emptyMs: Int?
    private var repliesSinceRaise = 0
    /// What the way last carried; nil: nothing was measured yet.
    private(set) var bytesPerSecond: Int?

    var batchBytes: Int { max(min(targetBytes, ceilingBytes), Limits.syncBatchMinBytes) }

    mutating func carried(bytes: Int, count: Int, ms: Int) {
        guard count > 0 else {
            emptyMs = min(emptyMs ?? ms, ms)
            return
        }
        // The path may have become quicker since: at least half of the time is the bytes'.
        let ownMs = max(ms - (emptyMs ?? 0), ms / 2, 1)
        let wanted = bytes * Limits.syncBatchMs / ownMs
        let measured = max(bytes * 1_000 / ownMs, Limits.syncSlowestSecondBytes)
        bytesPerSecond = bytes * 2 < targetBytes ? max(bytesPerSecond ?? 0, measured) : measured
        // A batch that was not full says little about larger ones and nothing against them.
        targetBytes =
            bytes * 2 < targetBytes ? max(targetBytes, min(wanted, bytes * 2)) : min(wanted, bytes * 2)
        targetBytes = min(max(targetBytes, Limits.syncBatchMinBytes), Limits.syncBodyMaxBytes)
        repliesSinceRaise += 1
        guard ceilingBytes < Limits.syncBodyMaxBytes, repliesSinceRaise >= Limits.syncRecoverCount else {
            return
        }
        repliesSinceRaise = 0
        ceilingBytes = min(ceilingBytes + ceilingBytes / 8, Limits.syncBodyMaxBytes)
    }

    /// One entry that left no quicker than the way was thought to carry; `tailMs`: from its last bytes to the
    /// answer. What it took is our own doing, so it is no measure, but for this: an answer that follows at
    /// once says that the way is quicker, one that comes late that it is slower.
    mutating func carriedHeldBack(bytes: Int, ms: Int, tailMs: Int) {
        guard let rate = bytesPerSecond else { return carried(bytes: bytes, count: 1, ms: ms) }
        let ownMs = tailMs - (emptyMs ?? 0)
        if ownMs <= Limits.syncAheadMs / 2 {
            bytesPerSecond = min(rate * 2, Limits.syncBodyMaxBytes * 1_000)
            targetBytes = min(max(targetBytes, bytes) * 2, Limits.syncBodyMaxBytes)
        } else if ownMs > Limits.syncAheadMs * 2 {
            carried(bytes: bytes, count: 1, ms: ms)
        }
    }

    /// False when it cannot become smaller.
    mutating func wasTooLarge(bytes: Int, count: Int) -> Bool {
        repliesSinceRaise = 0
        guard count > 1 else { return false }
        let isSmallest = batchBytes == Limits.syncBatchMinBytes
        ceilingBytes = max(min(bytes, ceilingBytes) / 2, Limits.syncBatchMinBytes)
        return !isSmallest
    }

    /// Perhaps it was too much for the path.
    mutating func wasLost() {
        targetBytes = max(targetBytes / 2, Limits.syncBatchMinBytes)
        bytesPerSecond = bytesPerSecond.map { max($0 / 2, Limits.syncSlowestSecondBytes) }
    }
}
