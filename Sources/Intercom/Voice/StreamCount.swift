// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What RFC 3550 counts of one incoming stream: how many should have come, how unevenly. A value; time is an
/// argument. Always true: another source is taken only after several packets in order (its appendix A.1),
/// and not while the one that is heard still speaks.
package struct StreamCount: Hashable, Sendable {
    package private(set) var source: UInt32 = 0
    package private(set) var packets = 0
    /// Sequence numbers with their turns.
    package private(set) var highest: UInt32 = 0
    private var first: UInt32 = 0
    private var before = 0
    /// In ticks.
    package private(set) var jitter = 0.0
    private var transit: Double?
    private var heardAt = Uptime(nanoseconds: 0)
    private var candidate: (source: UInt32, sequence: UInt16, count: Int) = (0, 0, 0)

    package init() {}

    package static func == (a: Self, b: Self) -> Bool {
        a.source == b.source && a.packets == b.packets && a.highest == b.highest && a.jitter == b.jitter
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(packets)
    }

    /// How many packets should have come.
    package var expected: Int { before + (packets == 0 ? 0 : Int(highest &- first) + 1) }

    /// False: not of the stream that is being heard.
    package mutating func take(_ head: RTPPacket, at now: Uptime, clockRate: Int) -> Bool {
        if packets == 0 {
            begin(head)
        } else if head.source != source {
            guard head.source == candidate.source, head.sequence == candidate.sequence &+ 1 else {
                candidate = (head.source, head.sequence, 1)
                return false
            }
            candidate = (head.source, head.sequence, candidate.count + 1)
            guard candidate.count >= Limits.jitterStraysCount,
                now.ms(since: heardAt) >= Limits.otherSourceAfterMs
            else { return false }
            before = expected
            begin(head)
        }
        packets += 1
        heardAt = now
        let step = Int16(bitPattern: head.sequence &- UInt16(truncatingIfNeeded: highest))
        if step > 0 { highest &+= UInt32(step) }
        let arrival = Double(now.nanoseconds) * Double(clockRate) / 1e9
        // Both as they are: their difference alone counts, and turns of the timestamp show as a jump that is
        // left out.
        let moved = arrival.truncatingRemainder(dividingBy: 4_294_967_296) - Double(head.timestamp)
        if let transit, abs(moved - transit) < Double(clockRate) {
            jitter += (abs(moved - transit) - jitter) / 16
        }
        transit = moved
        return true
    }

    private mutating func begin(_ head: RTPPacket) {
        source = head.source
        first = 0x1_0000 + UInt32(head.sequence)
        highest = first
        (transit, jitter) = (nil, 0)
        if before > 0 { packets = before }
    }
}
