// SPDX-License-Identifier: Apache-2.0
package import Audio
import CLinux
package import Facility
import Synchronization

/// What the desk sees of a page's voice while the loudspeaker's thread hears it. Any thread.
package final class PageEar: Sendable {
    private let byGroup = Atomic(0)
    private let alone = Atomic(0)
    private let junk = Atomic(0)
    private let lastNs = Atomic<UInt64>(0)

    package init() {}

    /// Packets that came by the group, and as copies for this terminal alone.
    package var packets: (byGroup: Int, alone: Int) {
        (byGroup.load(ordering: .relaxed), alone.load(ordering: .relaxed))
    }
    /// Packets of somebody or something else.
    package var refused: Int { junk.load(ordering: .relaxed) }
    /// nil: nothing came yet.
    package var lastAt: Uptime? {
        let ns = lastNs.load(ordering: .acquiring)
        return ns > 0 ? Uptime(nanoseconds: ns) : nil
    }

    func came(isAlone: Bool, at now: Uptime) {
        if isAlone { alone.add(1, ordering: .relaxed) } else { byGroup.add(1, ordering: .relaxed) }
        lastNs.store(now.nanoseconds, ordering: .releasing)
    }

    func refuse() { junk.add(1, ordering: .relaxed) }
}

/// The voice of one page as a terminal hears it: by a group, by copies of its own, or both. One thread at a
/// time; nothing is allocated per packet. Always true: what is not of the announced source, or not sealed
/// with the page's key, or not from the configured sender, is counted and never heard.
///
///     group ──┐
///             ├─> sender ─> [SRTP] ─> RTP ─> Playout ─> Speaker
///     copies ─┘
package final class PageHearing: HeardVoice {
    /// Who is listened to.
    package struct Origin: Sendable {
        package var codec: PageCodec
        /// IPv4; 0: whoever sends to the group.
        package var host: UInt32
        /// nil: the first that speaks, until it is silent.
        package var source: UInt32?
        /// nil: plain RTP.
        package var key: [UInt8]?

        package init(codec: PageCodec, host: UInt32, source: UInt32? = nil, key: [UInt8]? = nil) {
            (self.codec, self.host, self.source, self.key) = (codec, host, source, key)
        }
    }

    package let ear: PageEar
    private let origin: Origin
    private let group: PagePort?
    private let own: PagePort?
    private let playout: Playout
    private let mediaGuard: MediaGuard
    private let loses: @Sendable () -> Bool
    private var stream = StreamCount()
    private var packet = [UInt8](repeating: 0, count: Limits.mediaPacketMaxBytes + 64)

    /// `group` nil: only copies; `own` nil: only the group. `loses`: this packet is lost; for benches.
    package init(
        _ origin: Origin, group: PagePort?, own: PagePort?, ear: PageEar, rateHz: Int,
        loses: @escaping @Sendable () -> Bool = { false }
    ) throws(Fault) {
        (self.origin, self.group, self.own, self.ear) = (origin, group, own, ear)
        self.loses = loses
        playout = Playout(
            codec: try origin.codec.made(rateHz: rateHz), choice: origin.codec.choice,
            frameMs: Limits.pagingFrameMs, rateHz: rateHz)
        if let key = origin.key {
            mediaGuard = try MediaGuard(suite: .aes128Bits80, key: key)
        } else {
            mediaGuard = MediaGuard()
        }
    }

    package var descriptors: (Int32, Int32) { (group?.descriptor ?? -1, own?.descriptor ?? -1) }

    package func receive() {
        if let group { receive(group, isAlone: false) }
        if let own { receive(own, isAlone: true) }
    }

    private func receive(_ port: PagePort, isAlone: Bool) {
        for _ in 0..<Limits.mediaPacketsPerTurnCount {
            var (host, from): (UInt32, UInt16) = (0, 0)
            let count = wp_udp_receive(
                port.descriptor, &packet, Limits.mediaPacketMaxBytes, &host, &from)
            guard count >= 0 else { return }
            guard !loses() else { continue }
            let now = Uptime(nanoseconds: wp_uptime_ns())
            if origin.host == 0 || origin.host == host, take(Int(count), at: now) {
                ear.came(isAlone: isAlone, at: now)
            } else {
                ear.refuse()
            }
        }
    }

    private func take(_ received: Int, at now: Uptime) -> Bool {
        guard let count = mediaGuard.open(&packet, count: received),
            let head = try? RTPPacket(packet, count: count),
            origin.codec.isCarried(as: head.payloadType),
            origin.source == nil || origin.source == head.source,
            stream.take(head, at: now, clockRate: origin.codec.choice.clockRate)
        else { return false }
        _ = playout.put(
            packet, start: head.payload.lowerBound, count: head.payload.count, sequence: head.sequence,
            timestamp: head.timestamp, at: now)
        return true
    }

    package func next(_ block: SampleBlock, count: Int) {
        playout.pull(block, count: count, at: Uptime(nanoseconds: wp_uptime_ns()))
    }

    package func played(_ mixed: SampleBlock, count: Int, soundsAtNs: UInt64, watch: CardWatch) {}
}
