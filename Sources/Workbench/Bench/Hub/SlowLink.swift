// SPDX-License-Identifier: Apache-2.0
import CLinux
import CLoopback
import DeskLink
import Facility
import Foundation
import Synchronization

/// A line of so many bits a second between terminals and hub, as one TCP port: what is sent waits in one
/// queue for each direction, first come, first out, whichever connection it is of, as in a modem that favours
/// nobody.
///
/// A thread of its own ("link"); any thread asks for figures. Always true: at most `slowLinkQueueBytes` wait
/// in each direction; what lies beyond waits in the sender's socket.
final class SlowLink: Sendable {
    private struct Chunk {
        let bytes: [UInt8]
        let target: Int32
        let leavesAt: Uptime
    }

    /// One direction.
    private struct Lane {
        var chunks: [Chunk] = []
        var waitingBytes = 0
        var freeAt = Uptime(nanoseconds: 0)
        var carriedBytes = 0
    }

    private struct Shared {
        var isEnding = false
        var upBytes = 0
    }

    let port: UInt16
    private let hub: UInt16
    private let bitsPerSecond: Int
    private let listener: Int32
    private let shared = Mutex(Shared())
    private let ended = DispatchSemaphore(value: 0)

    init(to hub: UInt16, bitsPerSecond: Int) throws(Fault) {
        var port: UInt16 = 0
        listener = wp_loopback_listen(&port)
        guard listener >= 0 else {
            throw Fault(
                "make link", at: "127.0.0.1", cause: String(cString: strerror(-listener)),
                hint: "Check that the loopback interface is up: ip link show lo.")
        }
        self.port = port
        self.hub = hub
        self.bitsPerSecond = bitsPerSecond
        let thread = Thread { [self] in
            carry()
            ended.signal()
        }
        thread.name = "link"
        thread.start()
    }

    /// Bytes that the hub was given.
    var upBytes: Int { shared.withLock { $0.upBytes } }

    func end() {
        shared.withLock { $0.isEnding = true }
        ended.wait()
        close(listener)
    }

    // MARK: - The link's thread

    private func carry() {
        // Descriptor → its other end, and whether what comes from it goes up.
        var ends: [Int32: (other: Int32, isUp: Bool)] = [:]
        var lanes = [Lane(), Lane()]
        while !shared.withLock({ $0.isEnding }) {
            let now = Uptime.now
            for index in lanes.indices { release(&lanes[index], &ends, now) }
            let open = ends.filter { lanes[$0.value.isUp ? 0 : 1].waitingBytes < Limits.slowLinkQueueBytes }
            let descriptors = [listener] + open.keys
            var ready = [Int16](repeating: 0, count: descriptors.count)
            let next = lanes.compactMap(\.chunks.first?.leavesAt).min() ?? now.advanced(ms: 50)
            let wakeAt = min(max(next, now), now.advanced(ms: 50))
            _ = wp_poll(
                descriptors, &ready, descriptors.count, Int64(wakeAt.nanoseconds - now.nanoseconds))
            for (descriptor, bits) in zip(descriptors, ready) where bits != 0 {
                if descriptor == listener {
                    accept(&ends)
                } else if let end = ends[descriptor] {
                    take(from: descriptor, end.other, &lanes[end.isUp ? 0 : 1], &ends)
                }
            }
            shared.withLock { $0.upBytes = lanes[0].carriedBytes }
        }
        for descriptor in ends.keys { close(descriptor) }
    }

    private func accept(_ ends: inout [Int32: (other: Int32, isUp: Bool)]) {
        let near = wp_loopback_accept(listener)
        guard near >= 0 else { return }
        let far = wp_loopback_connect(hub)
        guard far >= 0 else {
            close(near)
            return
        }
        ends[near] = (far, true)
        ends[far] = (near, false)
    }

    private func take(
        from descriptor: Int32, _ target: Int32, _ lane: inout Lane,
        _ ends: inout [Int32: (other: Int32, isUp: Bool)]
    ) {
        // One packet's worth at a time, so that connections take turns as they do on a line.
        var buffer = [UInt8](repeating: 0, count: Limits.slowLinkPacketBytes)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else {
            for end in [descriptor, target] where ends.removeValue(forKey: end) != nil { close(end) }
            lane.chunks.removeAll { $0.target == target }
            return
        }
        let (now, bits) = (Uptime.now, count * 8)
        lane.freeAt = max(lane.freeAt, now).advanced(us: bits * 1_000_000 / bitsPerSecond)
        lane.waitingBytes += count
        lane.chunks.append(
            Chunk(bytes: Array(buffer[..<count]), target: target, leavesAt: lane.freeAt))
    }

    private func release(
        _ lane: inout Lane, _ ends: inout [Int32: (other: Int32, isUp: Bool)], _ now: Uptime
    ) {
        while let chunk = lane.chunks.first, chunk.leavesAt <= now {
            lane.chunks.removeFirst()
            lane.waitingBytes -= chunk.bytes.count
            lane.carriedBytes += chunk.bytes.count
            guard ends[chunk.target] != nil else { continue }
            // The other side's socket holds far more than one packet.
            if write(chunk.target, chunk.bytes, chunk.bytes.count) != chunk.bytes.count,
                let other = ends[chunk.target]?.other
            {
                for end in [chunk.target, other] where ends.removeValue(forKey: end) != nil { close(end) }
            }
        }
        lane.waitingBytes = lane.chunks.reduce(0) { $0 + $1.bytes.count }
    }
}
