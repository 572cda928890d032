// SPDX-License-Identifier: Apache-2.0
package import Facility

/// When something happened according to a wall clock, and how far that may be off.
package struct HonestWall: Hashable, Sendable {
    package let wallMs: Int64
    /// ± this.
    package let uncertaintyMs: UInt32

    package init(wallMs: Int64, uncertaintyMs: UInt32) {
        self.wallMs = wallMs
        self.uncertaintyMs = uncertaintyMs
    }
}

/// The true time of what a terminal recorded before it knew the time: counted back, by the uptime of the same
/// boot, from a moment at which the time was known. A value, one for each terminal.
///
/// Always true: the uncertainty holds the anchor's own and what the quartz may have drifted in between. What
/// carries a known time keeps it.
package struct HonestTime: Hashable, Sendable {
    private struct KnownBoot: Hashable {
        let boot: BootID
        var moments: [Moment]
    }

    /// The oldest first.
    private var known: [KnownBoot] = []

    package init() {}

    /// What was learnt, for a store to keep; learnt again in this order it says the same.
    package var anchors: [(boot: BootID, moment: Moment)] {
        known.flatMap { boot in boot.moments.map { (boot.boot, $0) } }
    }

    /// A moment of that boot; one without a known time teaches nothing.
    package mutating func learn(_ moment: Moment, of boot: BootID) {
        guard Self.isKnown(moment) else { return }
        if let told = wall(at: moment.uptime, boot: boot), told.uncertaintyMs <= moment.uncertaintyMs {
            return
        }
        guard let index = known.firstIndex(where: { $0.boot == boot }) else {
            if known.count == Limits.anchorBootsMaxCount { known.removeFirst() }
            known.append(KnownBoot(boot: boot, moments: [moment]))
            return
        }
        known[index].moments.append(moment)
        guard known[index].moments.count > Limits.anchorsMaxCount else { return }
        let moments = known[index].moments
        let worst = moments.indices.max { moments[$0].uncertaintyMs < moments[$1].uncertaintyMs }
        if let worst { known[index].moments.remove(at: worst) }
    }

    /// `nil` as long as nothing is known of that boot.
    package func wall(of moment: Moment, boot: BootID?) -> HonestWall? {
        if Self.isKnown(moment) {
            return HonestWall(wallMs: moment.wallMs, uncertaintyMs: moment.uncertaintyMs)
        }
        return boot.flatMap { wall(at: moment.uptime, boot: $0) }
    }

    private func wall(at uptime: Uptime, boot: BootID) -> HonestWall? {
        for one in known where one.boot == boot {
            // Asked for every entry of a drained month.
            var best: HonestWall?
            for anchor in one.moments {
                guard let told = Self.wall(at: uptime, from: anchor) else { continue }
                if told.uncertaintyMs < best?.uncertaintyMs ?? .max { best = told }
            }
            return best
        }
        return nil
    }

    private static func wall(at uptime: Uptime, from anchor: Moment) -> HonestWall? {
        let isLater = uptime > anchor.uptime
        let (early, late) = isLater ? (anchor.uptime, uptime) : (uptime, anchor.uptime)
        // At most 1.8e13: nothing below overflows but the anchor's own wall time.
        let apartMs = Int64((late.nanoseconds - early.nanoseconds) / 1_000_000)
        let (wallMs, isBeyond) = anchor.wallMs.addingReportingOverflow(isLater ? apartMs : -apartMs)
        let driftMs = (apartMs * Int64(Limits.clockDriftPpm) + 999_999) / 1_000_000 + 1
        let uncertaintyMs = Int64(anchor.uncertaintyMs) + driftMs
        guard !isBeyond, uncertaintyMs < Int64(Limits.wallUnknownMs) else { return nil }
        return HonestWall(wallMs: wallMs, uncertaintyMs: UInt32(uncertaintyMs))
    }

    private static func isKnown(_ moment: Moment) -> Bool {
        moment.uncertaintyMs != Limits.wallUnknownMs && moment.wallMs >= Limits.wallPlausibleFromMs
    }
}
