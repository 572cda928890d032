// SPDX-License-Identifier: Apache-2.0

import Facility

/// Redundant audio data (RFC 2198): each packet carries the frames before it once more. Values; between our
/// own terminals, where a LAN can spare it.
///
///     |F=1 PT  offset 14 bits  length 10 bits| … |F=0 PT| oldest | … | newest |
package enum Redundancy {
    /// One frame in a packet: how many ticks before the packet's own timestamp, and where it lies.
    package struct Block: Hashable, Sendable {
        package var offset: Int
        package var bytes: Range<Int>
        package var payloadType: UInt8

        package init(offset: Int, bytes: Range<Int>, payloadType: UInt8) {
            self.offset = offset
            self.bytes = bytes
            self.payloadType = payloadType
        }
    }

    /// The frames of a payload, oldest first, into `blocks` (its first entries); how many.
    package static func read(
        _ bytes: [UInt8], payload: Range<Int>, into blocks: inout [Block]
    ) throws(PacketRefusal) -> Int {
        guard payload.upperBound <= bytes.count else { throw .tooShort }
        var at = payload.lowerBound
        var count = 0
        while true {
            guard at < payload.upperBound else { throw .wrongBlock }
            guard count < blocks.count else { throw .tooManyBlocks }
            let type = bytes[at] & 0x7f
            if bytes[at] & 0x80 == 0 {
                blocks[count] = Block(offset: 0, bytes: 0..<0, payloadType: type)
                at += 1
                count += 1
                break
            }
            guard at + 4 <= payload.upperBound else { throw .wrongBlock }
            let offset = Int(bytes[at + 1]) << 6 | Int(bytes[at + 2]) >> 2
            let length = Int(bytes[at + 2] & 3) << 8 | Int(bytes[at + 3])
            blocks[count] = Block(offset: offset, bytes: 0..<length, payloadType: type)
            at += 4
            count += 1
        }
        for index in 0..<count {
            let length = index == count - 1 ? payload.upperBound - at : blocks[index].bytes.count
            guard at + length <= payload.upperBound else { throw .wrongBlock }
            blocks[index].bytes = at..<at + length
            at += length
        }
        return count
    }

    package static let offsetMaxTicks = (1 << 14) - 1
    package static let blockMaxBytes = (1 << 10) - 1
}

/// The frames that were sent last, to be sent again with the next ones. A value of the sending thread; memory
/// is made once.
package struct RedundantFrames {
    private var bytes: [UInt8]
    private var frames: [(timestamp: UInt32, count: Int)]
    private var newest = 0
    private let slotBytes: Int

    /// Each packet carries the last `depth` frames again.
    package init(depth: Int, frameMaxBytes: Int = Limits.voiceFrameMaxBytes) {
        slotBytes = min(frameMaxBytes, Redundancy.blockMaxBytes)
        bytes = Array(repeating: 0, count: depth * slotBytes)
        frames = Array(repeating: (0, 0), count: depth)
    }

    /// Writes heads, old frames and the new one at `start` of `packet`; returns where it ends. Then remembers
    /// the new frame.
    package mutating func write(
        _ frame: [UInt8], count: Int, timestamp: UInt32, payloadType: UInt8, to packet: inout [UInt8],
        at start: Int
    ) -> Int {
        let depth = frames.count
        var at = start
        for age in stride(from: depth, to: 0, by: -1) {
            let slot = (newest + depth - age) % depth
            guard isSent(slot, before: timestamp) else { continue }
            let offset = Int(timestamp &- frames[slot].timestamp)
            let length = frames[slot].count
            packet[at] = 0x80 | payloadType
            packet[at + 1] = UInt8(truncatingIfNeeded: offset >> 6)
            packet[at + 2] = UInt8(truncatingIfNeeded: offset << 2) | UInt8(length >> 8)
            packet[at + 3] = UInt8(truncatingIfNeeded: length)
            at += 4
        }
        packet[at] = payloadType
        at += 1
        for age in stride(from: depth, to: 0, by: -1) {
            let slot = (newest + depth - age) % depth
            guard isSent(slot, before: timestamp) else { continue }
            for index in 0..<frames[slot].count { packet[at + index] = bytes[slot * slotBytes + index] }
            at += frames[slot].count
        }
        for index in 0..<count { packet[at + index] = frame[index] }
        remember(frame, count: count, timestamp: timestamp)
        return at + count
    }

    private func isSent(_ slot: Int, before timestamp: UInt32) -> Bool {
        let offset = Int(timestamp &- frames[slot].timestamp)
        return frames[slot].count > 0 && offset > 0 && offset <= Redundancy.offsetMaxTicks
    }

    private mutating func remember(_ frame: [UInt8], count: Int, timestamp: UInt32) {
        let kept = count <= slotBytes ? count : 0
        for index in 0..<kept { bytes[newest * slotBytes + index] = frame[index] }
        frames[newest] = (timestamp, kept)
        newest = (newest + 1) % frames.count
    }
}
